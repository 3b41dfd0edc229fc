<?php
$profile = DefaultProfile::getProfile("cn-hangzhou", "«id16»", "«sec»");
DefaultProfile::addEndpoint("cn-hangzhou", "cn-hangzhou", "Dysmsapi", "dysmsapi.aliyuncs.com");
