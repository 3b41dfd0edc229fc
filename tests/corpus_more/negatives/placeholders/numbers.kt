val accessKeyId = "LTAI«~an:0»1234567890ABCDEF1234"
val accessKeySecret = "0123456789abcdefghijklmnopqrst"
val stsToken = "STS.«~an:0»0123456789abcdef"
