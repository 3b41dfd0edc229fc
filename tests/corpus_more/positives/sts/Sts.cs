var ak = "«stsid»";
var sk = "«stssec»";
var token = "«ststok»";
var client = new OssClient(endpoint, ak, sk, token);
