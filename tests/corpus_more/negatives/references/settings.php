<?php
return [
    'access_id' => env('ALIYUN_ACCESS_KEY_ID'),
    'access_key' => env('ALIYUN_ACCESS_KEY_SECRET', ''),
    'secret' => Config::ALIYUN_OSS_ACCESS_KEY_SECRET,
];
