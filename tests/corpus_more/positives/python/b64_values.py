import base64

AK = base64.b64decode("«id16|b64»").decode()
SK = base64.b64decode("«sec|b64»").decode()
auth = oss2.Auth(AK, SK)
