const id = '«id:a|slice=0:8»' + '«id:a|slice=8:»';
const key = '«sec:b|slice=0:10»' + '«sec:b|slice=10:20»' + '«sec:b|slice=20:»';
const client = new OSS({ region: 'oss-cn-hangzhou', accessKeyId: id, accessKeySecret: key });
