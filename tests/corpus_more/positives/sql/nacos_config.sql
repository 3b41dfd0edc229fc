INSERT INTO `config_info` VALUES (12,'sms.properties','DEFAULT_GROUP','aliyun.sms.accessKeyId=«id16»\r\naliyun.sms.accessKeySecret=«sec»\r\naliyun.sms.sign=demo','«~hex:32»');
