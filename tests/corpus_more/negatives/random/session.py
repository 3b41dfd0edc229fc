SECRET_KEY = '«~an:20»#«~an:14»$«~an:14»'
HASHIDS_SALT = '«~an:30»'
ALIYUN_OSS_SECRET = os.environ['ALIYUN_OSS_SECRET']
