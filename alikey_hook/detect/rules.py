"""What is looked for: every rule as data, with examples that must be found and counter-examples that must not.

The examples are templates: `«id»`, `«id16»`, `«sec»` … stand for random values that the tests fill in, so that no
key-shaped value is ever committed.
"""

from __future__ import annotations

from typing import NamedTuple


class Rule(NamedTuple):
    """One kind of credential.

    `pattern`: what a candidate looks like, without its edges. `certain`: a candidate that this matches whole needs no
    context. `role`: how context judges it (`engine`). Credentials of one `family` are partners: an id and its secret.
    `severity`: of the credential alone; a pair is critical.
    """

    id: str
    title: str
    role: str
    family: str
    pattern: str
    certain: str
    severity: str
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]


ACCESS_KEY_ID = Rule(
    id="alibaba-access-key-id",
    title="AccessKey ID",
    role="id",
    family="access-key",
    pattern=r"LTAI[0-9A-Za-z]{10,26}",
    # The current form; since about 2019, and the only one that is certain by its shape.
    certain=r"LTAI(?:5t|4G|4F)[1-9A-HJ-NP-Za-km-z]{18}",
    severity="medium",
    examples=(
        'accessKeyId = "«id»"',
        "id «id16» of 2018",
        "密钥«id»。",
        "https://b.oss-cn-hangzhou.aliyuncs.com/a?Expires=1&OSSAccessKeyId=«id»&Signature=x",
        "Authorization: OSS «id16»:signature",
        "os.getenv('ALIBABA_CLOUD_ACCESS_KEY_ID', '«id»')",
        'access_key_id: "«id16nd»"',
    ),
    counterexamples=(
        "LTAI5t" + "X" * 18,
        "LTAI4ExampleExampleKey00",
        "«~maskid:0»",
        "url(data:font/woff2;base64,«~blobltaiedge:200»)",
        "class LTAIConfigLoader {}",
        "REVOLTAIRECONDITIONING",
    ),
)

ACCESS_KEY_SECRET = Rule(
    id="alibaba-access-key-secret",
    title="AccessKey Secret",
    role="secret",
    family="access-key",
    pattern=r"[0-9A-Za-z]{30}",
    certain="",
    severity="high",
    examples=(
        'accessKeySecret: "«sec»"',
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET=«sec»",
        "auth = oss2.Auth(os.environ['AK'], '«sec»')",
        "aliyun:\n  secret: «sec»",
        "id «id»\n\nnext «sec»",
        "AK=«id16» SK=«secnd»",
        "阿里云密钥：«sec»",
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

# Written out, not discovered: the order is that of the reports and of the documentation.
RULES = (ACCESS_KEY_ID, ACCESS_KEY_SECRET)
