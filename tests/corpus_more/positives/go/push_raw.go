var cred = `{"AccessKeyId":"«id16»","AccessKeySecret":"«sec»"}`

client := push.NewClient(cred)
