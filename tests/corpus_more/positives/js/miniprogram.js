const env = {
  uploadImageUrl: 'https://mini-demo.oss-cn-shenzhen.aliyuncs.com',
  OssAccesskeySercet: '«sec»',
  OSSAccessKeyId: '«id16»',
  timeout: 87600,
};
