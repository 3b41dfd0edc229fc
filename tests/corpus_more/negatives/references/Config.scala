val accessKeyId = sys.env("ALIBABA_CLOUD_ACCESS_KEY_ID")
val accessKeySecret = conf.getString("fs.oss.accessKeySecret")
spark.conf.set("spark.hadoop.odps.access.key", dbutils.secrets.get("aliyun", "odpsAccessKeySecretProduction"))
