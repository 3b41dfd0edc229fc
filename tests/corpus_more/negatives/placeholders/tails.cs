var a = "LTAI4Fxxxxxxxxxxxxx«~an:5»";
var b = "LTAI4F«~an:3»XXXXXXXXXXXXXXX";
var accessKeySecret = "«~an:5»xxxxxxxxxxxxxxxxxxxxxxxxx";
var accessKeySecret2 = "«~an:4»XXXXXXXXXXXXXXXXXXXXXXXXXX";
