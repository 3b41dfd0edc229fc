package sms

import "github.com/aliyun/alibaba-cloud-sdk-go/services/dysmsapi"

func client() (*dysmsapi.Client, error) {
	return dysmsapi.NewClientWithAccessKey("cn-hangzhou", "«id»", "«sec»")
}
