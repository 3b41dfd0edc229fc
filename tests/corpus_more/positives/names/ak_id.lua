local conf = { ak_id = "«id»", ak_secret = "«sec»", project = "nginx-log" }
