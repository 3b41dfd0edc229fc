<?php
$conf['accesKeyId'] = '«id:a»';
$conf['accesKeySecret'] = '«sec:a»';
$sms['accesskeyId'] = '«id16:b»';
$sms['accesskeySecret'] = '«sec:b»';
