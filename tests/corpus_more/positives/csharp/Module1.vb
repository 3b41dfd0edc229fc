Module Module1
    Const AkID As String = "«id16»"
    Const AkSecret As String = "«sec»"
    ' bucket: invoice-demo, oss-cn-shenzhen
End Module
