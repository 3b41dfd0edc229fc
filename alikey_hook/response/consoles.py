"""Where in Alibaba Cloud's consoles a credential is made worthless."""

RAM_USER_KEYS = "https://ram.console.aliyun.com/users"
ROOT_KEYS = "https://ram.console.aliyun.com/profile/access-keys"
MODEL_KEYS = "https://bailian.console.aliyun.com/?tab=model#/api-key"
