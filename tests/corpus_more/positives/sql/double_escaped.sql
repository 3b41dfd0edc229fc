INSERT INTO `storage` VALUES (3,'{\"type\":\"oss\",\"conf\":\"{\\\"accessKeyId\\\":\\\"«id»\\\",\\\"accessKeySecret\\\":\\\"«sec»\\\"}\"}');
