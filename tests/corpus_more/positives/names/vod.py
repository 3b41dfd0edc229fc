accessKeyId = '«id»'
accessKeySercet = '«sec»'
client = init_vod_client(accessKeyId, accessKeySercet)
