<?php
class AliSms
{
    public static $key = '«old16»';
    public static $secret = '«sec»';
    public static $host = 'dysmsapi.aliyuncs.com';
}
