package demo.sms;

import com.aliyuncs.DefaultAcsClient;
import com.aliyuncs.profile.DefaultProfile;

class SmsSender {
    private final DefaultAcsClient client = new DefaultAcsClient(
            DefaultProfile.getProfile("cn-hangzhou", "«id»", "«sec»"));
}
