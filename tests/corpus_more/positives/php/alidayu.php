<?php
return array(
    'ALIDAYU_APPKEY' => '«id16»',
    'ALIDAYU_SECRET' => '«sec»',
    'ALIDAYU_TPL'    => 'SMS_100200300',
);
