// The AccessKey ID.
//
// example:
//
// LTAI********************
AccessKeyId *string `json:"AccessKeyId,omitempty" xml:"AccessKeyId,omitempty"`
// example:
//
// «~masksec:0»
AccessKeySecret *string `json:"AccessKeySecret,omitempty" xml:"AccessKeySecret,omitempty"`
