<?php
// encrypted with the application key
$accessKeySecret = decrypt('«~hex:96»');
$accessKeyId = decrypt('«~hex:64»');
