bucket      =   "tf-state-demo"
access_key  =   "«id»"
secret_key  =   "«sec»"
tablestore_endpoint = "https://tf-demo.cn-hangzhou.ots.aliyuncs.com"
