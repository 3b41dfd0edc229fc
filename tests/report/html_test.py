"""The page: to the letter for two findings, the same elements whatever is in them."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings

from alikey_hook import __version__
from alikey_hook.finding import Finding
from alikey_hook.report.about import About
from alikey_hook.report.html.page import render
from alikey_hook.report.html.script import SCRIPT
from alikey_hook.report.html.style import STYLE
from alikey_hook.report.html.timeline import spans
from alikey_hook.report.html.words import CHINESE, ENGLISH
from alikey_hook.result import Result
from tests.report.samples import ABOUT, ABOUTS, ALLOWED, ID, MARKUP, RESULTS, SMALL

EXPECTED = Path(__file__).parent / "page.html"


class Elements(HTMLParser):
    """The elements of a page with the names of their attributes, and its scripts and links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, tuple[str, ...]]] = []
        self.links: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, tuple(name for name, _ in attrs)))
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action", "xlink:href", "data")]


def test_the_page_to_the_letter() -> None:
    page = render(SMALL, ABOUT).replace(STYLE, "STYLE").replace(SCRIPT, "SCRIPT").replace(__version__, "VERSION")
    assert re.sub(r"sha256-[A-Za-z0-9+/=]{44}", "sha256-HASH", page) == EXPECTED.read_text("utf-8")


def test_the_policy_lets_only_the_page_s_own_style_and_script_act() -> None:
    page = render(SMALL, ABOUT)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    hashes = [base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in (STYLE, SCRIPT)]
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert re.findall(r"<style>(.*?)</style>", page, re.DOTALL) == [STYLE]
    assert re.findall(r"<script>(.*?)</script>", page, re.DOTALL) == [SCRIPT]


def test_a_clean_page_and_a_partial_one() -> None:
    result = Result([], 3, 10)
    result.unread = 2
    clean = render(result, ABOUT._replace(steps=(), origin=ABOUT.origin._replace(complete=False)))
    assert '<p class="verdict clean">Nothing leaks</p><p class="partial">This report is partial' in clean
    assert '<p class="quiet">2 in Git LFS and not here, not looked at</p>' in clean
    assert "<table" not in clean
    assert "<svg" not in clean


def test_the_verdict_counts_what_leaks_and_what_is_allowed_no_more() -> None:
    expired = ID._replace(status="expired")
    assert '<p class="verdict leaks">2 leaked, 1 with an expired exception</p>' in render(
        Result([ID, ID, expired], 1, 1), ABOUT
    )
    assert '<p class="verdict leaks">1 with an expired exception</p>' in render(Result([expired, ALLOWED], 1, 1), ABOUT)


def test_a_command_in_the_steps_is_code() -> None:
    page = render(SMALL, ABOUT._replace(steps=("Ask `alikey-hook verify` <now>.",)))
    assert "<li>Ask <code>alikey-hook verify</code> &lt;now&gt;.</li>" in page


def test_chinese() -> None:
    page = render(SMALL, ABOUT._replace(language="zh"))
    assert "<bdi>30 个字符</bdi>" in page
    assert '<html lang="zh-Hans">' in page
    assert "2025-01-10 进入，2025-06-01 从文件中移除，历史中仍有" in page
    for name, english, chinese in zip(ENGLISH._fields, ENGLISH, CHINESE, strict=True):
        assert english != chinese or name == "any", f"{name} is not translated"


SECRETS = [
    ID._replace(in_tip=True, refs=("refs/heads/main",)),
    ID._replace(path="copy.py", author_date="2024-03-01", last_date="2024-04-01"),
    ID._replace(fingerprint="sha256:c", author_date="2023-01-01", last_date="2023-02-01"),
    ID._replace(fingerprint="sha256:d", author_date="2025-11-01", in_tip=True, refs=("refs/remotes/origin/main",)),
    ID._replace(fingerprint="sha256:e", author_date="2025-11-02", in_tip=None),
    ALLOWED,
]


def test_the_timeline_has_a_bar_a_secret_from_its_first_day_to_its_last() -> None:
    page = render(Result(SECRETS, 1, 1), ABOUT)
    bars = re.findall(r'<g class="secret" data-start="([^"]*)" data-end="([^"]*)">.*?</g>', page)
    assert bars == [("2023-01-01", "2023-02-01"), ("2024-03-01", ""), ("2025-11-01", ""), ("2025-11-02", "")]
    assert [(span.in_tip, span.pushed) for span in spans(SECRETS)] == [
        (False, False),
        (True, False),
        (True, True),
        (None, False),
    ]
    assert page.count('<rect class="live" x=') == 2
    assert page.count('<rect class="gone" x=') == 1
    assert page.count(">on a remote</text>") == 1


def test_a_long_timeline_shows_the_oldest_secrets_and_says_so() -> None:
    many = [ID._replace(fingerprint=f"sha256:{at}", author_date=f"20{at % 100:02}-01-01") for at in range(250)]
    page = render(Result(many, 1, 1), ABOUT)
    assert page.count('<g class="secret"') == 100
    assert "The timeline shows the 100 oldest of 250 secrets" in page
    assert page.count('<tr role="row" data-severity') == 250


def hostile(finding: Finding, text: str) -> Finding:
    return finding._replace(
        rule=text,
        path=text,
        redacted=text,
        encoding=text,
        excerpt=text,
        decided_by=text,
        source=text,
        commit=text,
        refs=(text,),
    )


@pytest.mark.parametrize("text", MARKUP)
def test_what_a_repository_holds_makes_no_element(text: str) -> None:
    plain, other = (
        render(Result([hostile(ID, value)], 1, 1), ABOUT._replace(origin=ABOUT.origin._replace(branch=value, repository=value)))
        for value in ("x", text)
    )
    # Beside the first part of the marked line, the same elements with the same attributes.
    assert Elements(other).seen == Elements(plain).seen


@settings(max_examples=300, deadline=None)
@given(RESULTS, ABOUTS)
def test_any_page_asks_for_nothing_and_runs_nothing_of_the_findings(result: Result, about: About) -> None:
    page = render(result, about)
    page.encode("utf-8")
    elements = Elements(page)
    names = [tag for tag, _ in elements.seen]
    assert names.count("script") == names.count("style") == 1
    assert set(names) <= {
        *"html head meta title style body header h1 h2 p main section dl div dt dd ol li a br ul svg rect line g text".split(),
        *"circle form label input select option output table thead tr th tbody td span code pre mark bdi footer script".split(),
    }
    assert not any(name.startswith("on") or name == "style" for _, attributes in elements.seen for name in attributes)
    assert all(link.startswith(("#", "https://ram.console.aliyun.com/")) for link in elements.links)
    assert names.count("tr") == len(result.findings) + bool(result.findings)


def luminance(color: str) -> float:
    """The relative luminance of a colour (WCAG 2.2)."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_text_has_the_contrast_that_wcag_asks_for(scheme: int) -> None:
    colors = dict(
        re.findall(r"--([a-z]+): (#[0-9a-f]{6})", STYLE.split("@media screen and (prefers-color-scheme: dark)")[scheme])
    )
    pairs = [(name, ground) for name in colors for ground in ("paper", "soft") if name not in ("paper", "soft", "line", "mark")]
    for text, ground in [*pairs, ("ink", "mark")]:
        high, low = sorted((luminance(colors[text]), luminance(colors[ground])), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5, f"{text} on {ground}"
