AK, SK = "«id»", "«sec»"  # oss
