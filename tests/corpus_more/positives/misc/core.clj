(def oss-conf
  {:access-key-id "«id»"
   :access-key-secret "«sec»"
   :endpoint "oss-cn-hongkong.aliyuncs.com"})
