"""What a push sends is looked at before it goes: the plain git hook pre-push, through real pushes."""

import subprocess
from pathlib import Path

import pytest

from tests.keys import access_key_id
from tests.repository import ID_RULE, SECRET_RULE, Repo, pair_lines
from tests.stages import (
    NOTHING,
    TAG_MESSAGE,
    Door,
    Leak,
    Remote,
    alikey,
    committed,
    history,
    leaks,
    leaky,
    pair_baseline,
    pair_in,
    remote_of,
)

pytestmark = pytest.mark.once


@pytest.fixture
def first(repo: Repo, tmp_path: Path) -> Remote:
    """A repository with one clean commit that is nowhere yet."""
    committed(repo)
    return Remote(repo, remote_of(repo, tmp_path / "remote.git"), Door(repo, "pre-push"))


@pytest.fixture
def remote(first: Remote) -> Remote:
    """A repository whose clean commit the remote has."""
    assert first.push()[:2] == (0, [])
    return first


def head(repo: Repo) -> str:
    return repo.git("rev-parse", "HEAD").strip()


def tag_leak(repo: Repo, tag: str, path: str = TAG_MESSAGE, line: int = 1) -> list[Leak]:
    """The findings of `pair_lines` in a tag's own message, whatever is said of the tip."""
    name = repo.git("rev-parse", tag).strip()
    return [leak._replace(in_tip=None, commit=name) for leak in pair_in(repo, f"{tag}^{{commit}}", path, line)]


def loose(path: str) -> list[Leak]:
    """The findings of `pair_lines` in a file that no commit has."""
    return [Leak(rule, "new", path, line, None, None, None) for rule, line in ((ID_RULE, 1), (SECRET_RULE, 2))]


def without_tip(found: list[Leak]) -> list[Leak]:
    return [leak._replace(in_tip=None) for leak in found]


# What pre-commit says of a push


def pushed_by_pre_commit(repo: Repo, **said: str) -> tuple[int, list[Leak]]:
    """Our hook as pre-commit calls it for a push."""
    env = {f"PRE_COMMIT_{name}": value for name, value in said.items()} | {"PRE_COMMIT": "1"}
    return alikey(repo, "hook", "--stage", "pre-push", env=env)[:2]


def test_the_range_that_pre_commit_names_is_looked_at(remote: Remote) -> None:
    start, added = head(remote.repo), leaky(remote.repo)
    last = committed(remote.repo, "more = 1\n", "more.py")
    names = {"REMOTE_NAME": "origin", "REMOTE_URL": str(remote.bare.top)}
    whole = pushed_by_pre_commit(remote.repo, **names, FROM_REF=start, TO_REF=last)
    assert whole == (1, pair_in(remote.repo, added))
    assert pushed_by_pre_commit(remote.repo, **names, FROM_REF=added, TO_REF=last) == (0, [])


def test_a_branch_that_pre_commit_has_no_start_of_is_looked_at_from_what_the_remote_has(remote: Remote) -> None:
    added = leaky(remote.repo)
    names = {"REMOTE_NAME": "origin", "REMOTE_URL": str(remote.bare.top), "LOCAL_BRANCH": "refs/heads/main"}
    assert pushed_by_pre_commit(remote.repo, **names) == (1, pair_in(remote.repo, added))
    remote.repo.git("update-ref", "refs/remotes/origin/main", added)
    assert pushed_by_pre_commit(remote.repo, **names) == (0, [])


def test_by_hand_for_all_files_what_lies_there_is_looked_at(remote: Remote) -> None:
    assert pushed_by_pre_commit(remote.repo) == (0, [])
    remote.repo.write("app.py", pair_lines())
    assert pushed_by_pre_commit(remote.repo) == (1, loose("app.py"))


# Branches


def test_a_key_on_a_branch_that_the_remote_knows_is_refused(remote: Remote) -> None:
    added = leaky(remote.repo)
    assert remote.push()[:2] == (1, pair_in(remote.repo, added))


def test_a_key_that_a_later_commit_removes_is_refused(remote: Remote) -> None:
    added = leaky(remote.repo)
    committed(remote.repo)
    assert remote.push()[:2] == (1, pair_in(remote.repo, added, in_tip=False))


def test_a_clean_push_passes_and_arrives(remote: Remote) -> None:
    end = committed(remote.repo, NOTHING * 2)
    assert remote.push()[:2] == (0, [])
    assert remote.bare.git("rev-parse", "main").strip() == end


def test_a_push_of_what_the_remote_already_has_passes(remote: Remote) -> None:
    repo = remote.repo
    leaky(repo)
    repo.git("push", "--quiet", "--no-verify", "origin", "main")
    repo.git("branch", "again")
    for args in (("origin", "again"), ("origin", "HEAD~:refs/heads/older"), ("origin", "HEAD:refs/tags/light")):
        assert remote.push(*args)[:2] == (0, [])
    changed = committed(repo, NOTHING + pair_lines())
    assert remote.push()[:2] == (0, pair_in(repo, changed, line=2, status="existing"))


def test_a_new_branch_brings_what_no_branch_of_the_remote_has(remote: Remote) -> None:
    leaky(remote.repo, "old.py", 2)
    remote.repo.git("push", "--quiet", "--no-verify", "origin", "main")
    remote.repo.git("switch", "--quiet", "-c", "side")
    added = leaky(remote.repo)
    assert remote.push("origin", "side")[:2] == (1, pair_in(remote.repo, added))
    assert remote.push("--set-upstream", "origin", "side:refs/heads/deep/er")[:2] == (1, pair_in(remote.repo, added))


def test_the_first_push_of_everything_is_looked_at_from_the_root(first: Remote) -> None:
    added = leaky(first.repo)
    committed(first.repo, pair_lines(2), "other.py")
    expected = pair_in(first.repo, added) + pair_in(first.repo, head(first.repo), "other.py")
    for args in (("origin", "main"), ("--all", "origin"), ("--mirror", "origin"), ("origin", "HEAD:refs/heads/other")):
        assert first.push(*args)[:2] == (1, expected)
    assert first.state() == ""


@pytest.mark.parametrize("args", [("origin", "main", "side"), ("--all", "origin"), ("origin", "refs/heads/*")], ids=" ".join)
def test_of_several_refs_every_one_is_looked_at(remote: Remote, args: tuple[str, ...]) -> None:
    committed(remote.repo, NOTHING * 2)
    remote.repo.git("switch", "--quiet", "-c", "side")
    added = leaky(remote.repo)
    assert remote.push(*args)[:2] == (1, pair_in(remote.repo, added))


def test_a_commit_that_several_refs_bring_is_told_once(remote: Remote) -> None:
    added = leaky(remote.repo)
    remote.repo.git("branch", "copy")
    remote.repo.git("tag", "light")
    remote.repo.git("tag", "--annotate", "--message=a tag", "heavy")
    assert remote.push("origin", "main", "copy", "light", "heavy")[:2] == (1, pair_in(remote.repo, added))


def test_a_deletion_brings_nothing(remote: Remote) -> None:
    leaky(remote.repo)
    remote.repo.git("push", "--quiet", "--no-verify", "origin", "main:old", "main~:refs/heads/older", "main~:refs/heads/oldest")
    assert remote.push("origin", "--delete", "older")[:2] == (0, [])
    assert remote.push("origin", ":oldest", "main")[:2] == (0, [])  # the remote has it already, as `old`
    added = leaky(remote.repo, "new.py", 2)
    assert remote.push("origin", ":old", "main")[:2] == (1, pair_in(remote.repo, added, "new.py"))


def test_a_forced_push_brings_the_commits_that_the_remote_lacks(remote: Remote) -> None:
    repo = remote.repo
    committed(repo, NOTHING * 2)
    assert remote.push().code == 0
    repo.git("reset", "--quiet", "--hard", "HEAD~")
    added = leaky(repo)
    committed(repo)
    for args in (("--force", "origin", "main"), ("origin", "+main"), ("--force-with-lease", "origin", "main")):
        assert remote.push(*args)[:2] == (1, pair_in(repo, added, in_tip=False))
    repo.git("reset", "--quiet", "--hard", added + "~")
    assert remote.push("--force", "origin", "main")[:2] == (0, [])


def test_a_commit_that_is_pushed_by_any_name_is_looked_at(remote: Remote) -> None:
    added = leaky(remote.repo, message="a subject of words")
    sources = ["HEAD", "main", "@", "HEAD~0", "main^{commit}", "HEAD^{/a subject}", ":/a subject of words", added]
    said = {source: remote.push("origin", f"{source}:refs/heads/new")[:2] for source in sources}
    assert said == dict.fromkeys(sources, (1, pair_in(remote.repo, added)))


def test_a_branch_of_any_name_is_looked_at(remote: Remote) -> None:
    names = ["主干", "a\u2028b", "a\u0085b", "-q", "a;b'c", "x" * 200, "deep/er/still"]
    refs = [f"refs/heads/{name}" for name in names]
    added = leaky(remote.repo)
    for ref in refs:
        remote.repo.git("update-ref", ref, "HEAD")
    assert {ref: remote.push("origin", ref)[:2] for ref in refs} == dict.fromkeys(refs, (1, pair_in(remote.repo, added)))


def test_a_push_of_two_hundred_commits_names_both_that_bring_and_remove_a_key(remote: Remote) -> None:
    start = head(remote.repo)
    ids = history(remote.repo, 200, {100: pair_lines(), 101: pair_lines()}, start)
    assert len(ids) == 200
    assert remote.push()[:2] == (1, pair_in(remote.repo, ids[100], in_tip=False))
    Door(remote.repo, "pre-push", "--lang=en", text=True)
    said = remote.push()
    shown = access_key_id(1)[:8]
    assert f"app.py:1:18: alibaba-access-key-id critical {shown}…" in said.out + said.err
    assert f"came in commit {ids[100][:12]} (2023-11-14)" in said.out + said.err
    assert f"gone from the newest commit, but not from the history ({ids[102][:12]})" in said.out + said.err


def test_the_baseline_of_the_pushed_commit_counts(remote: Remote) -> None:
    added = leaky(remote.repo)
    committed(remote.repo, pair_baseline(remote.repo), "baseline/alikey.yaml")
    assert remote.push("origin", f"{added}:refs/heads/side")[:2] == (1, pair_in(remote.repo, added))
    Door(remote.repo, "pre-push", "--baseline-ref", "origin/main")
    assert remote.push()[:2] == (1, pair_in(remote.repo, added))
    Door(remote.repo, "pre-push")
    assert remote.push()[:2] == (0, pair_in(remote.repo, added, status="allowed"))


# Tags


def test_a_key_in_a_tag_s_own_message_is_refused(remote: Remote) -> None:
    remote.repo.git("tag", "--annotate", f"--message=a tag\n\n{pair_lines()}", "v1")
    for args in (("origin", "v1"), ("--tags", "origin"), ("--follow-tags", "origin", "main")):
        said = remote.push(*args)
        assert (said.code, without_tip(said.leaks)) == (1, tag_leak(remote.repo, "v1", line=3))


def test_a_key_in_the_message_of_a_tag_s_tag_is_refused(remote: Remote) -> None:
    repo = remote.repo
    repo.git("tag", "--annotate", f"--message={pair_lines()}", "inner")
    repo.git("-c", "advice.nestedTag=false", "tag", "--annotate", "--message=around it", "outer", "inner")
    said = remote.push("origin", "outer")
    assert (said.code, without_tip(said.leaks)) == (1, tag_leak(repo, "inner"))
    repo.git("-c", "advice.nestedTag=false", "tag", "--annotate", f"--message={pair_lines(2)}", "third", "outer")
    said = remote.push("origin", "third")
    assert (said.code, without_tip(said.leaks)) == (1, tag_leak(repo, "third") + tag_leak(repo, "inner"))


@pytest.mark.parametrize("kind", ["a light tag", "a tag with a message", "a tag's tag"])
def test_a_key_in_a_commit_that_only_a_tag_brings_is_refused(remote: Remote, kind: str) -> None:
    added = leaky(remote.repo)
    remote.repo.git("tag", *(() if kind == "a light tag" else ("--message=a tag",)), "v1")
    if kind == "a tag's tag":
        remote.repo.git("-c", "advice.nestedTag=false", "tag", "--message=around it", "v2", "v1")
    remote.repo.git("reset", "--quiet", "--hard", "HEAD~")
    tag = "v2" if kind == "a tag's tag" else "v1"
    assert remote.push("origin", tag)[:2] == (1, pair_in(remote.repo, added))


def test_a_moved_tag_is_looked_at(remote: Remote) -> None:
    remote.repo.git("tag", "--message=a tag", "v1")
    assert remote.push("origin", "v1")[:2] == (0, [])
    remote.repo.git("tag", "--force", f"--message={pair_lines()}", "v1")
    said = remote.push("--force", "origin", "v1")
    assert (said.code, without_tip(said.leaks)) == (1, tag_leak(remote.repo, "v1"))


@pytest.mark.parametrize("kind", ["light", "annotated"])
def test_a_tag_on_a_blob_is_looked_at(remote: Remote, kind: str) -> None:
    repo = remote.repo
    blob = repo.git("hash-object", "-w", "--stdin", stdin=pair_lines().encode()).strip()
    repo.git("tag", *(() if kind == "light" else ("--message=a tag",)), "key", blob)
    said = remote.push("origin", "key")
    assert (said.code, said.leaks) == (1, loose("refs/tags/key"))
    clean = repo.git("hash-object", "-w", "--stdin", stdin=b"nothing").strip()
    repo.git("tag", "clean", clean)
    assert remote.push("origin", "clean")[:2] == (0, [])


@pytest.mark.parametrize("kind", ["light", "annotated"])
def test_a_tag_on_a_tree_is_looked_at(remote: Remote, kind: str) -> None:
    repo = remote.repo
    repo.stage("sub/密钥.py", pair_lines())
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},library")
    tree = repo.git("write-tree").strip()
    repo.git("tag", *(() if kind == "light" else ("--message=a tag",)), "tree", tree)
    said = remote.push("origin", "tree")
    assert (said.code, said.leaks) == (1, loose("sub/密钥.py"))


# Standard input that git does not give


def test_standard_input_that_is_not_git_s_is_refused(remote: Remote) -> None:
    lines = [
        "nonsense\n",
        "refs/heads/main {id} refs/heads/main\n",
        "refs/heads/main {id} refs/heads/main {zero} more\n",
        "refs/heads/main HEAD refs/heads/main {zero}\n",
        "refs/heads/main {id} refs/heads/main 000\n",
        "refs/heads/main --all refs/heads/main {zero}\n",
        "refs/heads/main {id} refs/heads/main {zero}\n\n",
        "\n",
        "{zero} {id} refs/heads/main\n",
    ]
    added = leaky(remote.repo)
    said = {line: pre_push(remote.repo, line.format(id=added, zero="0" * 40)) for line in lines}
    refusal = "alikey-hook: standard input is not what git gives this hook.\nhelp: "
    assert said == dict.fromkeys(lines, (2, [], refusal))


def test_a_pushed_object_that_is_not_here_is_refused(remote: Remote) -> None:
    code, found, said = pre_push(remote.repo, f"refs/heads/main {'1' * 40} refs/heads/main {'0' * 40}\n")
    assert (code, found) == (2, [])
    assert said.startswith(f"alikey-hook: object {'1' * 40} cannot be read")


def test_nothing_to_push_is_clean(remote: Remote) -> None:
    leaky(remote.repo)
    assert pre_push(remote.repo, "") == (0, [], "")


def test_the_remote_must_be_named(remote: Remote) -> None:
    done = remote.repo.hook("--stage", "pre-push")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("alikey-hook: pre-push takes the remote and its URL.\n")


def pre_push(repo: Repo, stdin: str) -> tuple[int, list[Leak], str]:
    """Exit code and findings of the hook by itself, and what it says up to the advice."""
    script = repo.top / ".git" / "hooks" / "pre-push"
    for name in ("code", "report"):
        (script.parent / f"pre-push.{name}").unlink(missing_ok=True)
    done = subprocess.run([script, "origin", "/nowhere"], cwd=repo.top, input=stdin.encode(), capture_output=True)
    report = script.parent / "pre-push.report"
    before, help, _ = done.stderr.decode().partition("help: ")
    return done.returncode, leaks(report.read_text()) if report.exists() else [], before + help
