"""From what was found back to the values: objects are read once more, in this process. Nothing here writes a value anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from alikey_hook.detect import decode
from alikey_hook.detect.engine import detect
from alikey_hook.finding import Detection, fingerprint
from alikey_hook.git.objects import contents
from alikey_hook.response.cloud.credential import Credential

IDS = ("alibaba-access-key-id", "alibaba-sts-access-key-id", "alibaba-oss-signed-url")
_SECRETS = ("alibaba-access-key-secret", "alibaba-sts-access-key-secret")
_TOKEN = "alibaba-sts-security-token"
_SHORTEST = 12


def texts(objects: Iterable[str]) -> Iterator[bytes]:
    """The contents of blobs, and the messages of commits and tags."""
    for _, kind, content in contents(objects):
        yield content if kind == "blob" else content.partition(b"\n\n")[2]


def spellings(content: bytes, wanted: str) -> set[str]:
    """How a blob spells the value of a fingerprint: as it is, and as it is written in base64 or with escapes."""
    forms = set()
    lines = [text.split("\n") for name in decode.charsets(content) for text, _ in decode.texts(content, name)]
    for found in detect(content):
        if fingerprint(found.value) == wanted:
            forms.add(found.value)
            for text in lines:
                if found.encoding != "part" and found.line <= len(text):
                    forms.add(text[found.line - 1][found.column - 1 : found.end_column - 1])
    return {form for form in forms if len(form) >= _SHORTEST}


def credentials(content: bytes) -> tuple[set[Credential], set[str]]:
    """The pairs in a text (of STS with the nearest token), and all its ids, with or without a secret."""
    found = detect(content)
    ids = {one.value: one for one in found if one.rule in IDS}
    secrets = {one.value: one for one in found if one.rule in _SECRETS}
    tokens = [one for one in found if one.rule == _TOKEN]
    pairs = {(one.partner, value) for value, one in secrets.items() if one.partner in ids}
    pairs |= {(value, one.partner) for value, one in ids.items() if one.partner in secrets}
    whole = {Credential(key, secret, _token(ids[key], tokens)) for key, secret in pairs if key and secret}
    return whole, set(ids)


def _token(key: Detection, tokens: list[Detection]) -> str | None:
    """The token that stands nearest to a temporary id."""
    if key.rule != "alibaba-sts-access-key-id" or not tokens:
        return None
    return min(tokens, key=lambda token: abs(token.line - key.line)).value
