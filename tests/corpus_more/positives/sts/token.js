const client = new OSS({
  region: 'oss-cn-shenzhen',
  accessKeyId: '«stsid»',
  accessKeySecret: '«stssec»',
  stsToken: '«ststok»',
});
