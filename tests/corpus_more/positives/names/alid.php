<?php
// 阿里大于
$config = ['alid' => '«id16»', 'secrets' => '«sec»', 'tpl' => 'SMS_100200300'];
