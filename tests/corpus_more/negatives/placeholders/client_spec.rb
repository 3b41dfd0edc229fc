let(:client) { Aliyun::OSS::Client.new(access_key_id: 'test_access_key_id', access_key_secret: 'test-ak-secret') }
let(:other) { Client.new(access_key_id: 'testAKID', access_key_secret: 'test-access-key-secret') }
let(:third) { Client.new(access_key_id: 'foo', access_key_secret: 'bar') }
let(:fourth) { Client.new(access_key_id: '123', access_key_secret: '456') }
let(:fifth) { Client.new(access_key_id: 'akid', access_key_secret: 'aksecret') }
