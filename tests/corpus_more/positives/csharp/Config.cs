var config = new AlibabaCloud.OpenApiClient.Models.Config
{
    AccessKeyId = "«id»",
    AccessKeySecret = "«sec»",
};
