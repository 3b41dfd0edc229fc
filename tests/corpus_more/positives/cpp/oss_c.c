aos_str_set(&options->config->endpoint, "oss-cn-beijing.aliyuncs.com");
aos_str_set(&options->config->access_key_id, "«id16»");
aos_str_set(&options->config->access_key_secret, "«sec»");
