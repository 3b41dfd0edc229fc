resource "alicloud_instance" "web" {
  instance_id       = "i-bp1«~hex:17»"
  vswitch_id        = "vsw-bp1«~hex:17»"
  security_groups   = ["sg-bp1«~hex:17»"]
  image_id          = "aliyun_3_x64_20G_alibase_20310501.vhd"
  ram_role          = "acs:ram::«~digits:16»:role/demo-oss-role"
}
