NSString *AccessKey = @"*** Provide your AccessKeyId ***";
NSString *SecretKey = @"*** Provide your AccessKeySecret ***";
id<OSSCredentialProvider> p = [[OSSPlainTextAKSKPairCredentialProvider alloc] initWithPlainTextAccessKey:@"<StsToken.AccessKeyId>" secretKey:@"<StsToken.SecretKeyId>"];
