config := &openapi.Config{
	AccessKeyId:     tea.String("«id»"),
	AccessKeySecret: tea.String("«sec»"),
	Endpoint:        tea.String("alidns.cn-hangzhou.aliyuncs.com"),
}
