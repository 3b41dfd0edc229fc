UPDATE `sys_config` SET `value` = '«id16»' WHERE `name` = 'aliyun_access_key_id';
UPDATE `sys_config` SET `value` = '«sec»' WHERE `name` = 'aliyun_access_key_secret';
