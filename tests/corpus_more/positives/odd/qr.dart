final config = {
  'accessId': '«old16»',
  'bucket': 'app-demo',
  'endpoint': 'oss-cn-hangzhou.aliyuncs.com',
  'accessKey': '«sec»',
};
