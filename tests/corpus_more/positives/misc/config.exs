config :waffle,
  storage: Waffle.Storage.AliyunOss

config :aliyun_oss,
  access_key_id: "«id»",
  access_key_secret: "«sec»"
