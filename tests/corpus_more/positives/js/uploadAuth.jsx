const defaults = {
  up_action: 'https://avatar-demo.oss-cn-hangzhou.aliyuncs.com',
  up_username: '«id»',
  up_password: '«sec»',
};
