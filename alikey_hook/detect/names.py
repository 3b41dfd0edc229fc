"""What the words around a value say it is: the name it is assigned to, the call it is passed to, Alibaba words near by."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple

from alikey_hook.detect import shape

# Names as people write them: words joined by `_`, `-`, `.` or camel case, in Latin or Chinese letters.
_NAME = re.compile(r"[A-Za-z一-鿿](?:[\w$一-鿿]|[.\-](?=[A-Za-z0-9_]))*")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[一-鿿]+")
_SECRET = "s[cert]{3,6}"  # secret and its misspellings: sercet, secert, secrect, scret, sectrt

_STRONG_SECRET = re.compile(
    rf"acc?es+(?:key)?{_SECRET}|{_SECRET}accesskey|key(?:id)?{_SECRET}"
    rf"|(?:ali|oss|odps|sls|sms|dayu|vod)[a-z]{{0,12}}{_SECRET}|(?:ali[a-z]{{0,6}}|oss|sls|odps|sms)sk$"
    r"|阿里云?.{0,4}(?:密钥|秘钥|密码)|访问密钥|訪問金鑰"
)
_STRONG_ID = re.compile(
    r"acc?es+(?:key)?id|accesskey|(?:^|[^a-z])ak(?:id)?$|keyid|(?:ali|oss|odps|sls|sms)[a-z]{0,8}(?:id|key|ak)$"
)
_PHRASE = re.compile(rf"(?i)access ?key ?(id|{_SECRET})")  # as documentation and the console write it
_WEAK_SECRETS = frozenset("sk as key keys pwd passwd password pass pw ak aksk accesskey secretkey".split())
_WEAK_CHINESE = re.compile("密钥|秘钥|密码|金鑰|憑證|密碼|密匙")
_WEAK = re.compile(rf"^{_SECRET}s?$")
# Words for what a 30-character random value also is.
_OTHERS = frozenset(
    "session jwt token nonce signature sign hash sha sha1 sha256 md5 etag digest checksum uuid guid request trace span "
    "commit revision version cookie csrf xsrf salt iv openid unionid file filename path url uri host bucket object image "
    "integrity class method test package mappings cursor captcha ticket code callback template sid messageid msgid".split()
)
# Words that say only that a value follows.
_GENERIC = frozenset(
    "value val string str default text content entry input type name prop property final static const let var public "
    "private protected char nsstring u b f r new return echo export set env literal std is the dict map put with".split()
)

ALIBABA = re.compile(
    r"aliyun|alibaba|alicloud|alicdn|aliyuncs|oss-(?:cn|us|ap|eu|me)-|ali-oss|alioss|ali_oss|dysms|dayu|SMS_\d|odps|maxcompute"
    r"|\boss2?\b|\bsts\b|\bOSS|(?<![A-Za-z])(?:Ali|ALI)(?![a-z])|ossutil|hologres|dashscope|dingtalk|阿里|短信|大于|大鱼|百炼|通义",
    re.IGNORECASE,
)
STS = re.compile(r"(?i)\bsts|security.?token|assume.?role|临时")
SECURITY_TOKEN = re.compile(r"(?i)(?:security|sts|session)[-_. ]?token\W{0,12}$")
# OpenAI is not among the others: its client and its variable are what Model Studio is used through.
MODEL_VENDOR = re.compile(
    r"(?i)(?P<studio>dashscope|bailian|百炼|qwen|通义|tongyi|model.?studio|灵积)|(?P<other>deepseek|moonshot|kimi|anthropic|claude"
    r"|gemini|mistral|openrouter|siliconflow|zhipu|minimax|baichuan|stability|doubao|volcengine|hunyuan|groq|cohere|perplexity"
    r"|midjourney|\bbocha|\bark_|grok)"
)
_CALL = re.compile(
    r"(?:oss2\.Auth|ProviderAuth|OSSClient|OSSClientBuilder\(\)\s*\.\s*build|DefaultProfile\.getProfile|getProfile|AcsClient|ODPS"
    r"|OTSClient|LogClient|NewClientWithAccessKey|NewAccessKeyCredential|accessKeyClient|AccessKeyCredential"
    r"|\w{0,20}(?:Aliyun|Alibaba|Alicloud|Oss|OSS|Odps|ODPS|Acs|Ots|OTS|Sls|SLS|Mns|MNS|Vod|Dysms)\w{0,20}"
    r"(?:Client|Account|Auth|Credentials?|Provider|Profile)"
    r"|AKSK(?:Pair)?CredentialProvider|initWithPlainTextAccessKey|StaticCredentials?Provider|BasicCredentials"
    r"|DefaultCredentials?|DefaultCredentialProvider|initVodClient|setAliyunOssAccountInfo|oss\.New|push\.NewClient|CloudAccount)"
    r"[^\n()]{0,6}\([^()]{0,240}$"
)
_LEFT, _RIGHT, _NEAR, _NEAR_LINES = 120, 60, 900, 12


# What stands above an indented `secret:` or `password:` that is not Alibaba Cloud's.
OTHER_SERVICE = re.compile(
    r"(?i)jwt|session|cookie|csrf|token|datasource|database|redis|mysql|postgres|mongo|druid|mail|smtp|rabbit|kafka|wechat|weixin"
    r"|\bwx|tencent|qcloud|\bcos\b|qiniu|minio|\baws|\bs3\b|huawei|\bobs\b|github|gitee|gitlab|oauth|alipay|nacos|admin|login|user"
)


class Label(NamedTuple):
    """`secret`: strong | weak | other | "" (no name, or one that says nothing). `id`: whether a name says AccessKey ID."""

    secret: str
    id: bool


NO_LABEL = Label("", False)


def classify(name: str) -> str:
    """What one name says: strong or weak (a secret), other (some other thing), generic, or "" (unknown)."""
    words = [word.lower() for word in _WORD.findall(name)]
    squashed = "".join(words)
    named_secret = any(_WEAK.match(word) for word in words)
    if _STRONG_SECRET.search(squashed) or (named_secret and "ak" in words):
        return "strong"
    if any(word in _OTHERS for word in words):
        return "other"
    if named_secret or any(word in _WEAK_SECRETS for word in words) or squashed in _WEAK_SECRETS:
        return "weak"
    if any(part in squashed for part in ("secret", "accesskey", "appscript")) or _WEAK_CHINESE.search(squashed):
        return "weak"
    return "generic" if words and all(word in _GENERIC for word in words) else ""


def names_id(name: str) -> bool:
    """Whether the name is one that AccessKey IDs are given."""
    return _STRONG_ID.search("".join(word.lower() for word in _WORD.findall(name))) is not None


def label(before: str, after: str, above: Iterable[str]) -> Label:
    """What the names around a value say.

    `before`: the line's text from the previous value (or its start) up to this one; `after`: the line's text behind it;
    `above`: the lines above that hold no value, nearest first, used where the line itself names nothing (XML, comments,
    plist, Terraform's variables).
    """
    lines = (before, *above)
    found = next((found for found in (_last_label(line[-_LEFT:]) for line in lines) if found), NO_LABEL)
    if found.secret in ("", "weak") and classify_any(after[:_RIGHT]):
        return Label("strong", found.id)
    return found


def classify_any(text: str) -> bool:
    """Whether any name in the text strongly says AccessKey Secret (a comment behind the value)."""
    return any(classify(name) == "strong" for name in _NAME.findall(text))


def _last_label(text: str) -> Label | None:
    """The label by the nearest telling name; None where there is no telling name at all."""
    names = _NAME.findall(_PHRASE.sub("AccessKey\\1", text))[-12:]
    kinds = ["generic" if _random(name) else classify(name) for name in names]
    telling = [(kind, name) for kind, name in zip(kinds, names, strict=True) if kind != "generic"]
    if not telling:
        return None
    secret = next((kind for kind, _ in reversed(telling) if kind), "")
    if secret == "weak" and "strong" in kinds[-4:]:
        secret = "strong"
    recent = telling[-1:] if telling[-1][0] else telling[-3:]
    return Label(secret, any(names_id(name) for _, name in recent))


def _random(name: str) -> bool:
    """Whether a name is itself a value: an id in front of its secret, of which some piece may look like a word."""
    return len(name) >= 16 and name.isalnum() and not shape.wordlike(name)


def in_known_call(before: str) -> bool:
    """Whether the text up to a value ends inside the arguments of a call that takes an AccessKey."""
    return _CALL.search(before[-320:]) is not None


class Words:
    """Where a text has certain words."""

    def __init__(self, text: str, words: re.Pattern[str]) -> None:
        self._at = [match.start() for match in words.finditer(text)]
        self._text = text

    def near(self, position: int) -> bool:
        """Whether such a word stands within 900 characters and 12 lines of `position`."""
        right = bisect_left(self._at, position)
        for at in self._at[max(0, right - 1) : right + 1]:
            low, high = min(at, position), max(at, position)
            if high - low <= _NEAR and self._text.count("\n", low, high) <= _NEAR_LINES:
                return True
        return False
