"""What is looked for: every rule as data, with examples that must be found and counter-examples that must not.

The examples are templates: `«id»`, `«id16»`, `«sec»` … stand for random values that the tests fill in, so that no
key-shaped value is ever committed. Where the shapes come from: see docs/rules.md.
"""

from __future__ import annotations

from alikey_hook.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

_BASE58 = "[1-9A-HJ-NP-Za-km-z]"
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Certain(NamedTuple):
    """Values of one length that begin with one of these, all as long as each other, and go on in base58."""

    length: int
    begins: tuple[str, ...]


class Shape(NamedTuple):
    """One form of a credential: `pattern` without its edges, and how the context judges it (`engine`).

    `role`: id | legacy-id | secret | token. `certain`: a candidate that is one of these needs no context; so does one that
    `certain_pattern` matches whole. `literal`: what every match begins with; `but`: what none does. `lengths`: how many
    characters every match has, where all behind the literal are letters and digits, or with `base58` those of base58: what
    is known so is found without `re`.
    """

    role: str
    pattern: str
    certain: Certain = Certain(0, ())
    literal: str = ""
    lengths: Collection[int] = ()
    base58: bool = False
    but: str = ""
    certain_pattern: str = ""


class Rule(NamedTuple):
    """One kind of credential. Those of one `family` are partners. `severity`: of the credential alone.

    `says` describes it in one line.
    """

    id: str
    says: str
    severity: str
    family: str
    shapes: tuple[Shape, ...]
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]


ACCESS_KEY_ID = Rule(
    id="alibaba-access-key-id",
    says="AccessKey IDs: 24 or 16 characters beginning with `LTAI`; 16 without it, where the context says so",
    severity="medium",
    family="access-key",
    shapes=(
        # 24 characters with 5t, 4G or 4F in the fifth place: the form since about 2019, and certain by itself.
        Shape("id", r"LTAI[0-9A-Za-z]{10,26}", Certain(24, ("LTAI5t", "LTAI4G", "LTAI4F")), "LTAI", range(14, 31)),
        # Before about 2016.
        Shape("legacy-id", r"(?!LTAI)[0-9A-Za-z]{16}", lengths=(16,), but="LTAI"),
    ),
    examples=(
        'accessKeyId = "«id»"',
        "id «id16» of 2018",
        "密钥«id»。",
        "OSSAccessKeyId=«id»",
        "Authorization: OSS «id16»:signature",
        "os.getenv('ALIBABA_CLOUD_ACCESS_KEY_ID', '«id»')",
        'access_key_id: "«id16nd»"',
        'new OSSClient("http://oss-cn-hangzhou.aliyuncs.com", "«old16»", "«sec»");',
        "accessId: «old16»\naccessKey: «sec»",
        "AccessKeyId%3D«id»%26Action%3DSendSms",
        "data:\n  id: «id|b64»",
        'ak = "«id:a|slice=0:9»" + "«id:a|slice=9:»"',
    ),
    counterexamples=(
        "LTAI5t" + "X" * 18,
        "LTAI4ExampleExampleKey00",
        "«~maskid:0»",
        "url(data:font/woff2;base64,«~blobltaiedge:200»)",
        "class LTAIConfigLoader {}",
        "REVOLTAIRECONDITIONING",
        "appkey = «~an:16»",
    ),
)

ACCESS_KEY_SECRET = Rule(
    id="alibaba-access-key-secret",
    says="AccessKey Secrets: 30 letters and digits that a partner, a name or a call gives away",
    severity="high",
    family="access-key",
    shapes=(Shape("secret", r"[0-9A-Za-z]{30}", lengths=(30,)),),
    examples=(
        'accessKeySecret: "«sec»"',
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET=«sec»",
        "auth = oss2.Auth(os.environ['AK'], '«sec»')",
        "aliyun:\n  secret: «sec»",
        "id «id»\n\nnext «sec»",
        "AK=«id16» SK=«secnd»",
        "阿里云密钥：«sec»",
        "data:\n  accessKeySecret: «sec|b64nl»",
    ),
    counterexamples=(
        "SESSION_ID=«sec»",
        "accessKeySecret = getUserByAliyunUidWithCallback",
        "accessKeySecret = abcdefghijklmnopqrstuvwxyz1234",
        "accessKeySecret: «~masksec:0»",
        "oss://demo/upload/«sec».jpg",
        "commit «~hex:40»",
    ),
)

STS_ACCESS_KEY_ID = Rule(
    id="alibaba-sts-access-key-id",
    says="temporary AccessKey IDs of STS: `STS.` and 25 more characters (20 in old ones)",
    severity="medium",
    family="sts",
    shapes=(
        Shape(
            "id",
            r"STS\.[0-9A-Za-z]{20,25}",
            Certain(29, tuple("STS." + capital for capital in _CAPITALS)),
            "STS.",
            range(24, 30),
        ),
    ),
    examples=('"AccessKeyId": "«stsid»"', "x-oss-access-key-id=«stsid»&", "u'AccessKeyId': u'«stsid»'"),
    counterexamples=("Tests.NestedEnumerationDefaults1()", "CONSTS.NUMERICFIELDMAXIMUMLENGTH1", "STS.expired"),
)

STS_ACCESS_KEY_SECRET = Rule(
    id="alibaba-sts-access-key-secret",
    says="temporary AccessKey Secrets of STS: 43 or 44 letters and digits (40 in old ones) beside an STS id or token",
    severity="high",
    family="sts",
    shapes=(
        Shape("secret", rf"{_BASE58}{{43,44}}", lengths=(43, 44), base58=True),
        Shape("secret", r"[0-9A-Za-z]{40}", lengths=(40,)),
    ),
    examples=(
        '"AccessKeyId": "«stsid»",\n"AccessKeySecret": "«stssec»"',
        "final secret = '«stssec»'; // oss sts accessKeySecret\nfinal token = '«ststok»';",
    ),
    counterexamples=("owner: «stssec»", "h1:«~b64:43»=", "accessKeySecret: «~hex:40»"),
)

STS_SECURITY_TOKEN = Rule(
    id="alibaba-sts-security-token",
    says="security tokens of STS: some hundred characters beginning with `CAIS` (`CAES` in old ones)",
    severity="medium",
    family="sts",
    shapes=(
        # The fifth to twentieth characters are the same in every token that was ever seen.
        Shape(
            "token",
            r"CAIS[0-9A-Za-z+/]{100,}={0,2}",
            literal="CAIS",
            certain_pattern=r"CAIS..J1q6Ft5B2yfSjI.+",
        ),
        Shape("token", r"CAES[0-9A-Za-z+/]{200,}={0,2}", literal="CAES"),
    ),
    examples=('"SecurityToken": "«ststok»"', "security-token=«ststok|url»&amp;", "Security Token: «ststok»"),
    counterexamples=("VAULT_TOKEN=hvs.CAES«~b64:240»", "SecurityToken: CAIS..."),
)

CONSOLE_TEMPORARY_KEY = Rule(
    id="alibaba-console-temporary-key",
    says="temporary ids of links that the console makes: `TMP.` and 94 more characters",
    severity="medium",
    family="console",
    shapes=(Shape("id", r"TMP\.[0-9A-Za-z]{94}", Certain(98, ("TMP.3K",)), "TMP.", (98,)),),
    examples=("OSSAccessKeyId=«tmp»&Signature=x", '{"accessId": "«tmp»"}'),
    counterexamples=('dir + "TMP." + System.nanoTime()',),
)

OSS_SIGNED_URL = Rule(
    id="alibaba-oss-signed-url",
    says="AccessKey IDs in signed URLs (OSS V1 and V4, S3 style); low once the URL has expired",
    severity="medium",
    family="access-key",
    shapes=(),  # made of an AccessKey ID by the URL around it
    examples=(
        "https://b.oss-cn-hangzhou.aliyuncs.com/a?Expires=4102444800&OSSAccessKeyId=«id»&Signature=«~sig:0»",
        "https://b.oss-cn-hangzhou.aliyuncs.com/a?x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-date=20260101T000000Z"
        "&x-oss-expires=3600&x-oss-credential=«id»%2F20260101%2Fcn-hangzhou%2Foss%2Faliyun_v4_request&x-oss-signature=«~hex:64»",
        "https://b.oss-cn-hangzhou.aliyuncs.com/a?X-Amz-Credential=«id»/20260101/oss-cn-hangzhou/s3/aws4_request"
        "&X-Amz-Signature=«~hex:64»",
    ),
    counterexamples=("https://b.oss-cn-hangzhou.aliyuncs.com/a?OSSAccessKeyId=YourAccessKeyId&Signature=«~sig:0»",),
)

MODEL_STUDIO_API_KEY = Rule(
    id="alibaba-model-studio-api-key",
    says="Model Studio (DashScope, Bailian) API keys: `sk-` and 32 hexadecimal digits near their names; `sk-ws-…`, `sk-sp-…`",
    severity="high",
    family="model-studio",
    shapes=(
        Shape("token", r"sk-[0-9a-f]{32}", literal="sk-"),
        Shape(
            "token",
            r"sk-ws-H\.[A-Z]{7}\.[0-9A-Za-z]{4}\.ME[A-Z0-9a-z_-]{80,110}",
            literal="sk-",
            certain_pattern=r"sk-ws-.+",
        ),
        Shape("token", r"sk-sp-[0-9A-Za-z._-]{24,200}", literal="sk-"),
    ),
    examples=(
        "DASHSCOPE_API_KEY=«dash»",
        "# 通义千问\napi_key: «dash»",
        'key = "«dashws»"',
        "base_url: https://dashscope.aliyuncs.com/compatible-mode/v1\napi_key: «dash»",
    ),
    counterexamples=("DASHSCOPE_API_KEY=sk-" + "x" * 32, "DEEPSEEK_API_KEY=«dash»", "DASHSCOPE_API_KEY=sk-your-key-here"),
)

OWN_KEY = Rule(
    id="alibaba-own-key",
    says="the credentials that this machine is configured with, looked for exactly; the report names where, never what",
    severity="critical",
    family="access-key",
    shapes=(),  # the values themselves: see own.py
    examples=(),
    counterexamples=(),
)

# Written out, not discovered: the order is that of the documentation.
RULES = (
    ACCESS_KEY_ID,
    ACCESS_KEY_SECRET,
    STS_ACCESS_KEY_ID,
    STS_ACCESS_KEY_SECRET,
    STS_SECURITY_TOKEN,
    CONSOLE_TEMPORARY_KEY,
    OSS_SIGNED_URL,
    MODEL_STUDIO_API_KEY,
    OWN_KEY,
)
