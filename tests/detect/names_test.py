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


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("value", "generic"),
        ("string_value", "generic"),
        ("value_foo", ""),
        ("foo", ""),
        ("密", ""),
        ("token_secret", "other"),
        ("ak", "weak"),
        ("ak_foo", "weak"),
        ("ak-scret", "strong"),
        ("foo_scret", "weak"),
        ("scretfoo", ""),
        ("mysecretvalue", "weak"),
        ("appscriptx", "weak"),
        ("SECRET2", "weak"),
        ("a_k", "weak"),
        ("f_k", ""),
        ("s_k", "weak"),
        ("pass_word", "weak"),
        ("旧密钥", "weak"),
        ("sign", "other"),
        ("signed", ""),
        ("1", ""),
        ("$", ""),
    ],
)
def test_what_one_name_says(name: str, kind: str) -> None:
    assert names.classify(name) == kind


@pytest.mark.parametrize("name", ["secret", "key", "keyword", "takeaway", "mark", "akita", "id", "foo_id", "password"])
def test_says_no_accesskey_id(name: str) -> None:
    assert not names.names_id(name)


STRONG_NAME = "accessKeySecret"


@pytest.mark.parametrize(
    ("before", "after", "above", "label"),
    [
        pytest.param("", "", [], ("", False), id="nothing"),
        pytest.param("foo = ", "", [], ("", False), id="an unknown name"),
        pytest.param("foo = ", "", [STRONG_NAME], ("", False), id="an unknown name is a name"),
        pytest.param("value = ", "", [STRONG_NAME], ("strong", True), id="a name that says nothing is none"),
        pytest.param("value = ", "", ["string", "", STRONG_NAME], ("strong", True), id="the third line above"),
        pytest.param("Access Key Id: ", "", [], ("weak", True), id="three words"),
        pytest.param("AccessKey Secret: ", "", [], ("strong", True), id="two words"),
        pytest.param("access key scret: ", "", [], ("strong", True), id="three words, one misspelt"),
        pytest.param("access  key secret: ", "", [], ("weak", False), id="two blanks"),
        pytest.param(STRONG_NAME + " foo" * 11, "", [], ("strong", False), id="12 names"),
        pytest.param(STRONG_NAME + " foo" * 12, "", [], ("", False), id="13 names"),
        pytest.param(STRONG_NAME + " foo foo key", "", [], ("strong", False), id="a weak name behind 3 others"),
        pytest.param(STRONG_NAME + " foo foo foo key", "", [], ("weak", False), id="a weak name behind 4 others"),
        pytest.param(STRONG_NAME + " token", "", [], ("other", False), id="some other name behind"),
        pytest.param("token " + STRONG_NAME, "", [], ("strong", True), id="some other name before"),
        pytest.param("accessKeyId foo bar", "", [], ("weak", True), id="two unknown names behind an id's"),
        pytest.param("accessKeyId foo bar baz", "", [], ("weak", False), id="three unknown names behind an id's"),
        pytest.param("accessKeyId secret", "", [], ("weak", False), id="a secret's name behind an id's"),
        pytest.param("accessKeyId value string", "", [], ("weak", True), id="names that say nothing behind an id's"),
        pytest.param("secret = ", f" // {STRONG_NAME}", [], ("strong", False), id="a comment says more"),
        pytest.param(
            "accessKeyId = ", f" // {STRONG_NAME}", [], ("strong", True), id="a comment says more, and it stays an id"
        ),
        pytest.param("", f"-{STRONG_NAME}", [], ("strong", False), id="only a comment"),
        pytest.param("token = ", f" // {STRONG_NAME}", [], ("other", False), id="a comment does not take back"),
        pytest.param("secret = ", " // secret", [], ("weak", False), id="a comment that says no more"),
        pytest.param("secret = ", "-" * 45 + STRONG_NAME, [], ("strong", False), id="60 characters behind"),
        pytest.param("secret = ", "-" * 60 + STRONG_NAME, [], ("weak", False), id="more than 60 characters behind"),
        pytest.param(f"{STRONG_NAME} " + "-" * 104, "", [], ("strong", True), id="120 characters before"),
        pytest.param(f"{STRONG_NAME} " + "-" * 119, "", [], ("", False), id="more than 120 characters before"),
        pytest.param("secret x9UrlHQ2zTk4IVp7", "", [], ("weak", False), id="a value behind the name"),
        pytest.param("secret x9UrlHQ2zTk4IVp", "", [], ("other", False), id="too short for a value"),
        pytest.param("secret x9UrlHQ2zTk4_IVp7", "", [], ("other", False), id="no letter or digit in it"),
        pytest.param("secret getUrlByPathWithFile", "", [], ("other", False), id="an identifier behind the name"),
    ],
)
def test_labels(before: str, after: str, above: list[str], label: tuple[str, bool]) -> None:
    assert names.label(before, after, above) == label
