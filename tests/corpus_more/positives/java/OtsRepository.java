// 表格存储
private final SyncClient ots = new SyncClient(
    "https://demo.cn-shanghai.ots.aliyuncs.com", "«id16»", "«secnd»", "demo-instance");
