<?php
use OSS\OssClient;

$client = new OssClient(
    '«id»',
    '«sec»',
    'oss-cn-hangzhou.aliyuncs.com'
);
