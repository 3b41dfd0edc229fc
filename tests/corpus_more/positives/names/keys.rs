const HOST: &str = "alidns.aliyuncs.com";
const KEY_ID: &str = "«id16»";
const KEY_SECRET: &str = "«sec»";
