val (ak, sk) = ("«id16»", "«sec»")
