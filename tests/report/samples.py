"""Findings to report: two by hand, and any that hypothesis can think of."""

from hypothesis import strategies as st

from alikey_hook.detect.rules import RULES
from alikey_hook.finding import CONFIDENCES, SEVERITIES, Finding
from alikey_hook.report.about import About, Lost, Origin, RuleText
from alikey_hook.report.read import STATUSES
from alikey_hook.response.advice import remedy
from alikey_hook.result import Result

ID = Finding(
    rule="alibaba-access-key-id",
    status="new",
    confidence="high",
    severity="critical",
    path="src/配置 a.py",
    line=3,
    column=9,
    end_column=33,
    commit="0123456789abcdef" * 2 + "01234567",
    fingerprint="sha256:" + "a" * 64,
    redacted="LTAI5t**…****",
    partner="sha256:" + "b" * 64,
    encoding="plain",
    excerpt='密 = "************************" <b>',
    excerpt_column=5,
    excerpt_width=24,
    blob="1" * 40,
    hashed="2" * 40,
    author_date="2025-01-10",
    in_tip=False,
    last_commit="f" * 40,
    last_date="2025-06-01",
    refs=(),
)
ALLOWED = ID._replace(
    rule="alibaba-access-key-secret",
    status="allowed",
    severity="high",
    path="tests/a.py",
    redacted="30 characters",
    fingerprint="sha256:" + "b" * 64,
    partner=None,
    commit=None,
    author_date=None,
    in_tip=None,
    last_commit=None,
    last_date=None,
    decided_by="baseline/alikey.yaml:3",
)
TEXTS = tuple(RuleText(rule.id, rule.says, rule.severity, remedy(rule, "en")) for rule in RULES)
ORIGIN = Origin("commits", "https://git.example.com/shop.git", "c" * 40, "main")
# 2025-11-26 10:00:00 and :05 UTC
ABOUT = About(TEXTS, ORIGIN, "en", ("Disable it: https://ram.console.aliyun.com/users", "Replace it."), 1764151200, 1764151205)
SMALL = Result([ID, ALLOWED], 2, 1234)

# Any text at all, lone surrogates and control characters too, with what means something to some format.
MARKUP = (
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "</style>", "]]>",
    "::error::x", "\r\n::set-env name=A::b", "%0A",
    "[a](javascript:alert(1))", "{0}", "@all",
    "\u202e", "\x1b]8;;http://x\x07", "\udcff", "\ud800", "a:b,c", "../../x", "/etc/passwd",
    "&lt;", "<!--", "'", "`", "\\",
)  # fmt: skip
ANY = st.lists(st.text(st.characters(exclude_categories=()), max_size=6) | st.sampled_from(MARKUP), max_size=4).map("".join)
DAYS = st.none() | st.dates().map(str)
NUMBERS = st.integers(1, 1 << 31)


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    """A finding in which everything that comes from a repository is any text."""
    column = draw(NUMBERS)
    return Finding(
        rule=draw(st.sampled_from([rule.id for rule in RULES]) | ANY),
        status=draw(st.sampled_from(STATUSES)),
        confidence=draw(st.sampled_from(CONFIDENCES)),
        severity=draw(st.sampled_from(SEVERITIES)),
        path=draw(ANY),
        line=draw(NUMBERS),
        column=column,
        end_column=draw(st.integers(1, column + 100)),
        commit=draw(st.none() | ANY),
        fingerprint=draw(ANY),
        redacted=draw(ANY),
        partner=draw(st.none() | ANY),
        encoding=draw(st.sampled_from(["plain", "base64"]) | ANY),
        excerpt=draw(ANY),
        excerpt_column=draw(st.integers(0, 20)),
        excerpt_width=draw(st.integers(0, 20)),
        blob="",
        hashed="",
        author_date=draw(DAYS),
        in_tip=draw(st.none() | st.booleans()),
        decided_by=draw(st.none() | ANY),
        own_exception=draw(st.booleans()),
        source=draw(st.none() | ANY),
        last_commit=draw(st.none() | ANY),
        refs=tuple(draw(st.lists(ANY | st.just("refs/remotes/origin/main"), max_size=7))),
        last_date=draw(DAYS),
    )


RESULTS = st.builds(Result, st.lists(findings(), max_size=4), st.integers(0, 1 << 40), st.integers(0, 1 << 50))
ORIGINS = st.builds(
    Origin,
    st.sampled_from(["", "staged", "files", "commits"]),
    st.none() | ANY,
    st.none() | ANY,
    st.none() | ANY,
    st.booleans(),
    st.integers(0, 1 << 40),
    st.lists(st.builds(Lost, ANY, ANY), max_size=3).map(tuple),
)
ABOUTS = st.builds(
    lambda origin, language: ABOUT._replace(origin=origin, language=language), ORIGINS, st.sampled_from(["en", "zh"])
)
