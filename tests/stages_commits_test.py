"""A range of commits: each one is looked at against all its parents, whatever later ones took away again."""

from pathlib import Path

import pytest

from tests.keys import access_key_id, secret
from tests.repository import ID_RULE, Repo, new_repository, pair_lines
from tests.stages import MESSAGE, NOTHING, Leak, committed, history, leaky, pair_baseline, pair_in, ranged

pytestmark = pytest.mark.once

BODY = "".join(f"line {number}\n" for number in range(1, 31))


@pytest.mark.parametrize("form", ["{a}..{b}", "{b}", "{a}..", "..{b}", "side..main", "v1..v2"])
def test_a_key_that_is_added_and_removed_again_is_found(repo: Repo, form: str) -> None:
    start = committed(repo)
    repo.git("branch", "side")
    repo.git("tag", "v1")
    added = leaky(repo)
    end = committed(repo, NOTHING * 2)
    repo.git("tag", "--annotate", "--message=a tag", "v2")
    if form.startswith(".."):
        repo.git("switch", "--quiet", "side")
    said = ranged(repo, form.format(a=start, b=end))
    assert (said.code, said.leaks) == (1, pair_in(repo, added, in_tip=False))
    assert ranged(repo, f"{added}..{end}")[:2] == (0, [])


def test_a_key_that_is_still_there_is_in_the_tip(repo: Repo) -> None:
    start = committed(repo)
    added = leaky(repo)
    committed(repo, NOTHING * 2, "other.py")
    assert ranged(repo, f"{start}..")[:2] == (1, pair_in(repo, added))


def test_a_key_whose_file_a_later_commit_changes_is_new_once_and_in_the_tip(repo: Repo) -> None:
    start = committed(repo)
    added = leaky(repo)
    changed = committed(repo, NOTHING + pair_lines())
    expected = pair_in(repo, added) + pair_in(repo, changed, line=2, status="existing")
    assert ranged(repo, f"{start}..")[:2] == (1, expected)
    assert ranged(repo, f"{added}..")[:2] == (0, expected[2:])


def test_a_key_that_stands_in_the_tip_where_the_range_did_not_touch_it_is_in_the_tip(repo: Repo) -> None:
    start = leaky(repo, "old.py")
    copied = committed(repo, NOTHING + pair_lines(), "copy.py")
    repo.git("rm", "--quiet", "copy.py")
    repo.commit()
    assert ranged(repo, f"{start}..")[:2] == (1, pair_in(repo, copied, "copy.py", 2, in_tip=True))


def test_a_key_that_comes_back_is_new(repo: Repo) -> None:
    leaky(repo)
    start = committed(repo)
    again = leaky(repo)
    assert ranged(repo, f"{start}..")[:2] == (1, pair_in(repo, again))


def test_the_author_s_day_is_that_of_her_own_time_zone(repo: Repo) -> None:
    repo.stage("app.py", pair_lines())
    dates = {"GIT_AUTHOR_DATE": "2024-02-28T23:30:00-0800", "GIT_COMMITTER_DATE": "2025-01-01T00:00:00+0000"}
    repo.git("commit", "--quiet", "--message=a commit", env=dates)
    assert {leak.author_date for leak in ranged(repo, "HEAD").leaks} == {"2024-02-28"}


def test_a_root_commit_is_looked_at(repo: Repo) -> None:
    root = leaky(repo)
    repo.git("config", "log.showRoot", "false")
    assert ranged(repo, "HEAD")[:2] == (1, pair_in(repo, root))
    repo.git("switch", "--quiet", "--orphan", "other")
    other = leaky(repo, "other.py", 2)
    assert ranged(repo, "main..other")[:2] == (1, pair_in(repo, other, "other.py"))


def test_a_renamed_file_keeps_its_key_and_a_new_one_is_found(repo: Repo) -> None:
    start = committed(repo, BODY + pair_lines())
    repo.git("mv", "app.py", "moved.py")
    moved = repo.commit()
    assert ranged(repo, f"{start}..")[:2] == (0, pair_in(repo, moved, "moved.py", 31, "existing"))
    repo.git("mv", "moved.py", "again.py")
    edited = committed(repo, BODY + pair_lines() + pair_lines(2), "again.py")
    expected = pair_in(repo, edited, "again.py", 31, "existing") + pair_in(repo, edited, "again.py", 33)
    assert ranged(repo, f"{moved}..")[:2] == (1, expected)


def test_a_symbolic_link_and_a_submodule_in_a_commit(repo: Repo, tmp_path: Path) -> None:
    start = committed(repo)
    library = new_repository(tmp_path / "library")
    committed(library)
    repo.git("submodule", "--quiet", "add", str(library.top), "library")
    (repo.top / "link").symlink_to(access_key_id(1))
    repo.stage("link")
    commit = repo.commit()
    day = repo.git("log", "-1", "--format=%as").strip()
    assert ranged(repo, f"{start}..")[:2] == (1, [Leak(ID_RULE, "new", "link", 1, commit, day, True)])


@pytest.mark.parametrize("charset", ["gb18030", "utf-16", "utf-16-le"])
def test_a_key_in_a_file_of_another_charset_is_found(repo: Repo, charset: str) -> None:
    start = committed(repo)
    added = committed(repo, ("# 阿里云密钥\n" + pair_lines()).encode(charset))
    committed(repo)
    assert ranged(repo, f"{start}..")[:2] == (1, pair_in(repo, added, line=2, in_tip=False))


@pytest.mark.parametrize(
    "path", ["密钥.py", "a b.py", "a\nb.py", "a\tb.py", ":1.py", "::x", '"q".py', "-q", "\udcff.py"], ids=ascii
)
def test_no_name_hides_a_key(repo: Repo, path: str) -> None:
    start = committed(repo, path="before.py")
    added = leaky(repo, path)
    repo.git("rm", "--quiet", "--", f":(literal){path}")
    repo.commit()
    assert ranged(repo, f"{start}..")[:2] == (1, pair_in(repo, added, path, in_tip=False))


SETTINGS = [
    *("color.ui=always", "diff.external=true", "diff.noprefix=true", "diff.relative=true", "diff.renames=copies"),
    *("core.quotePath=false", "diff.orderFile=nowhere", "diff.ignoreSubmodules=all", "log.showSignature=true"),
    *("log.diffMerges=first-parent", "log.follow=true", "core.attributesFile=../binary", "diff.renameLimit=1"),
]


def test_no_setting_hides_a_key(repo: Repo) -> None:
    (repo.top.parent / "binary").write_text("* binary\n")
    start = committed(repo, NOTHING, "sub/other.py")
    added = leaky(repo)
    committed(repo)

    def found(setting: str) -> tuple[int, list[Leak]]:
        key, value = setting.split("=")
        env = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": key, "GIT_CONFIG_VALUE_0": value}
        said = ranged(repo, f"{start}..", env=env, cwd="sub" if key.startswith("diff") else "")
        return said.code, said.leaks

    assert {setting: found(setting) for setting in SETTINGS} == dict.fromkeys(SETTINGS, (1, pair_in(repo, added, in_tip=False)))


@pytest.mark.parametrize("how", ["a replacement of the blob", "a replacement of the commit", "a graft"])
def test_nothing_that_only_this_repository_has_hides_a_commit(repo: Repo, how: str) -> None:
    start = committed(repo)
    added = leaky(repo)
    end = committed(repo, NOTHING * 2)
    if how == "a replacement of the blob":
        repo.git("replace", f"{added}:app.py", f"{start}:app.py")
    elif how == "a replacement of the commit":
        repo.git("replace", added, start)
    else:
        repo.write(".git/info/grafts", f"{end} {start}\n")
    said = ranged(repo, f"{start}..{end}")
    assert (said.code, said.leaks) == (1, pair_in(repo, added, in_tip=False))


def test_more_commits_than_one_call_of_git_takes_are_all_looked_at(repo: Repo) -> None:
    places = (0, 10, 199, 200, 201, 399, 400, 449)
    ids = history(repo, 450, {place: pair_lines(place + 1) for place in places})
    said = ranged(repo, "main")
    assert len(ids) == 450
    assert said.code == 1
    assert said.leaks == [leak for place in places for leak in pair_in(repo, ids[place], in_tip=place == 449)]


def test_a_key_in_a_message_is_found(repo: Repo) -> None:
    start = committed(repo)
    commit = committed(repo, NOTHING * 2, message=f"a subject\n\nsee below\n{pair_lines()}")
    said = ranged(repo, f"{start}..")
    assert said.code == 1
    assert [leak._replace(in_tip=None) for leak in said.leaks] == pair_in(repo, commit, MESSAGE, 4, in_tip=None)


def test_a_key_in_the_message_of_the_newest_commit_is_not_called_gone(repo: Repo) -> None:
    committed(repo, message=f"a subject\n\n{pair_lines()}")
    done = repo.scan("--commits", "HEAD", "--color", "never", "--lang", "en")
    assert done.returncode == 1
    assert "(commit message):3:18: alibaba-access-key-id critical" in done.stdout
    assert "gone from the newest commit" not in done.stdout


def test_a_key_in_a_gbk_message_is_found(repo: Repo) -> None:
    repo.stage("app.py", NOTHING)
    text = f"提交说明\n\n密钥{pair_lines()}".encode("gb18030")
    repo.git("-c", "i18n.commitEncoding=GBK", "commit", "--quiet", "--file=-", stdin=text)
    assert b"encoding GBK" in repo.git("cat-file", "commit", "HEAD").encode("utf-8", "surrogateescape")
    said = ranged(repo, "HEAD")
    assert [(leak.path, leak.line) for leak in said.leaks] == [(MESSAGE, 3), (MESSAGE, 4)]


def test_a_sha_256_repository_is_looked_at(tmp_path: Path, home: Path) -> None:
    repo = new_repository(tmp_path / "repo", "--object-format=sha256")
    start = committed(repo)
    added = leaky(repo)
    end = committed(repo)
    assert len(added) == 64
    assert ranged(repo, f"{start}..")[:2] == (1, pair_in(repo, added, in_tip=False))
    ids = history(repo, 201, {200: pair_lines(2)}, end)
    assert len(ids) == 201
    assert ranged(repo, f"{end}..")[:2] == (1, pair_in(repo, ids[-1]))


# What a report says


def test_the_text_report_tells_a_secret_once_with_all_its_places(repo: Repo) -> None:
    start = committed(repo)
    ids = [leaky(repo, f"{number}.py") for number in range(1, 9)]
    repo.git("rm", "--quiet", *(f"{number}.py" for number in range(1, 9)))
    away = repo.commit()
    done = repo.scan("--commits", f"{start}..", "--color", "never", "--lang", "en")
    key, day = access_key_id(1), repo.git("log", "-1", "--format=%as").strip()
    places = "".join(f"    also {n}.py:{{0}}, came in commit {ids[n - 1][:12]} ({day})\n" for n in range(2, 7))
    notes = f"came in commit {ids[0][:12]} ({day}); gone from the newest commit, but not from the history ({away[:12]})\n"
    assert done.returncode == 1
    assert done.stdout.startswith(
        f"1.py:1:18: alibaba-access-key-id critical {key[:8]}…{key[-4:]}\n"
        f'    access_key_id = "{"*" * 24}"\n'
        f"                     {'^' * 24}\n"
        f"    a pair with line 2: whoever reads both can use them; {notes}"
        f"{places.format('1:18')}    and 2 more places\n\n"
        "1.py:2:22: alibaba-access-key-secret critical 30 characters\n"
        f'    access_key_secret = "{"*" * 30}"\n'
        f"                         {'^' * 30}\n"
        f"    a pair with line 1: whoever reads both can use them; {notes}"
        f"{places.format('2:22')}    and 2 more places\n\n"
    )
    assert done.stderr.startswith("alikey-hook: 16 leaked in ")
    assert secret(1) not in done.stdout + done.stderr
    assert key not in done.stdout + done.stderr


def test_the_text_report_does_not_tell_again_what_a_later_commit_still_has(repo: Repo) -> None:
    start = committed(repo)
    leaky(repo)
    changed = committed(repo, NOTHING + pair_lines())
    done = repo.scan("--commits", f"{start}..", "--color", "never", "--lang", "en")
    assert "\napp.py:2:22: " in done.stdout
    assert changed[:12] not in done.stdout
    assert "still there in the newest commit" in done.stdout


# Baselines


def test_the_baseline_of_the_last_commit_counts(repo: Repo) -> None:
    start = committed(repo)
    added = leaky(repo)
    allowed = committed(repo, pair_baseline(repo), "baseline/alikey.yaml")
    repo.git("rm", "--quiet", "--cached", "baseline/alikey.yaml")
    without = repo.commit()
    assert (repo.top / "baseline" / "alikey.yaml").is_file()
    assert ranged(repo, f"{start}..{allowed}")[:2] == (0, pair_in(repo, added, status="allowed"))
    for end in (added, without):
        assert ranged(repo, f"{start}..{end}")[:2] == (1, pair_in(repo, added))


def test_with_a_baseline_ref_a_range_cannot_allow_itself(repo: Repo) -> None:
    committed(repo)
    repo.git("switch", "--quiet", "-c", "pull-request")
    added = leaky(repo)
    committed(repo, pair_baseline(repo), "baseline/alikey.yaml")
    new, allowed = pair_in(repo, added), pair_in(repo, added, status="allowed")
    assert ranged(repo, "main..")[:2] == (0, allowed)
    assert ranged(repo, "main..", "--baseline-ref", "main")[:2] == (1, new)
    repo.git("switch", "--quiet", "main")
    reviewed = committed(repo, pair_baseline(repo), "baseline/alikey.yaml")
    assert ranged(repo, "main~..pull-request", "--baseline-ref=main")[:2] == (0, allowed)
    assert ranged(repo, f"main~..{added}", f"--baseline-ref={reviewed[:12]}")[:2] == (0, allowed)
    assert ranged(repo, "main~..pull-request", "--baseline-ref=main~")[:2] == (1, new)


def test_a_baseline_ref_that_is_no_commit_is_refused(repo: Repo) -> None:
    leaky(repo)
    refs = ["nowhere", "--all", "-q", "HEAD:app.py", "HEAD^{tree}", "0" * 40, "main..main", ""]
    said = {ref: ranged(repo, "HEAD", f"--baseline-ref={ref}") for ref in refs}
    assert {ref: (code, out) for ref, (code, _, out, _) in said.items()} == dict.fromkeys(refs, (2, ""))
    for ref in refs:
        assert said[ref].err.startswith(f"alikey-hook: --baseline-ref {ref} is no commit here.\nhelp: ")


# Ranges that are none


RANGES_THAT_ARE_NONE = {
    "no revision": ["nowhere", "nowhere..", "..nowhere", "HEAD~9..HEAD", "0" * 40, "HEAD...HEAD~", "a b"],
    "an option": ["--all", "-n1", "-n0..HEAD", "--branches..HEAD", "HEAD..--all", "--all..HEAD", "--remotes=origin..HEAD"],
    "no commit": ["HEAD:app.py", "HEAD^{tree}", "HEAD:app.py..HEAD"],
    "an exclusion": ["^HEAD", "HEAD~..^HEAD", "^HEAD..HEAD"],
    "two ranges": ["HEAD..HEAD~..HEAD"],
}


@pytest.mark.parametrize("ranges", RANGES_THAT_ARE_NONE.values(), ids=list(RANGES_THAT_ARE_NONE))
def test_a_range_that_is_none_is_refused(repo: Repo, ranges: list[str]) -> None:
    committed(repo)
    leaky(repo)
    said = {commits: ranged(repo, commits) for commits in ranges}
    assert {commits: (code, out) for commits, (code, _, out, _) in said.items()} == dict.fromkeys(ranges, (2, ""))
    assert all(one.err.startswith("alikey-hook: ") for one in said.values())


def test_a_range_in_a_repository_without_a_commit_is_refused(repo: Repo) -> None:
    assert ranged(repo, "HEAD").code == 2
    assert ranged(repo, "").code == 2


def test_a_range_without_commits_is_clean(repo: Repo) -> None:
    leaky(repo)
    for commits in ("HEAD..HEAD", "main..", ".."):
        assert ranged(repo, commits)[:2] == (0, [])


@pytest.mark.parametrize("args", [("app.py",), ("--staged",), ("--", "app.py")], ids=" ".join)
def test_a_range_goes_with_nothing_else(repo: Repo, args: tuple[str, ...]) -> None:
    leaky(repo)
    assert repo.scan("--commits", "HEAD", *args).returncode == 2
