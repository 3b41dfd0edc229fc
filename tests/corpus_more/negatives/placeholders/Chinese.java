// 阿里云账号的访问密钥，填写自己的
String accessKeyId = "填写您的AccessKey ID";
String accessKeySecret = "填写您的AccessKey Secret";
