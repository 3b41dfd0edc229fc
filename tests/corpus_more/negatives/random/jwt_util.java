import com.aliyun.oss.OSS;

public class JwtUtils {
    public static final long EXPIRE = 1000 * 60 * 60 * 24;
    public static final String APP_SECRET = "«~an:30»";
}
