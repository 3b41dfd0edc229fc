let ACESSKEYID = "«id»"
let accessKeySecre = "«sec»"
