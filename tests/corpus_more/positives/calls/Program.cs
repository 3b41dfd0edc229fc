IClientProfile profile = DefaultProfile.GetProfile("cn-hangzhou", "«id»", "«sec»");
DefaultAcsClient client = new DefaultAcsClient(profile);
