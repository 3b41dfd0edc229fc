<?php
// 阿里云 OSS
define('OSS_ACCESS_ID', '«id»');
define('OSS_ACCESS_KEY', '«sec»');
define('OSS_ENDPOINT', 'oss-cn-shanghai.aliyuncs.com');
