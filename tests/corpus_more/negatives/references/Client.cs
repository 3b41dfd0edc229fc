public OssStore(string endpoint, string accessKeyId, string accessKeySecret, string securityToken = null)
{
    client = new OssClient(endpoint, accessKeyId, accessKeySecret, securityToken);
}
public string AccessKeySecret { get; set; } = string.Empty;
