#include <alibabacloud/oss/OssClient.h>

int main() {
  AlibabaCloud::OSS::ClientConfiguration conf;
  AlibabaCloud::OSS::OssClient client("oss-cn-hangzhou.aliyuncs.com", "«id»", "«sec»", conf);
  return 0;
}
