cfg := oss.LoadDefaultConfig().
	WithRegion("cn-hangzhou").
	WithCredentialsProvider(credentials.NewStaticCredentialsProvider("«id»", "«sec»", ""))
