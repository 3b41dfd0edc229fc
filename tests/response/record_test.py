"""The record of a leak: text, Markdown that is inert whatever a path says, JSON; English and Chinese; no value in any."""

import json
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from alikey_hook import __version__
from alikey_hook.finding import fingerprint
from alikey_hook.response.steps import exposed
from tests.corpus.fill import credential
from tests.history.scanning import NOTHING, commit, gone, put
from tests.keys import access_key_id
from tests.repository import Repo, new_repository, pair_lines
from tests.response.incidents import MAIN, of, ran, told

pytestmark = pytest.mark.once

DISABLE = (
    "Disable the AccessKey in the console now: a RAM user's at https://ram.console.aliyun.com/users (user, Authentication, "
    "AccessKey, Disable), the root account's at https://ram.console.aliyun.com/profile/access-keys."
)


@pytest.fixture
def pushed(repo: Repo, tmp_path: Path) -> tuple[Repo, str, str]:
    """A repository whose key came and went and was pushed; the two commits."""
    bare = new_repository(tmp_path / "bare.git", "--bare")
    repo.git("remote", "add", "origin", str(bare.top))
    put(repo, "2024-01-01", NOTHING, "other.py")
    first, last = put(repo, "2024-01-02"), gone(repo, "2024-01-03")
    repo.git("push", "--quiet", "origin", "main")
    return repo, first, last


def test_the_text(pushed: tuple[Repo, str, str], tmp_path: Path) -> None:
    repo, first, last = pushed
    key = access_key_id(1)
    done = ran(repo.top, key, "--lang", "en")
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.split("\n")
    assert lines[:10] == [
        f"What: alibaba-access-key-id {key[:8]}…{key[-4:]} {of(1)}",
        "Where:",
        f"  2024-01-02 brought by {first[:12]}: app.py",
        f"  2024-01-03 taken away by {last[:12]}: app.py",
        "  still reached by: refs/heads/main, refs/remotes/origin/main",
        "",
        "How far it got: It was pushed: refs/remotes/origin/main.",
        "",
        "What to do, in this order:",
        f"  1. {DISABLE}",
    ]
    assert [line[:5] for line in lines[9:15]] == ["  1. ", "  2. ", "  3. ", "  4. ", "  5. ", "  6. "]
    assert lines[15:] == [
        "",
        "Commands:",
        "  git clone --mirror URL clean.git && cd clean.git",
        f"  git filter-repo --sensitive-data-removal --replace-text {tmp_path}/replacements.txt",
        "  git push --force --mirror origin",
        f"  rm {tmp_path}/replacements.txt",
        "",
        "It is over when the console shows the key as deleted, and `alikey-hook scan --history --all-objects` finds nothing.",
        "",
    ]


def test_the_text_in_chinese(pushed: tuple[Repo, str, str]) -> None:
    repo, first, last = pushed
    done = ran(repo.top, access_key_id(1), "--lang", "zh")
    lines = done.stdout.split("\n")
    assert lines[1:9] == [
        "在哪里:",
        f"  2024-01-02 带入的提交 {first[:12]}: app.py",
        f"  2024-01-03 移除的提交 {last[:12]}: app.py",
        "  仍可到达的引用: refs/heads/main, refs/remotes/origin/main",
        "",
        "扩散到哪里: 它已被推送：refs/remotes/origin/main。",
        "",
        "按此顺序处理:",
    ]
    assert "立即在控制台禁用该访问密钥" in lines[9]
    assert ran(repo.top, access_key_id(1), env={"LANG": "zh_CN.UTF-8"}).stdout == done.stdout


def test_the_markdown(pushed: tuple[Repo, str, str], tmp_path: Path) -> None:
    repo, first, last = pushed
    key = access_key_id(1)
    lines = ran(repo.top, key, "--format", "markdown", "--lang", "en").stdout.split("\n")
    assert lines[:17] == [
        "# Incident: a leaked Alibaba Cloud credential",
        "",
        "## What",
        "",
        f"- `alibaba-access-key-id`, {key[:8]}…{key[-4:]}",
        f"- `{of(1)}`",
        "",
        "## Where",
        "",
        f"- 2024-01-02 brought by {first[:12]}: `app.py`",
        f"- 2024-01-03 taken away by {last[:12]}: `app.py`",
        "- still reached by: `refs/heads/main`, `refs/remotes/origin/main`",
        "",
        "## How far it got",
        "",
        "It was pushed: refs/remotes/origin/main.",
        "",
    ]
    assert f"- [ ] 1. {DISABLE}" in lines
    start = lines.index("```sh")
    assert lines[start : start + 6] == [
        "```sh",
        "git clone --mirror URL clean.git && cd clean.git",
        f"git filter-repo --sensitive-data-removal --replace-text {tmp_path}/replacements.txt",
        "git push --force --mirror origin",
        f"rm {tmp_path}/replacements.txt",
        "```",
    ]


def test_the_markdown_in_chinese(pushed: tuple[Repo, str, str]) -> None:
    text = ran(pushed[0].top, access_key_id(1), "--format", "markdown", "--lang", "zh").stdout
    heads = [line for line in text.split("\n") if line.startswith("#")]
    assert heads == [
        "# 事件记录：阿里云凭证泄露", "## 是什么", "## 在哪里", "## 扩散到哪里", "## 按此顺序处理", "## 命令", "## 何时算结束"
    ]  # fmt: skip


def test_the_json(pushed: tuple[Repo, str, str], tmp_path: Path) -> None:
    repo, first, last = pushed
    key = access_key_id(1)
    report = told(repo, 1, "--lang=en").report
    plan = report.pop("plan")
    assert report == {
        "version": 1,
        "tool": "alikey-hook",
        "tool_version": __version__,
        "rule": "alibaba-access-key-id",
        "redacted": f"{key[:8]}…{key[-4:]}",
        "fingerprint": of(1),
        "severity": "critical",
        "evidence": {
            "state": "pushed",
            "staged": [],
            "files": [],
            "spots": [
                {"commit": first, "day": "2024-01-02", "path": "app.py", "brings": True},
                {"commit": last, "day": "2024-01-03", "path": "app.py", "brings": False},
            ],
            "refs": [MAIN, "refs/remotes/origin/main"],
            "remote_refs": ["refs/remotes/origin/main"],
            "last_fetch": None,
            "unheard": 0,
            "unreachable": 0,
        },
    }
    assert (sorted(plan), plan["steps"][0], len(plan["steps"])) == (["commands", "over", "steps", "verdict"], DISABLE, 6)
    assert plan["commands"][1].endswith(f"{tmp_path}/replacements.txt")


def test_long_lists_are_cut_and_counted(repo: Repo) -> None:
    for number in range(10, 24):
        put(repo, f"2024-01-{number}", path=f"{number}.py")
        repo.git("branch", f"b{number}")
    lines = ran(repo.top, access_key_id(1), "--lang", "en").stdout.split("\n")
    assert [line for line in lines if "brought by" in line][-1].endswith(": 21.py")
    assert "  and 2 more" in lines
    assert "  still reached by: " + ", ".join(f"refs/heads/b{number}" for number in range(10, 22)) + ", and 3 more" in lines
    assert len([line for line in lines if line.startswith("  in the working tree: ")]) == 12
    # Two files of the working tree are left out too, and that is said.
    assert lines.count("  and 2 more") == 2
    assert len(told(repo, 1).spots) == 14


@pytest.mark.parametrize(("form", "language"), [("text", "zh"), ("markdown", "en"), ("json", "zh")])
def test_the_output_goes_into_a_file(pushed: tuple[Repo, str, str], tmp_path: Path, form: str, language: str) -> None:
    args = (access_key_id(1), "--format", form, "--lang", language)
    printed = ran(pushed[0].top, *args)
    done = ran(pushed[0].top, *args, "--output", str(tmp_path / "record"))
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    assert (tmp_path / "record").read_text("utf-8") == printed.stdout


def test_a_long_list_is_cut_in_the_verdict_too(pushed: tuple[Repo, str, str]) -> None:
    repo, *_ = pushed
    repo.git("push", "--quiet", "origin", *(f"main:refs/heads/b{number}" for number in range(14)))
    for language, more in (("en", ", and 3 more."), ("zh", ", 另有 3 项。")):
        assert told(repo, 1, f"--lang={language}").report["plan"]["verdict"].endswith(more)


@pytest.mark.parametrize(("kind", "line", "first", "count"), [
    ("ststok", "SecurityToken: {}", "an STS token expires by itself", 5),
    ("tmp", "tmpKey = {}", "a link of the console expires by itself", 2),
])  # fmt: skip
def test_what_expires_by_itself_is_not_deleted(repo: Repo, kind: str, line: str, first: str, count: int) -> None:
    value = credential(kind, random.Random("a test"))
    put(repo, "2024-01-02", line.format(value) + "\n")
    steps = json.loads(ran(repo.top, fingerprint(value), "--format", "json").stdout)["plan"]["steps"]
    assert (first in steps[0], len(steps)) == (True, count)
    assert not [step for step in steps if "recycle bin" in step]


def test_steps_for_another_kind_of_credential(repo: Repo) -> None:
    value = credential("dash", random.Random("a test"))
    put(repo, "2024-01-02", f'DASHSCOPE_API_KEY = "{value}"\n')
    done = ran(repo.top, fingerprint(value), "--format", "json")
    report = json.loads(done.stdout)
    assert report["rule"] == "alibaba-model-studio-api-key"
    # What disables an AccessKey does nothing to it: https://bailian.console.aliyun.com is where it is deleted.
    assert "bailian.console.aliyun.com" in report["plan"]["steps"][0]


def test_each_kind_of_credential_is_made_worthless_in_its_own_console() -> None:
    steps = exposed(["alibaba-model-studio-api-key", "alibaba-access-key-secret", "alibaba-own-key"], "en")
    assert (steps[0], "bailian.console.aliyun.com" in steps[1], len(steps)) == (DISABLE, True, 8)


# Inert

MARKUP = [
    "*bold* _it_ **x**", "`rm -rf`", "```", "[click](https://evil.example)", "![x](https:/evil.example/x.png)",
    "<script>alert(1)<b>", "&lt;b&gt; &#96;", "<https:/evil.example>", "a|b", "# heading", "- [x] done", "a\\*b*",
]  # fmt: skip
LINES = ["a\n# heading\n\n```\nb", "a\r# heading", "a\u2028# heading", "\x1b[31mred", "a\u202egnp.exe", "a\udcff*b*", "a\tb"]
GITHUB = ["@everyone", "https:/evil.example/www.evil.example", "~~gone~~", "$x$"]


def rendered(text: str) -> str:
    return str(MarkdownIt("commonmark").enable(["strikethrough", "table"]).render(text))


@pytest.mark.parametrize("state", ["committed", "staged"])
@pytest.mark.parametrize("names", [MARKUP, LINES, ["~~gone~~"]], ids=["markup", "lines", "struck through"])
def test_the_markdown_is_inert_whatever_a_path_says(repo: Repo, names: list[str], state: str) -> None:
    plain = new_repository(repo.top.parent / "plain")
    pages = []
    for place, paths in ((plain, [f"{number}.py" for number in range(len(names))]), (repo, names)):
        put(place, "2024-01-01", NOTHING, "other.py")
        for path in paths:
            place.stage(path, pair_lines())
        if state == "committed":
            commit(place, "2024-01-02")
        text = ran(place.top, access_key_id(1), "--format", "markdown", "--lang", "en").stdout
        assert not [character for character in text if not character.isprintable() and character != "\n"]
        pages.append([token.type for token in flat(MarkdownIt("commonmark").enable(["strikethrough", "table"]).parse(text))])
    # What a page is made of is the same: a path adds neither markup nor lines.
    assert pages[0] == pages[1]


def flat(tokens: Sequence[Token], *also: str) -> list[Token]:
    """Tokens and those inside them, but of texts only the kinds that are named."""
    found: list[Token] = []
    for token in tokens:
        inner = [child for child in token.children or [] if child.type in also or not child.type.startswith("text")]
        found += [token, *flat(inner, *also)]
    return found


def test_github_finds_nothing_to_act_on(repo: Repo) -> None:
    # GitHub's own Markdown knows more: @name tells somebody, an address becomes a link, ~~ and $ are markup; not within code.
    for name in GITHUB:
        repo.stage(name, pair_lines())
    commit(repo, "2024-01-02")
    text = ran(repo.top, access_key_id(1), "--format", "markdown", "--lang", "en").stdout
    texts = [token.content for token in flat(MarkdownIt("commonmark").parse(text), "text") if token.type == "text"]
    assert not [text for text in texts for mark in ("@everyone", "www.evil.example", "~~gone~~", "$x$") if mark in text]


def test_a_ref_in_the_markdown_is_inert_too(repo: Repo) -> None:
    put(repo, "2024-01-02")
    repo.git("branch", "<b>_x_`y`")
    page = rendered(ran(repo.top, access_key_id(1), "--format", "markdown").stdout)
    assert "refs/heads/&lt;b&gt;_x_`y`" in page


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_no_record_acts_on_a_terminal(repo: Repo, form: str) -> None:
    put(repo, "2024-01-02", path="a\x1b[31m\u202eb\nc\x07.py")
    out = ran(repo.top, access_key_id(1), "--format", form).stdout
    assert not [character for character in out if not character.isprintable() and character != "\n"]
