c := push.NewClient("«id16»", "«sec»")
