@Value("${aliyun.sms.access-key-id:«id»}")
private String keyId;
@Value("${aliyun.sms.access-key-secret:«sec»}")
private String keySecret;
