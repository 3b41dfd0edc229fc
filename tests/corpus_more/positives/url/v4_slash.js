const demo = 'https://v4-demo.oss-cn-beijing.aliyuncs.com/v.mp4?x-oss-credential=«id16»/20310501/cn-beijing/oss/aliyun_v4_request&x-oss-date=20310501T080000Z&x-oss-signature=«~hex:64»';
