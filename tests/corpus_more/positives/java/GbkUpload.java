/** 阿里云对象存储上传，密钥暂时写死 */
public class GbkUpload {
    String 区域 = "华东一";
    String accessKeyId = "«id»"; // 访问密钥编号
    String accessKeySecret = "«sec»"; // 访问密钥
}
