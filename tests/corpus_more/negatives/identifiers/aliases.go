import (
	AlibabacloudTeaOpenapi20190815 "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	CloudSecurityCenterMgr20181203 "github.com/alibabacloud-go/sas-20181203/v3/client"
)

secret := ResourceCenterModels20221201Ex{AccessKeySecret: accessKeySecret}
