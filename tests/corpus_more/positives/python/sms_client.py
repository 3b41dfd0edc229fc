from aliyunsdkcore.client import AcsClient

client = AcsClient('«id»', '«sec»', 'cn-hangzhou')
