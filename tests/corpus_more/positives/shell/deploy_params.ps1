$params = @{
    AccessKeyId     = '«id»'
    AccessKeySecret = '«sec»'
    RegionId        = 'cn-hangzhou'
}
Connect-AliyunAccount @params
