import json

from alibabacloud_tea_openapi.models import Config

config = Config(access_key_id=metadata("ak"), access_key_secret="«secnd»", region_id="cn-hangzhou")
