client = Aliyun::OSS::Client.new(
  :endpoint => 'https://oss-cn-hangzhou.aliyuncs.com',
  :access_key_id => '«id»',
  :access_key_secret => '«sec»')
