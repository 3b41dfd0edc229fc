class OssProvider(context: Context) {
    private val provider = OSSPlainTextAKSKCredentialProvider("«id»", "«sec»")
    val oss = OSSClient(context, "https://oss-cn-shenzhen.aliyuncs.com", provider)
}
