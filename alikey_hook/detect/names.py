"""What the words around a value say it is: the name it is assigned to, the call it is passed to, Alibaba words near by."""

from __future__ import annotations

from bisect import bisect_left

from alikey_hook.detect import shape
from alikey_hook.detect.pattern import Pattern
from alikey_hook.detect.words import folded, names_in, words_in
from alikey_hook.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_OF_SECRETS, _OF_IDS = "ali oss odps sls sms dayu vod".split(), "ali oss odps sls sms".split()
_CHINESE_SECRETS = ("密钥", "秘钥", "密码")
_CHINESE_ACCESS_KEYS = ("访问密钥", "訪問金鑰")
_WEAK_SECRETS = frozenset("sk as key keys pwd passwd password pass pw ak aksk accesskey secretkey".split())
_WEAK_PARTS = ("secret", "accesskey", "appscript", "密钥", "秘钥", "密码", "金鑰", "憑證", "密碼", "密匙")
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

ALIBABA = Pattern(
    r"(?i)aliyun|alibaba|alicloud|alicdn|aliyuncs|oss-(?:cn|us|ap|eu|me)-|ali-oss|alioss|ali_oss|dysms|dayu|SMS_\d|odps|maxcompute"
    r"|\boss2?\b|\bsts\b|\bOSS|(?<![A-Za-z])(?:Ali|ALI)(?![a-z])|ossutil|hologres|dashscope|dingtalk|阿里|短信|大于|大鱼|百炼|通义"
)
STS = Pattern(r"(?i)\bsts|security.?token|assume.?role|临时")
SECURITY_TOKEN = Pattern(r"(?i)(?:security|sts|session)[-_. ]?token\W{0,12}$")
# OpenAI is not among the others: its client and its variable are what Model Studio is used through.
MODEL_VENDOR = Pattern(
    r"(?i)(?P<studio>dashscope|bailian|百炼|qwen|通义|tongyi|model.?studio|灵积)|(?P<other>deepseek|moonshot|kimi|anthropic|claude"
    r"|gemini|mistral|openrouter|siliconflow|zhipu|minimax|baichuan|stability|doubao|volcengine|hunyuan|groq|cohere|perplexity"
    r"|midjourney|\bbocha|\bark_|grok)"
)
_CALL = Pattern(
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
OTHER_SERVICE = Pattern(
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
    words = words_in(name)
    squashed = "".join(words)
    named_secret = any(map(_is_secret, words))
    if _strongly_secret(squashed) or (named_secret and "ak" in words):
        return "strong"
    if any(word in _OTHERS for word in words):
        return "other"
    if named_secret or any(word in _WEAK_SECRETS for word in words) or squashed in _WEAK_SECRETS:
        return "weak"
    if any(part in squashed for part in _WEAK_PARTS):
        return "weak"
    return "generic" if words and all(word in _GENERIC for word in words) else ""


def _is_secret(word: str) -> bool:
    """Whether a word is `secret`, or one of its misspellings, or several."""
    end = _end_of_secret(word, 0)
    return end > 0 and word[end:] in ("", "s")


def _end_of_secret(text: str, at: int) -> int:
    """Where `secret` ends that begins at a place, however misspelt: sercet, secert, secrect, scret, sectrt; else 0."""
    following = text[at + 1 : at + 7]
    count = len(following) - len(following.lstrip("cert"))
    return at + 1 + count if count >= 3 and text.startswith("s", at) else 0


def _strongly_secret(squashed: str) -> bool:
    """Whether the words of a name, in one, say AccessKey Secret: accesssecret, keyidsecret, ossappsecret, aliyunsk."""
    at = squashed.find("s")
    while at >= 0:
        end = _end_of_secret(squashed, at)
        if end and (_before_secret(squashed[:at]) or squashed.startswith("accesskey", end)):
            return True
        at = squashed.find("s", at + 1)
    return _ends_in_product_sk(squashed) or (not squashed.isascii() and _strongly_secret_in_chinese(squashed))


def _ends_in_product_sk(squashed: str) -> bool:
    stem = squashed.removesuffix("sk")
    return stem != squashed and (stem.endswith(("oss", "sls", "odps", "sms")) or _behind(("ali",), stem, 6))


def _strongly_secret_in_chinese(squashed: str) -> bool:
    behind = [part.removeprefix("云")[:6] for part in squashed.split("阿里")[1:]]
    return any(word in squashed for word in _CHINESE_ACCESS_KEYS) or any(
        word in part for part in behind for word in _CHINESE_SECRETS
    )


def _before_secret(stem: str) -> bool:
    return stem.endswith(("key", "keyid")) or _says_access(stem) or _behind(_OF_SECRETS, stem, 12)


def _says_access(stem: str) -> bool:
    """Whether this ends in `access`, also as people misspell it."""
    shortened = stem.rstrip("s")
    return shortened != stem and shortened.endswith(("acce", "ace"))


def _behind(products: Iterable[str], stem: str, most: int) -> bool:
    """Whether this ends in the name of a product and at most so many letters behind it."""
    for product in products:
        _, found, letters = stem.rpartition(product)
        if found and len(letters) <= most and (not letters or (letters.isascii() and letters.isalpha())):
            return True
    return False


def names_id(name: str) -> bool:
    """Whether the name is one that AccessKey IDs are given."""
    squashed = "".join(words_in(name))
    if "accesskey" in squashed or "keyid" in squashed:
        return True
    if any(_says_access(stem) for stem in _before_each("id", squashed)):
        return True
    stem = squashed.removesuffix("id")
    if stem.endswith("ak") and not "a" <= stem[-3:-2] <= "z":
        return True
    return any(squashed.endswith(end) and _behind(_OF_IDS, squashed.removesuffix(end), 8) for end in ("id", "key", "ak"))


def _before_each(word: str, text: str) -> Iterable[str]:
    at = text.find(word)
    while at >= 0:
        yield text[:at]
        at = text.find(word, at + 1)


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
    return any(classify(name) == "strong" for name in names_in(text))


def _last_label(text: str) -> Label | None:
    """The label by the nearest telling name; None where there is no telling name at all."""
    names = names_in(_phrases_joined(text))[-12:]
    kinds = ["generic" if _random(name) else classify(name) for name in names]
    telling = [(kind, name) for kind, name in zip(kinds, names, strict=True) if kind != "generic"]
    if not telling:
        return None
    secret = next((kind for kind, _ in reversed(telling) if kind), "")
    if secret == "weak" and "strong" in kinds[-4:]:
        secret = "strong"
    recent = telling[-1:] if telling[-1][0] else telling[-3:]
    return Label(secret, any(names_id(name) for _, name in recent))


def _phrases_joined(text: str) -> str:
    """`access key id` and `Access Key Secret`, as documentation and the console write it, as names: AccessKeyid."""
    known = folded(text)
    at, done, parts = known.find("access"), 0, []
    while at >= 0:
        key = at + 6 + known.startswith(" ", at + 6)
        word = key + 3 + known.startswith(" ", key + 3)
        end = word + 2 if known.startswith("id", word) else _end_of_secret(known, word)
        if end and known.startswith("key", key):
            parts += [text[done:at], "AccessKey", text[word:end]]
            done = end
        at = known.find("access", max(done, at + 6))
    return "".join([*parts, text[done:]]) if parts else text


def _random(name: str) -> bool:
    """Whether a name is itself a value: an id in front of its secret, of which some piece may look like a word."""
    return len(name) >= 16 and name.isalnum() and not shape.wordlike(name)


def in_known_call(before: str) -> bool:
    """Whether the text up to a value ends inside the arguments of a call that takes an AccessKey."""
    before = before[-320:]
    opened = before.rfind("(")
    return opened >= 0 and before.find(")", opened) < 0 and _CALL.search(before) is not None


class Words:
    """Where a text has certain words."""

    def __init__(self, text: str, words: Pattern) -> None:
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
