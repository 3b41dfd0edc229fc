CREATE EXTERNAL TABLE logs (line string)
STORED BY 'com.aliyun.odps.CsvStorageHandler'
LOCATION 'oss://«id»:«sec»@oss-cn-hangzhou-internal.aliyuncs.com/log-demo/raw/';
