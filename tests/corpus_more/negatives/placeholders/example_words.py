IDS = ["LTAI4EXAMPLE123", "LTAI5tEXAMPLE«~digits:11»", "LTAI4example", "LTAI4expired«~digits:6»", "LTAIsecret", "LTAI5secret"]
STS = ["STS.expired", "STS.test", "AKIDEXAMPLE"]
NAMES = ["LTAI5tVe04«~an:0»TestAccessKey", "LTAI5tURITestAK«~digits:6»", "LTAI5tTestAccessKey«~digits:5»"]
