let accessKeySecret = store.fetchOssTokenFromServerWithKey()
provider.setSecret(refreshStsTokenThenUploadAsync)
