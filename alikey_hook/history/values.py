"""From what was found back to the values: objects are read once more, in this process. Nothing here writes a value anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from alikey_hook.detect import decode
from alikey_hook.detect.engine import detect
from alikey_hook.detect.views import views
from alikey_hook.finding import Detection, fingerprint
from alikey_hook.git.objects import contents
from alikey_hook.response.cloud.credential import Credential

IDS = ("alibaba-access-key-id", "alibaba-sts-access-key-id", "alibaba-oss-signed-url")
_SECRETS = ("alibaba-access-key-secret", "alibaba-sts-access-key-secret")
_TOKEN = "alibaba-sts-security-token"
_MIXED = ("utf-8", "utf-16-le", "utf-16-be")  # what may stand in a file of mixed encodings
_MARK = "REMOVED-BY-ALIKEY-HOOK"


def texts(objects: Iterable[str]) -> Iterator[bytes]:
    """The contents of blobs, and the messages of commits and tags."""
    for _, kind, content in contents(objects):
        yield content if kind == "blob" else content.partition(b"\n\n")[2]


def replacements(content: bytes, wanted: str) -> set[bytes]:
    """The lines that tell git filter-repo to replace the value of a fingerprint in a text; none where it does not stand there.

    One for the value as it is, and one for each other way in which it is written: in base64, with escapes, in pieces…
    """
    lines = set()
    for value in {found.value for found in detect(content) if fingerprint(found.value) == wanted}:
        lines.add(_line(value, "utf-8"))
        for name in decode.charsets(content):
            mixed = b"\0" in content and name in (decode.MIXED, "utf-8")
            written = _MIXED if mixed else (name or "utf-8",)
            for text, _ in decode.texts(content, name):
                lines |= {_line(form, charset) for form in _forms(text, value) for charset in written}
    return lines


def _forms(text: str, value: str) -> set[str]:
    """What stands in a text for a value: of one in pieces, all from the first to the last."""
    forms = set()
    for view in views(text):
        for match in re.finditer(re.escape(value), view.text):
            spans = view.origins(*match.span())
            forms.add(text[spans[0][0] : spans[-1][1]])
    return forms


def _line(form: str, charset: str) -> bytes:
    """One form to replace. Only what has a line feed in it must be a regular expression."""
    written, mark = form.encode(charset), _MARK.encode(charset)
    if b"\n" not in written:
        return b"literal:" + written + b"==>" + mark + b"\n"
    return b"regex:" + re.escape(written).replace(b"\\\n", b"\\n") + b"==>" + mark + b"\n"


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
