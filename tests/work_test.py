"""How much work is done, counted and not timed: processes started, calls made, bytes decoded, regular expressions run."""

import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from benchmarks.place import source
from tests.corpus.fill import credential
from tests.repository import Repo, pair_lines
from tests.stages import pair_baseline

ROOT = Path(__file__).parent.parent
# Runs the command line in a process of its own. Only what is decoded and matched by `detect` counts: elsewhere that is names.
_PROBE = """
import json, os, sys
sys.path.insert(0, sys.argv[1])
from alikey_hook.cli import main
from alikey_hook import detect
room = os.path.dirname(detect.__file__) + os.sep
counts = {"processes": [], "calls": 0, "decoded": 0, "matches": 0}
def started(event, values):
    if event in ("os.posix_spawn", "subprocess.Popen"):
        counts["processes"].append([os.fsdecode(word) for word in values[1]])
    elif event in ("os.fork", "os.forkpty", "os.exec", "os.system", "os.spawn"):
        counts["processes"].append([event])
def called(frame, event, function):
    if event in ("call", "c_call"):
        counts["calls"] += 1
    if event == "c_call" and frame.f_code.co_filename.startswith(room):
        of, name = getattr(function, "__self__", None), function.__name__
        counts["decoded"] += len(of) if isinstance(of, bytes) and name == "decode" else name.startswith("a2b_")
        counts["matches"] += type(of).__name__ == "Pattern"
sys.addaudithook(started)
sys.setprofile(called)
code = main(sys.argv[2:])
sys.setprofile(None)
print(json.dumps({"code": code, **counts}))
"""


class Work(NamedTuple):
    """What a command did. `calls`: of functions, Python's own among them. `decoded`: bytes. `matches`: runs of `re`."""

    code: int
    processes: list[list[str]]
    calls: int
    decoded: int
    matches: int


def work(repo: Repo, *arguments: str) -> Work:
    command = [sys.executable, "-c", _PROBE, str(ROOT), *arguments]
    done = subprocess.run(command, cwd=repo.top, capture_output=True, text=True, check=True)
    return Work(**json.loads(done.stdout.splitlines()[-1]))


def code_of(number: int, lines: int = 60) -> str:
    """Made up source code that speaks of Alibaba Cloud and of digests, as most of it does there; one of ten texts."""
    return source("a.py", random.Random(number % 10), lines)


def commits_begun(repo: Repo, files: int) -> None:
    for number in range(files):
        repo.write(f"app/{number:03}.py", code_of(number))
    repo.stage("app")
    repo.commit()


def staged(repo: Repo, files: int, extra: str = "x = 1\n") -> list[str]:
    """Commit ten files and more, stage a change of so many of them; gives their names."""
    commits_begun(repo, max(10, files))
    names = [f"app/{number:03}.py" for number in range(files)]
    for number, name in enumerate(names):
        repo.write(name, code_of(number) + extra)
    repo.stage("app")
    return names


@pytest.mark.parametrize("named", [True, False], ids=["files named", "no files named"])
def test_a_clean_commit_of_five_files_is_one_process_of_git_and_decodes_nothing(repo: Repo, named: bool) -> None:
    names = staged(repo, 5)
    did = work(repo, "hook", *(names if named else []))
    # It says what is staged; what `git add` has just written is read without git.
    assert commands(did) == ["diff-index"]
    assert (did.code, did.decoded, did.matches) == (0, 0, 0)


def test_what_is_packed_takes_one_process_more(repo: Repo) -> None:
    names = staged(repo, 5)
    repo.git("tag", "kept", repo.git("stash", "create").strip())
    repo.git("repack", "-a", "-d", "-q")
    assert commands(work(repo, "hook", *names)) == ["diff-index", "cat-file"]


def commands(did: Work) -> list[str]:
    return [next(word for word in argv if word in ("diff-index", "cat-file", "ls-files")) for argv in did.processes]


def test_of_a_commit_with_a_finding_only_the_file_that_holds_it_is_decoded_and_nothing_is_matched(repo: Repo) -> None:
    names = staged(repo, 5)
    content = code_of(0) + pair_lines()
    repo.stage(names[0], content)
    did = work(repo, "hook", *names)
    assert (did.code, did.matches) == (1, 0)
    assert len(content) <= did.decoded < 2 * len(content)


def test_regular_expressions_are_for_what_few_findings_are(repo: Repo) -> None:
    repo.stage("app.py", f'DASHSCOPE_API_KEY = "{credential("dash", random.Random(1))}"\n')
    did = work(repo, "hook")
    assert did.code == 1
    assert did.matches > 0


def test_a_commit_with_a_finding_is_no_more_processes_than_a_clean_one(repo: Repo) -> None:
    names = staged(repo, 5, pair_lines())
    did = work(repo, "hook", *names)
    assert (did.code, commands(did)) == (1, ["diff-index"])


def test_git_is_asked_for_a_baseline_where_one_is_staged(repo: Repo) -> None:
    names = staged(repo, 5, pair_lines())
    repo.stage("baseline/alikey.yaml", pair_baseline(repo))
    did = work(repo, "hook", *names)
    assert (did.code, commands(did)) == (0, ["diff-index", "ls-files"])


def test_a_tree_of_clean_files_is_not_decoded(repo: Repo) -> None:
    commits_begun(repo, 50)
    did = work(repo, "scan", "--no-own-keys", ".")
    assert (did.code, did.decoded, did.matches) == (0, 0, 0)
    # What counts sees it where there is something to see.
    content = code_of(7) + pair_lines()
    repo.write("app/007.py", content)
    did = work(repo, "scan", "--no-own-keys", ".")
    assert did.code == 1
    assert len(content) <= did.decoded < 2 * len(content)


def in_stage(repo: Repo, count: int) -> list[str]:
    staged(repo, count)
    return ["hook"]


def in_tree(repo: Repo, count: int) -> list[str]:
    commits_begun(repo, count)
    return ["scan", "--no-own-keys", "."]


def in_stage_with_findings(repo: Repo, count: int) -> list[str]:
    staged(repo, count, pair_lines())
    return ["hook"]


def in_one_file_with_findings(repo: Repo, count: int) -> list[str]:
    repo.stage("app.py", "".join(code_of(number, 20) + pair_lines(number) for number in range(count)))
    return ["hook"]


def in_commits(repo: Repo, count: int) -> list[str]:
    for number in range(count):
        repo.stage(f"{number:03}.py", code_of(number))
        repo.commit()
    return ["scan", "--no-own-keys", "--commits", "HEAD"]


@pytest.mark.parametrize(
    "made", [in_stage, in_tree, in_stage_with_findings, in_one_file_with_findings, in_commits], ids=lambda made: made.__name__
)
def test_twice_as_much_is_twice_the_work(repo: Repo, tmp_path: Path, made: Callable[[Repo, int], list[str]]) -> None:
    did = []
    for count in (10, 20, 40):
        other = Repo(tmp_path / str(count))
        other.top.mkdir()
        other.git("init", "--quiet")
        did.append(work(other, *made(other, count)))
    once, twice, four_times = did
    assert len(once.processes) == len(twice.processes) == len(four_times.processes)
    for few, more, many in zip(once[2:], twice[2:], four_times[2:], strict=True):
        assert many - more <= 2.5 * (more - few)  # 4 times if it were quadratic
