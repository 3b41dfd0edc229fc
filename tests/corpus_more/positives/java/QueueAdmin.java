CloudAccount account = new CloudAccount("«id16»", "«sec»", "http://1234567890123456.mns.cn-hangzhou.aliyuncs.com/");
MNSClient client = account.getMNSClient();
CloudQueue queue = client.getQueueRef("demo-queue");
