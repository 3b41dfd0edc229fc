ossutil64.exe config -e oss-cn-hangzhou.aliyuncs.com -i %OSS_ACCESS_KEY_ID% -k %OSS_ACCESS_KEY_SECRET%
set ALIYUN_SK=%~2
