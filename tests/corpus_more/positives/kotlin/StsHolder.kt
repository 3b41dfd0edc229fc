val provider = OSSStsTokenCredentialProvider(
    accessKeyId = "«stsid»",
    secretKeyId = "«stssec»",
    securityToken = "«ststok»",
)
