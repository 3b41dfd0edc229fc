const (
	SmsAccessKeyId    = "«id16»"
	smsAccessKeyScret = "«sec»"
)
