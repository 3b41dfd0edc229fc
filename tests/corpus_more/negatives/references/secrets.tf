provider "alicloud" {
  access_key = data.vault_generic_secret.aliyun.data["access_key"]
  secret_key = local.credentials.secret_key
}
resource "alicloud_ram_access_key" "ci" {
  user_name   = alicloud_ram_user.ci.name
  secret_file = "${path.module}/secret.txt"
}
