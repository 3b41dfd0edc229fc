oss = require 'ali-oss'
store = oss
  accessKeyId: '«id16»'
  accessKeySecret: '«sec»'
  region: 'oss-cn-hangzhou'
