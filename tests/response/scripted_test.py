"""One repository, fifteen keys, each of which went another way: every answer is exact."""

import json
from pathlib import Path

import pytest

from alikey_hook.finding import fingerprint
from tests.history.scanning import shim
from tests.keys import access_key_id, secret
from tests.response.incidents import FETCHED, MAIN, REMOTE, Scripted, Told, ran, scripted, told

pytestmark = pytest.mark.once

STASH, V1 = "refs/stash", "refs/tags/v1"
KEPT: dict[Path, Scripted] = {}


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder for the repository."""
    return tmp_path_factory.mktemp("scripted") / "all"


@pytest.fixture
def all_ways(once: Path, home: Path) -> Scripted:
    """The repository; made once, and only read."""
    if once not in KEPT:
        once.mkdir()
        KEPT[once] = scripted(once)
    return KEPT[once]


Way = tuple[int, str, list[tuple[str, str, str, bool]], list[str], list[str]]
# seed; state; (commit, day, path, brings); refs; refs of remotes
WAYS: dict[str, Way] = {
    "committed and pushed": (1, "pushed", [("committed", "2024-01-02", "a.py", True)], [MAIN, REMOTE, STASH, V1], [REMOTE]),
    "renamed": (
        2,
        "pushed",
        [
            ("old", "2024-01-03", "old.py", True),
            ("renamed", "2024-01-04", "new.py", True),
            ("renamed", "2024-01-04", "old.py", False),
        ],
        [MAIN, REMOTE, STASH, V1],
        [REMOTE],
    ),
    "removed": (
        3,
        "pushed",
        [("came", "2024-01-05", "c.py", True), ("removed", "2024-01-06", "c.py", False)],
        [MAIN, REMOTE, STASH, V1],
        [REMOTE],
    ),
    "tagged": (
        4,
        "pushed",
        [("tagged", "2024-01-07", "d.py", True), ("after tag", "2024-01-08", "d.py", False)],
        [MAIN, REMOTE, STASH, V1],
        [REMOTE],
    ),
    "in a tag's message": (5, "unknown", [("tag", "2024-01-09", "(message)", True)], ["refs/tags/v2"], []),
    "on a branch that was pushed and deleted": (
        6, "local", [("gone", "2024-01-10", "gone.py", True)], ["refs/heads/gone"], []
    ),
    "in a stash": (7, "local", [("stash", "2024-01-16", "other.py", True)], [STASH], []),
    "in a pull request that nobody was asked about": (8, "local", [("pr", "2024-01-11", "pr.py", True)], ["refs/heads/pr"], []),
    "in a merge": (
        9, "pushed", [("merge", "2024-01-14", "other.py", True), ("stash", "2024-01-16", "other.py", False)],
        [MAIN, REMOTE, STASH], [REMOTE],
    ),
    "committed after the last push": (10, "local", [("local", "2024-01-15", "local.py", True)], [MAIN, STASH], []),
    "in a reflog": (13, "local", [("reflog", "2024-01-18", "reflog.py", True)], [], []),
    "in a commit's message": (15, "local", [("said", "2024-01-17", "(message)", True)], ["refs/heads/said"], []),
}  # fmt: skip
FILES = {1: ["a.py"], 2: ["new.py"], 9: ["other.py"], 10: ["local.py"], 11: ["s.py"], 12: ["w.py"]}


@pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))
def test_what_is_committed(all_ways: Scripted, way: Way) -> None:
    seed, state, spots, refs, remotes = way
    said = told(all_ways.repo, seed)
    assert (said.code, said.err) == (1, "")
    assert said.spots == [(all_ways[name], *rest) for name, *rest in spots]
    assert said.known("refs", "remote_refs", "state") == [refs, remotes, state]
    assert said.known("files", "staged", "last_fetch", "unheard", "unreachable") == [FILES.get(seed, []), [], FETCHED, 0, 0]


@pytest.mark.parametrize(
    ("seed", "unreachable"), [(11, 1), (12, 0), (14, 1)], ids=["staged", "in the working tree", "an object that nothing has"]
)
def test_what_is_in_no_commit(all_ways: Scripted, seed: int, unreachable: int) -> None:
    said = told(all_ways.repo, seed)
    assert (said.code, said.state, said.spots) == (1, "uncommitted", [])
    assert said.known("refs", "remote_refs", "unheard", "unreachable") == [[], [], 0, unreachable]
    assert said.known("files", "staged") == [FILES.get(seed, []), ["s.py"] if seed == 11 else []]


REMOTE_HAS = {
    "committed and pushed": (1, ["origin: HEAD", "origin: refs/heads/main", "origin: refs/tags/v1"]),
    "pull request": (8, ["origin: refs/pull/7/head"]),
    "on a branch that was pushed and deleted": (6, []),
    "committed after the last push": (10, []),
    "staged": (11, []),
}


@pytest.mark.parametrize(("seed", "named"), REMOTE_HAS.values(), ids=list(REMOTE_HAS))
def test_what_the_remote_says_when_it_is_asked(all_ways: Scripted, seed: int, named: list[str]) -> None:
    said, before = told(all_ways.repo, seed, "--ask-remote"), told(all_ways.repo, seed)
    assert said.known("remote_refs") == [[*before.known("remote_refs")[0], *named]]
    assert said.state == ("pushed" if named else before.state)
    assert said.known("unheard") == [0]


def verdict(said: Told) -> str:
    return str(said.report["plan"]["verdict"])


@pytest.mark.parametrize(
    ("seed", "args", "english", "chinese"),
    [
        (1, [], f"It was pushed: {REMOTE}.", f"它已被推送：{REMOTE}。"),
        (8, ["--ask-remote"], "It was pushed: origin: refs/pull/7/head.", "它已被推送：origin: refs/pull/7/head。"),
        (
            10, [],
            f"It is committed, and no remote is known to have it (as far as this clone knows, last fetch: {FETCHED}).",
            f"它已被提交，目前未发现任何远程仓库拥有它（以本克隆所知为限，最近一次 fetch：{FETCHED}）。",
        ),
        (
            11, [], "It is in no commit: staged, in the working tree, or in objects that no commit has.",
            "它不在任何提交中：只在暂存区、工作区，或没有任何提交引用的对象里。",
        ),
    ],
    ids=["pushed", "in a pull request", "local", "staged"],
)  # fmt: skip
def test_the_verdict(all_ways: Scripted, seed: int, args: list[str], english: str, chinese: str) -> None:
    assert verdict(told(all_ways.repo, seed, *args)) == english
    assert verdict(told(all_ways.repo, seed, *args, "--lang=zh")) == chinese


def test_a_branch_that_was_deleted_is_thought_of(all_ways: Scripted) -> None:
    steps = told(all_ways.repo, 6).report["plan"]["steps"]
    assert steps[-1].startswith("A branch that was pushed and then deleted leaves no trace here")


@pytest.mark.parametrize("seed", [1, 11])
def test_a_secret_is_looked_for_like_an_id(all_ways: Scripted, seed: int) -> None:
    by_id = told(all_ways.repo, seed)
    done = ran(all_ways.repo.top, fingerprint(secret(seed)), "--format", "json")
    assert (done.returncode, json.loads(done.stdout)["evidence"]) == (1, by_id.report["evidence"])


def test_git_is_never_given_a_value_and_no_network_is_asked(all_ways: Scripted, tmp_path: Path) -> None:
    script = f'for argument in "$@"; do printf "%s\\n" "$argument" >>"{tmp_path}/arguments"; done'
    env = shim(tmp_path / "shim", script)
    for seed in (1, 11, 15):
        target = tmp_path / f"{seed}.txt"
        assert told(all_ways.repo, seed, f"--write-replacements={target}", env=env).code == 1
        assert ran(all_ways.repo.top, access_key_id(seed), env=env).returncode == 1
    arguments = (tmp_path / "arguments").read_text()
    assert "--find-object=" in arguments
    assert not [value for seed in range(16) for value in (access_key_id(seed), secret(seed)) if value in arguments]
    assert not {"ls-remote", "fetch", "push", "clone", "pull"} & set(arguments.split("\n"))


def test_nothing_is_changed(all_ways: Scripted) -> None:
    def state() -> dict[Path, bytes]:
        files = (path for path in sorted(all_ways.repo.top.rglob("*")) if path.is_file())
        return {path: path.read_bytes() for path in files}

    before = state()
    for args in ((), ("--ask-remote",)):
        told(all_ways.repo, 1, *args)
    assert state() == before
    assert {path.name for path in all_ways.repo.top.parent.iterdir()} == {"repo", "bare.git"}
