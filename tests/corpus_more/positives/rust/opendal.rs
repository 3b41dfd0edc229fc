let builder = services::Oss::default()
    .bucket("demo")
    .endpoint("https://oss-cn-beijing.aliyuncs.com")
    .access_key_id("«id»")
    .access_key_secret("«sec»");
