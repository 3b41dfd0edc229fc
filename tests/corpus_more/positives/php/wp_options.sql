INSERT INTO `wp_options` VALUES (412,'oss_options','a:4:{s:6:"bucket";s:9:"blog-demo";s:11:"accessKeyId";s:16:"«id16»";s:15:"accessKeySecret";s:30:"«sec»";s:5:"nothumb";s:5:"false";}','yes');
