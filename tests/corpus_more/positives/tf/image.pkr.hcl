source "alicloud-ecs" "base" {
  access_key    = "«id16»"
  secret_key    = "«secnd»"
  region        = "cn-beijing"
  image_name    = "demo_base"
}
