package main

import "github.com/aliyun/aliyun-oss-go-sdk/oss"

func main() {
	client, err := oss.New("oss-cn-qingdao.aliyuncs.com", "«old16»", "«sec»")
	if err != nil {
		panic(err)
	}
	_ = client
}
