import com.demo.aliyun.AlibabaCloudCredentialsFactory;

class SecretsSpecificationLoaderTest {
    String accessKeySecret = AlibabaCloudCredentialsFactory.secret();
    void run() { uploadFileToOssBucketWithRetry(accessKeyId, accessKeySecret); }
}
