using Aliyun.OSS;

public static class OssUploader
{
    static readonly OssClient Client = new OssClient(@"https://oss-cn-hangzhou.aliyuncs.com", @"«id»", @"«sec»");
}
