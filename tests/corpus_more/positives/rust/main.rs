let client = OSS::new("«id»", "«sec»", "oss-cn-hangzhou.aliyuncs.com", "demo-bucket");
client.put_object_from_file("a.txt", "/tmp/a.txt", None, None)?;
