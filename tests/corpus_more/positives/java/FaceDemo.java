// 阿里大鱼 申请的 key
String APPKEY = "«id16nd»";
String secrectKey = "«sec»";
String SIGN = "示例";
