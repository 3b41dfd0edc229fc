curl -H 'Authorization: OSS4-HMAC-SHA256 Credential=«id:a»/20310501/cn-hangzhou/oss/aliyun_v4_request,Signature=«~hex:64»' "$URL"
curl -H 'Authorization: ACS3-HMAC-SHA256 Credential=«id:b»,SignedHeaders=host;x-acs-action,Signature=«~hex:64»' https://ecs.cn-hangzhou.aliyuncs.com/
