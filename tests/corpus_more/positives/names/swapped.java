private String secretKey = "«id16»";
private String accessKey = "«sec»";
private String endpoint = "http://oss-cn-hangzhou.aliyuncs.com";
