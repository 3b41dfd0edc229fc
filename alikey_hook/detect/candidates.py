"""Values of the right shape and with the right edges, whatever the words around them say."""

from __future__ import annotations

from alikey_hook.detect import shape
from alikey_hook.detect.gate import ALNUM, table
from alikey_hook.detect.pattern import Pattern, Span
from alikey_hook.detect.rules import RULES, Rule, Shape
from alikey_hook.detect.runs import runs

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

_ALNUM_CHARACTERS = ALNUM.decode("ascii")
_ALNUM = frozenset(_ALNUM_CHARACTERS)
_BASE58 = _ALNUM - frozenset("0OIl")
_ALNUM_RUNS = table(ALNUM)
# A slash belongs to base64, but also stands between an id and a date, or between an id and its secret.
_BEHIND_ID = Pattern(r"/(?:\d{8}/|[0-9A-Za-z]{30}(?![0-9A-Za-z]))")
_BEFORE_SECRET = Pattern(r"(?:LTAI|STS\.)[0-9A-Za-z]{12,25}/$")
_MASKS = ("*", "…", "•", "●", "·", "⋯")


class Candidate:
    """A value of a rule's shape, at `start:end` of a text. `whole`: neither masked nor a placeholder.

    A candidate that is not whole is never found, but says that a secret may be near.
    """

    __slots__ = ("certain", "end", "role", "rule", "start", "value", "whole")

    def __init__(self, rule: Rule, role: str, start: int, end: int, value: str, whole: bool, certain: bool) -> None:
        self.rule = rule
        self.role = role
        self.start = start
        self.end = end
        self.value = value
        self.whole = whole
        self.certain = certain


class _Search:
    """A shape, and what finds it in a text. `pattern` is run only where the shape's lengths do not tell enough."""

    __slots__ = ("certain", "literal", "pattern", "role", "rule", "shape")

    def __init__(self, rule: Rule, shape: Shape) -> None:
        self.rule = rule
        self.shape = shape
        self.role = shape.role
        self.literal = shape.literal
        self.pattern = Pattern(rf"(?<![0-9A-Za-z])(?:{shape.pattern})(?![0-9A-Za-z])")
        self.certain = Pattern(shape.certain_pattern) if shape.certain_pattern else None


_SEARCHES = tuple(_Search(rule, form) for rule in RULES for form in rule.shapes)


def candidates(text: str, *roles: str) -> list[Candidate]:
    """The candidates of these roles, in the order in which they stand."""
    found = []
    for search in _SEARCHES:
        if search.role in roles and search.literal in text:
            found += _candidates(search, text)
    return sorted(found, key=lambda candidate: candidate.start)


def _candidates(search: _Search, text: str) -> list[Candidate]:
    role = search.role
    found = []
    for match in _matches(search, text):
        start, end = match.span()
        value = match[0]
        certain = _certain(search, value)
        before, after = _without_markup(text[max(0, start - 40) : start], text[end : end + 40])
        if not _edges(role, before, after, certain):
            continue
        whole = not _masked(before, after) and not _placeholder(role, value)
        if whole or role == "id":
            if role in ("secret", "legacy-id") and (not shape.mixed_case(value) or shape.wordlike(value)):
                continue
            found.append(Candidate(search.rule, role, start, end, value, whole, certain))
    return found


def _certain(search: _Search, value: str) -> bool:
    known = search.shape.certain
    if len(value) == known.length and value.startswith(known.begins):
        return _BASE58.issuperset(value[len(known.begins[0]) :])
    return search.certain is not None and search.certain.fullmatch(value) is not None


def _matches(search: _Search, text: str) -> Iterator[re.Match[str] | Span]:
    """What `search.pattern.finditer` gives, looked for only where it can begin, and without `re` where lengths tell enough."""
    form = search.shape
    if not form.literal:
        for start, end in runs(text, _ALNUM_RUNS, min(form.lengths)):
            if end - start in form.lengths and _fits(form, text[start:end]):
                yield Span(text, start, end)
        return
    at = text.find(form.literal)
    while at >= 0:
        match = _at_literal(search, text, at) if form.lengths else search.pattern.match(text, at)
        if match:
            yield match
        at = text.find(form.literal, match.end() if match else at + 1)


def _fits(form: Shape, value: str) -> bool:
    return not (form.but and value.startswith(form.but)) and (not form.base58 or _BASE58.issuperset(value))


def _at_literal(search: _Search, text: str, at: int) -> Span | None:
    """The value that begins with the literal there, which stands alone: no letter or digit before it or behind it."""
    form = search.shape
    if text[at - 1 : at] in _ALNUM:
        return None
    begin = at + len(form.literal)
    following = text[begin : at + max(form.lengths) + 1]
    end = begin + len(following) - len(following.lstrip(_ALNUM_CHARACTERS))
    return Span(text, at, end) if end - at in form.lengths else None


def _without_markup(before: str, after: str) -> tuple[str, str]:
    """The neighbours without what sets a value off: `**bold**`, and `{+added+}` of `git diff --word-diff`."""
    if before.endswith("{+") and after.startswith("+}"):
        return before[:-1], after[1:]
    stars = len(before) - len(before.rstrip("*"))
    if 0 < stars <= 3 and after.startswith("*" * stars) and not after.startswith("*" * (stars + 1)):
        return before[:-stars], after[stars:]
    return before, after


def _placeholder(role: str, value: str) -> bool:
    if role == "token":
        return value.startswith("sk-") and shape.placeholder(value[-32:], alphabet=16)
    body = value[4:] if role == "id" else value
    return shape.placeholder(body) or (len(value) <= 30 and shape.placeholder(value))


def _edges(role: str, before: str, after: str, certain: bool) -> bool:
    if role == "id":
        return _id_edges(before, after, certain)
    if role == "token":
        return not (before[-1:] in ("+", "/") or (before[-1:] in (".", "-", "_") and before[-2:-1] in _ALNUM))
    return _secret_edges(before, after)


def _id_edges(before: str, after: str, certain: bool) -> bool:
    """`+ / =` are value characters: an id between them is a piece of base64, unless its shape is beyond chance."""
    if before.endswith("+") or after.startswith("+") or after.startswith("=="):
        return False
    if before.endswith("/") and not (certain and not after.startswith("/")):
        return False
    return certain or not after.startswith("/") or _BEHIND_ID.match(after) is not None


def _secret_edges(before: str, after: str) -> bool:
    """What stands beside a value and not beside a piece of base64, a path, a name, a reference or a call."""
    last, following = before[-1:], after[:1]
    if last == "/" and _BEFORE_SECRET.search(before):
        last = ""
    if last in ("+", "/", "_", "$", "\\") or following in ("+", "/", "_", "=", "(", "$"):
        return False
    if last in (".", "-") and (before[-2:-1] in _ALNUM or before[-2:] == "_-"):
        return False
    if before[-2:] in ("${", "{{"):
        return False
    return not (following in (".", "-") and after[1:2] in _ALNUM)


def _masked(before: str, after: str) -> bool:
    """Whether the value goes on behind a mask: `LTAI5tAb****`, `…`, `\\*\\*`, `LTAI5t•••`."""
    return after[:1] in _MASKS or after[:2] in ("..", "\\*", "[*") or before[-1:] in ("*", "…", "•")
