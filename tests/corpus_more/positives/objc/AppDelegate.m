- (void)setUpStorage {
    [[XXUploadManager shared] setAliyunOssAccountInfo:@"«id16»" accessSecret:@"«sec»"];
}
