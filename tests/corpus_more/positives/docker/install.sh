helm install logtail ./chart --set alibabacloud.accessKeyId=«id»,alibabacloud.accessKeySecret=«sec» \
  --set region=cn-hangzhou
