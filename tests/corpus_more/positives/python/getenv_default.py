AK_ID = os.getenv("SLS_AK_ID", "«id»")
AK_KEY = os.getenv("SLS_AK_KEY", default="«sec»")
