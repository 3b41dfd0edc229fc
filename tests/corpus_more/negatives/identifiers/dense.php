<?php
$accessKeySecret = getSmsApiAkSkByTenantIdOrAppId($tenant);
$sk = queryAliYunOSSByIdAndAkOrSkTag($id);
$ak = SetAkSkForDnsAliYunApiV3Client($conf);
