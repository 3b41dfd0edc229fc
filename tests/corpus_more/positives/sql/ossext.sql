CREATE READABLE EXTERNAL TABLE ossexample (a text)
location('oss://oss-cn-hangzhou.aliyuncs.com prefix=demo/ id=«id16» key=«sec» bucket=ext-demo compressiontype=none');
