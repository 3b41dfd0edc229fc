echo pic-demo:«id16nd»:«sec» > /etc/passwd-ossfs
chmod 640 /etc/passwd-ossfs
ossfs pic-demo /mnt/pic -ourl=http://oss-cn-hangzhou.aliyuncs.com
