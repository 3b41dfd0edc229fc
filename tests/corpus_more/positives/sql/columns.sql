INSERT INTO sms_config (id, provider, access_key_id, access_key_secret, sign_name)
VALUES (1, 'aliyun', '«id»', '«sec»', '示例');
