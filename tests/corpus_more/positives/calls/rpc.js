const rpc = new RPCClient({ accessKeyId: '«id»', accessKeySecret: '«sec»', endpoint: 'https://ecs.aliyuncs.com', apiVersion: '2014-05-26' });
