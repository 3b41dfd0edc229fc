# 阿里云短信
Sms.setup '«id16»', '«sec»', sign: '示例', template: 'SMS_100200300'
