variable "access_key" {
  type    = string
  default = "«id16»"
}

variable "secret_key" {
  type    = string
  default = "«sec»" # aliyun
}
