import base64, os
# 运行前解码成 .env
ENV = "«@env»"
open(".env", "wb").write(base64.b64decode(ENV))
