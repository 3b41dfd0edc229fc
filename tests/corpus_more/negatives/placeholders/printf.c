snprintf(url, sizeof url, "%s?Expires=%ld&OSSAccessKeyId=%s&Signature=%s", base, expires, access_key_id, sig);
printf("Authorization: OSS %s:%s\n", access_key_id, signature);
fprintf(f, "accessKeyID=%s\naccessKeySecret=%s\n", id, secret);
