DefaultAcsClient client = InitObject.initVodClient("«id»", "«secnd»");
