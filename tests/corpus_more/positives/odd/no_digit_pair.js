const akid = '«id16nd»';
const aksecret = '«secnd»';
new Core({ accessKeyId: akid, accessKeySecret: aksecret, endpoint: 'https://vod.cn-shanghai.aliyuncs.com' });
