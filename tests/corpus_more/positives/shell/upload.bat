@echo off
rem 上传到阿里云
set ALIYUN_AK=«id16»
set ALIYUN_SK=«sec»
ossutil64.exe cp dist oss://site-demo/ -r -i %ALIYUN_AK% -k %ALIYUN_SK%
