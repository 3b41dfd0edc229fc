var (
	ak = flag.String("ak", "«id»", "aliyun access key")
	sk = flag.String("sk", "«sec»", "aliyun secret key")
)
