ALICLOUD_ACCESS_KEY=«id» \
ALICLOUD_SECRET_KEY=«sec» \
lego --email ops@example.com --dns alidns --domains example.com run
