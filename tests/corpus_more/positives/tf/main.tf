provider "alicloud" {
  region     = "cn-hangzhou"
  access_key = "«id»"
  secret_key = "«sec»"
}
