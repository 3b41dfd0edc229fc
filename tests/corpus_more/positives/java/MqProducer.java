Properties properties = new Properties();
properties.put(PropertyKeyConst.GROUP_ID, "GID_demo");
properties.put(PropertyKeyConst.AccessKey, "«id»");
properties.put(PropertyKeyConst.SecretKey, "«sec»");
properties.put(PropertyKeyConst.NAMESRV_ADDR, "http://MQ_INST_demo.cn-hangzhou.mq-internal.aliyuncs.com:8080");
