export ALIYUN_AK=LTAI-FAKE-DO-NOT-USE
export ALIYUN_AK2=LTAI_FAKE_KEY_FOR_TESTS
export ALIYUN_AK3=LTAI-test
export ALIYUN_SK=fake-secret-do-not-use-in-prod
