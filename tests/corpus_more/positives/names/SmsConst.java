public interface SmsConst {
    String ACCESSKEYID = "«id»";
    String accessKeySecrect = "«sec»";
}
