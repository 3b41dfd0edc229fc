"""A random walk through a real repository, driven by the real git; after every step the hook is asked what the commit adds."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.model.contents import BODY, CHARSETS, VALUES, bytes_of_line, encoded, fingerprint, line_with, texts, values
from tests.model.looking import Reading, Said, asked, asked_to_push, ran
from tests.model.truth import Tree, Truth, added

PATHS = (
    "app.py",
    "src/app.py",
    "src/deep/settings.conf",
    "notes.txt",
    "配置 a.py",
    'quo"te\t.py',
    "new\nline.py",
    "-dash.py",
    ":colon.py",
    "caf\udce9.txt",
    "src",
)
BRANCHES = ("main", "side", "other")
_BASELINE = "baseline/alikey-{}.yaml"
_ALLOWED = "version: 1\nallow:\n  - fingerprint: {}\n    status: test-fixture\n    reason: a value of the tests\n"
# Of each kind that changes what git shows, stores or compares.
CONFIG = (
    ("core.autocrlf", ("true", "input", "false")),
    ("core.eol", ("lf", "crlf")),
    ("core.quotePath", ("true", "false")),
    ("core.precomposeUnicode", ("true", "false")),
    ("core.fileMode", ("true", "false")),
    ("core.symlinks", ("true", "false")),
    ("core.ignoreCase", ("true", "false")),
    ("core.abbrev", ("4", "40")),
    ("core.bigFileThreshold", ("1", "1g")),
    ("core.looseCompression", ("0", "9")),
    ("core.splitIndex", ("true", "false")),
    ("core.untrackedCache", ("true", "false")),
    ("core.commentChar", (";", "auto")),
    ("index.version", ("2", "4")),
    ("color.ui", ("always", "never")),
    ("color.diff", ("always",)),
    ("diff.external", ("true",)),
    ("diff.renames", ("false", "true", "copies")),
    ("diff.renameLimit", ("1", "1000")),
    ("diff.noprefix", ("true", "false")),
    ("diff.mnemonicPrefix", ("true", "false")),
    ("diff.relative", ("true", "false")),
    ("diff.ignoreSubmodules", ("all", "none")),
    ("diff.algorithm", ("patience", "histogram")),
    ("diff.driver.textconv", ("true",)),
    ("diff.driver.command", ("true",)),
    ("diff.driver.binary", ("true", "false")),
    ("filter.shift.clean", ("tr A-Z B-ZA",)),
    ("filter.shift.smudge", ("tr B-ZA A-Z",)),
    ("merge.conflictStyle", ("diff3", "merge")),
    ("merge.renames", ("false", "true")),
    ("rerere.enabled", ("true", "false")),
    ("status.relativePaths", ("true", "false")),
    ("i18n.commitEncoding", ("utf-8", "gbk")),
)
ATTRIBUTES = (
    "*.py text", "*.py text eol=crlf", "*.py -text", "*.txt text=auto", "*.txt eol=lf", "*.conf binary", "*.py -diff",
    "* -diff", "*.txt working-tree-encoding=UTF-16", "*.conf working-tree-encoding=UTF-16LE-BOM",
    "*.py working-tree-encoding=GBK", "*.py diff=driver", "* diff=driver", "*.txt ident", "*.conf filter=shift",
    "*.py merge=ours", "*.txt merge=union", "*.py export-ignore",
)  # fmt: skip
_STASHES = ("push", "push --keep-index", "push --include-untracked", "push --staged", "pop", "pop --index", "apply")
_TIDYING = ("repack -a -d -q", "prune-packed -q", "pack-refs --all", "update-index --really-refresh", "commit-graph write")
_SCRIPT = """\
#!/bin/sh
"{python}" -m alikey_hook hook >/dev/null 2>&1
code=$?
echo $code >"{log}"
exit $code
"""
_DATES = {"GIT_AUTHOR_DATE": "1700000000 +0100", "GIT_COMMITTER_DATE": "1700000000 +0100"}
_REAL = 40  # every so many steps a process of its own is asked too
_MOST = 12  # commits that one push is made of

paths, branches = st.sampled_from(PATHS), st.sampled_from(BRANCHES)
contents = st.builds(encoded, texts(), st.sampled_from(CHARSETS))


class RepositoryMachine(RuleBasedStateMachine):
    """`tally`: how many answers were checked, in which states, of all machines."""

    tally: ClassVar[Counter[str]] = Counter()

    @initialize(
        options=st.sampled_from([(), (), ("--object-format=sha256",)]),
        files=st.lists(contents, min_size=5, max_size=5),
        first=st.sampled_from([True, True, True, False]),
    )
    def begin(self, options: tuple[str, ...], files: list[bytes], first: bool) -> None:
        """A new repository, with three branches that have something in common, or without a commit."""
        self.home = Path(tempfile.mkdtemp())
        self.top = self.home / "top"
        self.trees = [self.top]
        subprocess.run(["git", "init", "--quiet", *options, str(self.top)], check=True)
        self.here = self.top
        self.reading = Reading(self.top)
        self.step = 0
        self.pushed: set[str] = set()
        if first:
            done = self.git("fast-import", "--quiet", stdin=_history(files))
            assert done.returncode == 0, done.stderr
            self.git("reset", "--quiet", "--hard")

    def teardown(self) -> None:
        """Leave nothing behind."""
        if hasattr(self, "reading"):
            self.reading.close()
            shutil.rmtree(self.home)

    def git(self, *args: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """git, which may refuse: then nothing has changed, or half of it, and the hook is asked all the same."""
        env = {**os.environ, **_DATES, "GIT_EDITOR": "true", "GIT_SEQUENCE_EDITOR": "true"}
        return subprocess.run(["git", *args], cwd=self.here, input=stdin, capture_output=True, env=env)

    # Files of the working tree

    def write(self, path: str, content: bytes) -> None:
        """Write a file, where the path is not taken by something else than a file."""
        target = self.here / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.is_symlink():
                target.unlink()
            target.write_bytes(content)
        except OSError:  # a folder where a file is to be, or the reverse
            pass

    def read(self, path: str) -> bytes | None:
        """A file's bytes, None where there is none."""
        target = self.here / path
        return target.read_bytes() if target.is_file() and not target.is_symlink() else None

    @rule(path=paths, content=contents)
    def write_a_file(self, path: str, content: bytes) -> None:
        self.write(path, content)

    @rule(path=paths, content=contents)
    def write_and_stage(self, path: str, content: bytes) -> None:
        self.write(path, content)
        self.git("add", "--", f":(literal){path}")

    @rule(path=paths, value=values, stage=st.booleans())
    def append_a_key(self, path: str, value: str, stage: bool) -> None:
        content = self.read(path)
        if content is not None:
            self.write(path, content + bytes_of_line(content, line_with(value)))
            if stage:
                self.git("add", "--", f":(literal){path}")

    @rule(path=paths, line=st.integers(0, 6))
    def take_a_line_away(self, path: str, line: int) -> None:
        lines = (self.read(path) or b"").splitlines(keepends=True)
        if line < len(lines) and b"\0" not in lines[line]:
            self.write(path, b"".join(lines[:line] + lines[line + 1 :]))

    @rule(path=paths)
    def indent_and_reverse(self, path: str) -> None:
        content = self.read(path)
        if content and b"\0" not in content:
            self.write(path, b"".join(b"  " + line for line in reversed(content.splitlines(keepends=True))))
            self.git("add", "--", f":(literal){path}")

    @rule(old=paths, new=paths)
    def copy(self, old: str, new: str) -> None:
        content = self.read(old)
        if content is not None:
            self.write(new, content)
            self.git("add", "--", f":(literal){new}")

    @rule(path=paths, value=values)
    def make_a_link(self, path: str, value: str) -> None:
        target = self.here / path
        if target.parent.is_dir() and not target.is_dir():
            target.unlink(missing_ok=True)
            target.symlink_to(f"id={value}" if value.startswith("LTAI") else "nowhere")
            self.git("add", "--", f":(literal){path}")

    @rule(path=paths)
    def delete_from_the_working_tree(self, path: str) -> None:
        target = self.here / path
        if target.is_file() or target.is_symlink():
            target.unlink()

    # The index

    @rule()
    def stage_all(self) -> None:
        self.git("add", "--all")

    @rule(path=paths)
    def stage(self, path: str) -> None:
        self.git("add", "--all", "--", f":(literal){path}")

    @rule(path=paths, content=contents, mode=st.sampled_from(["100644", "100755", "120000"]))
    def stage_what_the_working_tree_has_not(self, path: str, content: bytes, mode: str) -> None:
        blob = self.git("hash-object", "-w", "--stdin", stdin=content).stdout.decode().strip()
        self.git("update-index", "--add", "--replace", "--cacheinfo", f"{mode},{blob},{path}")

    @rule(answers=st.lists(st.sampled_from("yns"), min_size=1, max_size=6))
    def stage_some_hunks(self, answers: list[str]) -> None:
        self.git("-c", "color.ui=false", "add", "--patch", stdin="".join(answer + "\n" for answer in answers).encode())

    @rule(path=paths)
    def apply_to_the_index(self, path: str) -> None:
        """What the working tree has is staged as a patch, as editors stage a hunk."""
        patch = self.git("diff-files", "--patch", "--binary", "-U1", "--", f":(literal){path}").stdout
        self.git("apply", "--cached", stdin=patch)

    @rule(path=paths, cached=st.booleans())
    def remove(self, path: str, cached: bool) -> None:
        self.git("rm", "--quiet", "-r", "--force", *(["--cached"] if cached else []), "--", f":(literal){path}")

    @rule(old=paths, new=paths)
    def rename(self, old: str, new: str) -> None:
        self.git("mv", "--force", "--", old, new)

    @rule(path=paths, how=st.sampled_from(["+x", "-x"]))
    def change_the_mode(self, path: str, how: str) -> None:
        self.git("update-index", f"--chmod={how}", "--", path)

    @rule(path=paths)
    def intend_to_add(self, path: str) -> None:
        self.git("add", "--intent-to-add", "--", f":(literal){path}")

    @rule(path=paths)
    def stage_a_submodule(self, path: str) -> None:
        head = self.git("rev-parse", "--verify", "HEAD").stdout.decode().strip()
        if head:
            self.git("update-index", "--add", "--replace", "--cacheinfo", f"160000,{head},{path}")

    @rule(path=paths, how=st.sampled_from([("--staged",), ("--staged", "--worktree"), ("--worktree",)]))
    def restore(self, path: str, how: tuple[str, ...]) -> None:
        self.git("restore", *how, "--", f":(literal){path}")

    @rule(how=st.sampled_from(["--soft", "--mixed", "--hard", "--merge"]), to=st.sampled_from(["HEAD", "HEAD~1", *BRANCHES]))
    def reset(self, how: str, to: str) -> None:
        self.git("reset", "--quiet", how, to)

    @rule(value=values, gone=st.booleans())
    def allow(self, value: str, gone: bool) -> None:
        """An exception is staged, or taken back."""
        path = _BASELINE.format(sorted(VALUES).index(value))
        if gone:
            self.git("rm", "--quiet", "--force", "--cached", "--", path)
        else:
            self.write(path, _ALLOWED.format(fingerprint(value)).encode())
            self.git("add", "--", path)

    # Commits, branches, and what combines them

    def settle(self, wanted: bool) -> None:
        """Commit all that there is, so that nothing is in the way of what comes next."""
        if wanted:
            self.git("add", "--all")
            self.git("commit", "--quiet", "--message=all", "--no-verify")

    @rule(options=st.sampled_from([(), (), ("--all",), ("--amend",), ("--amend", "--all"), ("--allow-empty",)]))
    def commit(self, options: tuple[str, ...]) -> None:
        self.git("commit", "--quiet", "--message=a commit", *options)

    @rule(options=st.sampled_from([(), ("--all",), ("--amend",)]))
    def commit_through_the_hook(self, options: tuple[str, ...]) -> None:
        """The real thing: git refuses what the hook refuses."""
        before = self._head()
        script = Path(self.git("rev-parse", "--path-format=absolute", "--git-path", "hooks/pre-commit").stdout.decode().strip())
        script.parent.mkdir(exist_ok=True)
        log = self.home / "said"
        script.write_text(_SCRIPT.format(python=sys.executable, log=log))
        script.chmod(0o755)
        done = self.git("commit", "--quiet", "--message=a commit", *options)
        script.unlink()
        code = log.read_text().strip() if log.exists() else ""
        log.unlink(missing_ok=True)
        if code in ("1", "2", "3"):
            assert done.returncode and self._head() == before
        assert code != "3", "a bug"
        if code and options != ("--all",) and not done.returncode:
            self._assert_was_clean(before if options == ("--amend",) else "")

    def _assert_was_clean(self, replaced: str) -> None:
        """What the hook has let through adds nothing; an amended commit is measured by the one that it replaces."""
        commit = self._head()
        parents = [replaced] if replaced else self.git("rev-parse", f"{commit}^@").stdout.decode().split()
        truth = added(self.reading.tree(commit), [self.reading.tree(parent) for parent in parents])
        allowed = self._allowed(self.reading.tree(commit))
        assert not [key for key in truth.must if key[1] not in allowed], "a commit with a new key passed the hook"

    @rule(name=branches, start=st.booleans(), settled=st.booleans())
    def switch(self, name: str, start: bool, settled: bool) -> None:
        self.settle(settled)
        self.git("switch", "--quiet", *(["-C"] if start else []), name)

    @rule(
        name=branches,
        other=st.none() | branches,
        options=st.sampled_from(["", "--no-commit", "--squash", "--strategy=ours", "-Xtheirs", "-Xours"]),
        settled=st.booleans(),
    )
    def merge(self, name: str, other: str | None, options: str, settled: bool) -> None:
        self.settle(settled)
        names = [name, *([other] if other and other != name else [])]
        extra = [options] if options else []
        self.git("merge", "--quiet", "--no-ff", "--no-edit", "--allow-unrelated-histories", *extra, *names)

    @rule(name=branches, options=st.sampled_from(["", "--no-commit"]), settled=st.booleans())
    def cherry_pick(self, name: str, options: str, settled: bool) -> None:
        self.settle(settled)
        self.git("cherry-pick", "--allow-empty", "--keep-redundant-commits", *([options] if options else []), name)

    @rule(name=branches, options=st.sampled_from(["", "--no-commit"]), settled=st.booleans())
    def revert(self, name: str, options: str, settled: bool) -> None:
        self.settle(settled)
        self.git("revert", "--no-edit", *([options] if options else []), name)

    @rule(name=branches, settled=st.booleans())
    def rebase(self, name: str, settled: bool) -> None:
        self.settle(settled)
        self.git("rebase", "--quiet", "--empty=keep", name)

    @rule(how=st.sampled_from(_STASHES))
    def stash(self, how: str) -> None:
        self.git("stash", *how.split())

    @rule(path=paths, side=st.sampled_from(["--ours", "--theirs", "--merge"]), value=st.none() | values)
    def resolve(self, path: str, side: str, value: str | None) -> None:
        """One side of a conflict is taken, perhaps with a key typed into it."""
        self.git("checkout", side, "--", f":(literal){path}")
        content = self.read(path)
        if value and content is not None:
            self.write(path, content + bytes_of_line(content, line_with(value)))
        self.git("add", "--", f":(literal){path}")

    @rule(how=st.sampled_from(["--continue", "--abort", "--skip", "--quit"]))
    def end_what_is_under_way(self, how: str) -> None:
        """Whatever is resolved as it stands, and a merge, a rebase or the like goes on or is given up."""
        if how == "--continue":
            self.git("add", "--all")
        for command in ("rebase", "cherry-pick", "revert", "merge"):
            self.git(command, how)

    # Where we stand, and how git is set up

    @rule(name=branches)
    def go_to_a_worktree(self, name: str) -> None:
        """Into another working tree, which is made where there are less than three."""
        if len(self.trees) < 3:
            made = self.home / f"tree-{len(self.trees)}"
            done = self.git("worktree", "add", "--quiet", "--force", "--detach", str(made), name)
            if done.returncode == 0:
                self.trees.append(made)
        self.here = self.trees[(self.trees.index(self.here) + 1) % len(self.trees)]

    @rule(key=st.sampled_from(CONFIG), choice=st.integers(0, 2))
    def configure(self, key: tuple[str, tuple[str, ...]], choice: int) -> None:
        self.git("config", key[0], key[1][choice % len(key[1])])

    @rule(lines=st.lists(st.sampled_from(ATTRIBUTES), max_size=3), stage=st.booleans())
    def set_attributes(self, lines: list[str], stage: bool) -> None:
        self.write(".gitattributes", "".join(line + "\n" for line in lines).encode())
        if stage:
            self.git("add", ".gitattributes")

    @rule(how=st.sampled_from(_TIDYING))
    def tidy_up(self, how: str) -> None:
        self.git(*how.split())

    # What the hook says

    @invariant()
    def the_hook_tells_what_the_commit_adds(self) -> None:
        if not hasattr(self, "reading"):
            return
        index, unmerged = self.reading.index(self.here)
        said = asked(self.here)
        if unmerged:
            assert said == Said(2, []), "what is not merged was not refused"
        else:
            self._compare(said, added(index, self._parents()), self._allowed(index))
        self.step += 1
        self.tally["steps"] += 1
        self.tally["unmerged"] += unmerged
        self.tally["in a linked worktree"] += self.here != self.top
        self.tally["merging"] += (self._folder() / "MERGE_HEAD").exists()
        if self.step % _REAL == 0:
            assert ran(self.here) == said, "the process of its own says something else"
            query = ("diff", "--staged", "--name-only", "--no-ext-diff", "--no-relative", "--diff-filter=ACMRTUXB", "-z")
            names = [os.fsdecode(name) for name in self.git(*query).stdout.split(b"\0")[:-1]]
            assert not names or ran(self.here, "--", *names) == said, "the process with names says something else"
            folder = self.here / "src"
            assert not folder.is_dir() or asked(folder) == said, "from a subfolder it says something else"

    def _parents(self) -> list[Tree]:
        merging = self._folder() / "MERGE_HEAD"
        others = merging.read_text().split() if merging.exists() else []
        head = self._head()
        return [self.reading.tree(commit) for commit in ([head] if head else []) + others]

    def _folder(self) -> Path:
        """The working tree's own git folder."""
        pointer = self.here / ".git"
        return pointer if pointer.is_dir() else Path(pointer.read_text().removeprefix("gitdir: ").strip())

    def _head(self) -> str:
        """HEAD's commit, "" where there is none yet."""
        name = (self._folder() / "HEAD").read_text().strip()
        if not name.startswith("ref: "):
            return name
        ref = name.removeprefix("ref: ")
        loose, packed = self.top / ".git" / ref, self.top / ".git" / "packed-refs"
        if loose.is_file():
            return loose.read_text().strip()
        lines = packed.read_text().splitlines() if packed.exists() else []
        return next((line.split()[0] for line in lines if line.endswith(" " + ref)), "")

    def _allowed(self, tree: Tree) -> set[str]:
        files = [tree[path].blob for path in tree if path.startswith("baseline/alikey")]
        texts = [self.reading.content(blob).decode() for blob in files]
        return {value for value in VALUES if any(fingerprint(value) in text for text in texts)}

    def _compare(self, said: Said, truth: Truth, allowed: set[str]) -> None:
        told = {(one.path, one.value) for one in said.seen if one.status == "new"}
        must = {key: lines for key, lines in truth.must.items() if key[1] not in allowed}
        assert told >= must.keys(), f"not told: {must.keys() - told}"
        more = told - must.keys()
        assert all(key in truth.may and key[1] not in allowed for key in more), f"told, and not new: {more}"
        assert said.code == int(bool(told)), "the exit code does not fit"
        self.tally["refused"] += said.code
        self.tally["found"] += len(must)
        self.tally["existing"] += sum(one.status == "existing" for one in said.seen)
        self.tally["not certain"] += len(truth.may)
        for key, lines in must.items():
            found = {one.line for one in said.seen if (one.path, one.value) == key}
            assert lines is None or found == lines, f"lines {found} instead of {lines}"

    @invariant()
    def the_push_tells_what_its_commits_add(self) -> None:
        tip = self._head() if hasattr(self, "reading") else ""
        if not tip or tip in self.pushed:
            return
        self.pushed.add(tip)
        commits = self.git("rev-list", tip, "--not", "--remotes=origin").stdout.decode().split()
        if 0 < len(commits) <= _MOST:
            said = asked_to_push(self.here, f"refs/heads/a {tip} refs/heads/a {'0' * len(tip)}\n")
            for commit in commits:
                parents = self.git("rev-parse", f"{commit}^@").stdout.decode().split()
                trees = [self.reading.tree(parent) for parent in parents]
                one = [seen for seen in said.seen if seen.commit == commit]
                code = int(any(seen.status == "new" for seen in one))
                self._compare(Said(code, one), added(self.reading.tree(commit), trees), self._allowed(self.reading.tree(tip)))
                self.tally["commits"] += 1
                self.tally["merges"] += len(parents) > 1
        self.git("update-ref", f"refs/remotes/origin/{tip}", tip)


def _history(files: list[bytes]) -> bytes:
    """Three branches, of which each changes the first file: main once more, side in place, other beside a new one."""
    body, first, second, third, fourth = files
    commits = (
        ("main", "", {"app.py": BODY.encode() + body, "notes.txt": first}),
        ("side", "main", {"app.py": BODY.encode() + body + second}),
        ("other", "main", {"app.py": third + BODY.encode(), "src/app.py": first}),
        ("main", "", {"app.py": BODY.encode() + fourth}),
    )
    stream = b""
    for branch, start, changed in commits:
        stream += f"commit refs/heads/{branch}\ncommitter A Tester <a@example.com> 1700000000 +0100\ndata 1\na\n".encode()
        stream += f"from refs/heads/{start}\n".encode() if start else b""
        for path, content in changed.items():
            stream += b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(content), content)
    return stream
