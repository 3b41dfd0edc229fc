OSS oss = new OSSClientBuilder().build(
        "https://oss-cn-beijing.aliyuncs.com",
        "«id16»",
        "«sec»");
oss.putObject("report-demo", "2031/a.pdf", new File("a.pdf"));
