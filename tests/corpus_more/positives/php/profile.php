<?php
$ak = $opts['ak'] ?: '«id»';
$sk = isset($opts['sk']) ? $opts['sk'] : '«sec»';
DefaultProfile::getProfile('cn-hangzhou', $ak, $sk);
