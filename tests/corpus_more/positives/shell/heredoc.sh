cat > ~/.ossutilconfig <<CONF
[Credentials]
accessKeySecret=«sec»
accessKeyID=«id16»
CONF
