Sys.setenv(
  ALIYUN_ACCESS_KEY_ID = "«id»",
  ALIYUN_ACCESS_KEY_SECRET = "«sec»"
)
bucket <- oss.bucket("oss://demo-r")
