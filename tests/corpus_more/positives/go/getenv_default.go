keyID := getEnv("OSS_ACCESS_KEY_ID", "«id16»")
keySecret := getEnv("OSS_ACCESS_KEY_SECRET", "«sec»")
client, err := oss.New(getEnv("OSS_ENDPOINT", "oss-cn-beijing.aliyuncs.com"), keyID, keySecret)
