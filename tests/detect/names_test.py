"""What a name says of its value."""

import pytest

from alikey_hook.detect import names

STRONG = """accessKeySecret AccessKeySecret access_key_secret ACCESS_KEY_SECRET access-key-secret accessSecret access_secret
OSS_ACCESS_KEY_SECRET ALIBABA_CLOUD_ACCESS_KEY_SECRET ALICLOUD_SECRET_KEY aliyun_secret_key aliyunAccessKeySecret keysecret
keySecret KEY_SECRET ossKeySecret akSecret AK_SECRET Ali_Secret SAVED_Ali_Secret aliSecret aliyunSecret AliYun_Secret
fs.oss.accessKeySecret secret_access_key SecretAccessKey ALIDAYU_SECRET ALIYUN_SK UPTOC_UPLOADER_KEYSECRET OSS_SK
accessKeySercet accessKeySecert accessKeySecrect accessKeySerect accessKeyScret accesKeySecret acessKeySecret
accesskeySecret accessSercet ACCESS_SECRT OssAccesskeySercet oss-accesss-key-secret 阿里云密钥 访问密钥""".split()
WEAK = """secret SECRET secretKey SECRET_KEY secret-key sk SK AS appsecret access_key ACCESS_KEY accessKey pwd password pass
sms_appScript sectrt secrets 密钥 秘钥 金鑰 憑證""".split()
OTHER = """SESSION_ID jwt.secret token nonce Signature commit_secret_hash objectKey fileKey csrfToken requestId etag
image_key OSS_CALLBACK_JWT""".split()
IDS = """accessKeyId AccessKeyId access-key ACCESS_KEY_ID access_key_id accessKey AK ak OSS_ACCESS_KEY_ID
ALICLOUD_ACCESS_KEY keyId KEY_ID akId Ali_Key OSSAccessKeyId fs.oss.accessKeyId acessKeyID accesKeyId""".split()


@pytest.mark.parametrize("name", STRONG)
def test_says_accesskey_secret(name: str) -> None:
    assert names.classify(name) == "strong"


@pytest.mark.parametrize("name", WEAK)
def test_may_be_a_secret(name: str) -> None:
    assert names.classify(name) == "weak"


@pytest.mark.parametrize("name", OTHER)
def test_says_something_else(name: str) -> None:
    assert names.classify(name) == "other"


@pytest.mark.parametrize("name", IDS)
def test_says_accesskey_id(name: str) -> None:
    assert names.names_id(name)


@pytest.mark.parametrize(
    ("before", "after", "above", "secret"),
    [
        pytest.param('accessKeySecret = "', '"', "", "strong", id="assignment"),
        pytest.param('<property name="accessKeySecret" value="', '"/>', "", "strong", id="XML attribute"),
        pytest.param("<value>", "</value>", "<name>fs.oss.accessKeySecret</name>", "strong", id="XML, name above"),
        pytest.param("// ", "", "// AccessKey Secret", "strong", id="comment, name above"),
        pytest.param("final secret = '", "'; // oss sts accessKeySecret", "", "strong", id="comment behind"),
        pytest.param('os.getenv("OSS_ACCESS_KEY_SECRET", "', '")', "", "strong", id="default of a look-up"),
        pytest.param("sk: ${OSS_SK:-", "}", "", "strong", id="shell default"),
        pytest.param("secret: ", "", "accessKeySecret:", "weak", id="the line itself comes first"),
        pytest.param("SESSION_ID=", "", "accessKeySecret:", "other", id="a name of something else"),
        pytest.param("'", "'", "", "", id="no name at all"),
        pytest.param('Account("x9UrlHQ2zTk4IVp7", "', '"', "", "", id="a value that has Url and IV in it"),
    ],
)
def test_the_nearest_telling_name_decides(before: str, after: str, above: str, secret: str) -> None:
    assert names.label(before, after, [above]).secret == secret


def test_alibaba_words_are_near_or_not() -> None:
    text = "aliyun\n" + "x\n" * 10 + "here\n" + "y" * 2000 + "there"
    words = names.Words(text, names.ALIBABA)
    assert words.near(text.index("here"))
    assert not words.near(text.index("there"))
