id<OSSCredentialProvider> credential =
    [[OSSPlainTextAKSKPairCredentialProvider alloc] initWithPlainTextAccessKey:@"«id»" secretKey:@"«sec»"];
OSSClient *client = [[OSSClient alloc] initWithEndpoint:kEndpoint credentialProvider:credential];
