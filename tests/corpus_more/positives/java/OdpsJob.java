import com.aliyun.odps.account.AliyunAccount;

Account account = new AliyunAccount("«old16»", "«sec»");
Odps odps = new Odps(account);
odps.setDefaultProject("dw_demo");
