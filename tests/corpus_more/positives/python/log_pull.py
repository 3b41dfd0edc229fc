client = LogClient(
    endpoint="cn-hangzhou.log.aliyuncs.com",
    accessKeyId="«id»",
    accessKey="«sec»",
)
