accessKeyId = None
accessKeySecret = None
self.access_key_id = access_key_id
self.access_key_secret = access_key_secret
client = AcsClient(ak=accessKeyId, secret=accessKeySecret, region_id='cn-hangzhou')
