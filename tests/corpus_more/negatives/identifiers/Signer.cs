var accessKeySecret = decodeBase64SecretFromK8sMount();
var secret = signV4RequestWithHmacSha256Key(secret, date);
var signature = utf8ToHmacSha256SignatureBytes(accessKeySecret);
var aliyun = awsSigV4ToOssS3CompatConverter;
