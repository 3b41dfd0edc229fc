request := ram.GetAccessKeyLastUsedIpsRequest{}
provider := credentials.NewStaticAKCredentialsProvider
secret := vault.GetOSSAccessKeySecretFromVault()
accessKey := ListAccessKeysForUserWithPages(ctx, user)
