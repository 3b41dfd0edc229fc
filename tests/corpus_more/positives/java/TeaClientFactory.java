import com.aliyun.teaopenapi.models.Config;

public class TeaClientFactory {
    static Config config() {
        return new Config().setAccessKeyId("«id»").setAccessKeySecret("«sec»").setEndpoint("dysmsapi.aliyuncs.com");
    }
}
