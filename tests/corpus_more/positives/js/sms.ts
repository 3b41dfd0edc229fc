import * as $OpenApi from '@alicloud/openapi-client';

export const config = new $OpenApi.Config({ accessKeyId: '«id»', accessKeySecret: '«sec»' });
config.endpoint = 'dysmsapi.aliyuncs.com';
