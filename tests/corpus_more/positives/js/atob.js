const client = new OSS({
  region: 'oss-cn-hangzhou',
  accessKeyId: atob('«id|b64»'),
  accessKeySecret: Buffer.from('«sec|b64»', 'base64').toString(),
});
