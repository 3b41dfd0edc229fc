const prod = process.env.NODE_ENV === 'production';
module.exports = {
  accessKeyId: prod ? '«id:p»' : '«id:t»',
  accessKeySecret: prod ? '«sec:p»' : '«sec:t»',
  bucket: prod ? 'web-prod' : 'web-test',
};
