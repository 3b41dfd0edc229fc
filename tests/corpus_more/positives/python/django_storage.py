# DEFAULT_FILE_STORAGE = 'aliyun_oss2_storage.backends.AliyunMediaStorage'
ALIYUNU_ACCESS_ID = "«id:a»"
OSS_ACCESS_KEY = "«sec»"
# rotated on 2031-02-01, still in use: «id:a»
