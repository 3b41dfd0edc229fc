<?php
return [
    'disks' => [
        'oss' => [
            'driver' => 'oss',
            'access_id' => '«id16»',
            'access_key' => '«sec»',
            'bucket' => 'shop-demo',
        ],
    ],
];
