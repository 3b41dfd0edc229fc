aliyun configure set --mode AK --access-key-id LTAI5tXXXXXXXX --access-key-secret 8dXXXXXXXXXXXXXXXXXXXXXXXX
ossutil config -i LTAI4G«~an:0»XXXXXXXXXXXXXXXXXX -k XXXXXXXXXXXXXXXXXXXXXXXXXXXXXX
