ossutil cp backup.tgz oss://backup-demo/ \
  -i «stsid» \
  -k «stssec» \
  -t «ststok»
