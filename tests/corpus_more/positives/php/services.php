<?php
return [
    'aliyun' => [
        'key' => env('ALIYUN_ACCESS_KEY_ID', '«id»'),
        'secret' => env('ALIYUN_ACCESS_KEY_SECRET', '«sec»'),
    ],
];
