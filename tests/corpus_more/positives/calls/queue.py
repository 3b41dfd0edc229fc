account = Account("http://1234567890123456.mns.cn-hangzhou.aliyuncs.com", "«id:a»", "«sec:a»", "")
ots = OTSClient('https://demo.cn-hangzhou.ots.aliyuncs.com', '«id16:b»', '«sec:b»', 'demo')
