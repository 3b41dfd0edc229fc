SMS = { host: 'dysmsapi.aliyuncs.com', key: ENV['SMS_KEY'], access_secret: '«sec»' }
