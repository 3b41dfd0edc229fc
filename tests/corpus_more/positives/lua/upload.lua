local oss = require "resty.oss"

local client = oss.new({
    accessKey = "«id16»",
    secretKey = "«sec»",
    endpoint = "oss-cn-beijing.aliyuncs.com",
    bucket = "log-demo",
})
