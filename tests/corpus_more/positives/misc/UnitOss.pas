unit UnitOss;
// 对象存储
const
  AccessId  = '«id16»';
  AccessKey = '«sec»';
  Host      = 'oss-cn-shenzhen.aliyuncs.com';
