#define KOSSAccessKey  @"«id»"
#define KOSSSecretKey  @"«sec»"
#define KOSSEndPoint   @"https://oss-cn-hangzhou.aliyuncs.com"
