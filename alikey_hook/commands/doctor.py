"""`alikey-hook doctor`: is the hook really in place, and does it really reject?"""

from __future__ import annotations

import os
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from typing import NamedTuple

from alikey_hook import baseline
from alikey_hook.commands.arguments import Parser
from alikey_hook.commands.output import write
from alikey_hook.errors import UserError
from alikey_hook.git import hooks
from alikey_hook.git.blobs import Blobs
from alikey_hook.git.tree import Repository, index_blobs, repository
from alikey_hook.report.printable import printable

_DESCRIPTION = """\
Tell whether this repository's hook is in place, which baseline it reads, and whether a made-up AccessKey, staged in a
scratch index that leaves the repository as it is, is really refused.
exit code: 0 it is refused, 1 it is not (what to do is printed), 2 it could not be tried."""
_GOOD, _FIX, _NOTE = "ok  ", "fix ", "note"
# How a hook's script tells who made it, and how that tool is told to call us.
_MANAGERS = (
    ("prek", "prek", "`prek install`"),
    ("pre-commit", "pre-commit", "`pre-commit install`"),
    ("lefthook", "lefthook", "`lefthook install`"),
    ("husky", "husky", "`npx husky`"),
    ("alikey-hook", "a script", ""),
)
_OTHER_STAGES = {
    "pre-merge-commit": "a clean merge is not checked",
    "commit-msg": "commit messages are not checked",
    "pre-push": "what cherry-pick, rebase and revert bring is not checked before it is pushed",
}
_PROBE = "alikey_hook_doctor.py"
_PROVES = "alibaba-access-key-secret"


class Line(NamedTuple):
    """One thing that was looked at."""

    mark: str
    text: str


def main(argv: Sequence[str]) -> int:
    """Look and try; the exit code is 0 (refused) or 1 (not refused)."""
    parser().parse_args(list(argv))
    here = repository()
    lines = [Line(_GOOD, f"repository: {here.top}"), *_baseline(here), *_hooks(here)]
    write("".join(f"{line.mark}  {printable(line.text)}\n" for line in lines), None)
    return 1 if any(line.mark == _FIX for line in lines) else 0


def parser() -> ArgumentParser:
    """The parser of this command's arguments."""
    return Parser("alikey-hook doctor", description=_DESCRIPTION, formatter_class=RawDescriptionHelpFormatter)


def _baseline(here: Repository) -> list[Line]:
    blobs = Blobs()
    try:
        allowlist = baseline.from_index([], here, blobs.read)
    except UserError as error:
        return [Line(_FIX, f"baseline: {error.message}")]
    finally:
        blobs.close()
    names = [path for path, _ in index_blobs(baseline.FOLDER, here.prefix) if baseline.is_default(path)]
    if not names:
        return [Line(_NOTE, "baseline: none is staged or committed (baseline/alikey*.yaml); nothing is allowed")]
    return [Line(_GOOD, f"baseline: {', '.join(names)}: {len(allowlist)} entries")]


def _hooks(here: Repository) -> list[Line]:
    folder = hooks.folder()
    path = os.path.join(folder, "pre-commit")
    lines = [_told(folder, name, missing) for name, missing in _OTHER_STAGES.items()]
    if not _runs(path):
        why = "is not executable: chmod +x it" if os.path.exists(path) else "does not exist"
        return [Line(_FIX, f"pre-commit: {path} {why}. See docs/git-hooks.md; with pre-commit: `pre-commit install`"), *lines]
    return [_tried(path, here), *lines]


def _told(folder: str, name: str, missing: str) -> Line:
    path = os.path.join(folder, name)
    return Line(_GOOD, f"{name}: {path} ({_manager(path)[0]})") if _runs(path) else Line(_NOTE, f"{name}: no hook; {missing}")


def _runs(path: str) -> bool:
    return os.path.isfile(path) and os.access(path, os.X_OK)


def _manager(path: str) -> tuple[str, str]:
    """Who made a hook, and how it is put in place again."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            script = file.read(65536)
    except OSError:
        script = ""
    return next(((who, how) for word, who, how in _MANAGERS if word in script), ("unknown", ""))


def _tried(path: str, here: Repository) -> Line:
    import tempfile

    manager, install = _manager(path)
    with tempfile.TemporaryDirectory(prefix="alikey-hook-") as scratch:
        work = os.path.join(os.path.realpath(scratch), "work")
        files = _copied(here.top, work)
        with open(os.path.join(work, _PROBE), "w", encoding="utf-8") as probe:
            probe.write(_made_up())
        try:
            tried = hooks.try_hook(path, here, work, [*files, _PROBE])
        except (OSError, ValueError) as error:
            return Line(_FIX, f"pre-commit: {path} ({manager}) cannot be run: {type(error).__name__}")
    if tried.code != 0 and _PROVES in tried.output:
        return Line(_GOOD, f"pre-commit: {path} ({manager}); a made-up AccessKey was refused")
    if tried.code != 0:
        return Line(_FIX, f"pre-commit: {path} ({manager}) failed without a word of alikey-hook; run it by hand to see why")
    again = f" (then {install})" if install else ""
    return Line(_FIX, f"pre-commit: {path} ({manager}) let a made-up AccessKey pass: make it call alikey-hook{again}")


def _copied(top: str, work: str) -> list[str]:
    """Copy what hook managers read (files at the top, and what their folders hold) into a scratch working tree."""
    import shutil

    os.mkdir(work)
    copied = []
    for entry in os.scandir(top):
        if entry.is_file(follow_symlinks=False) and entry.stat().st_size < 1_000_000:
            shutil.copyfile(entry.path, os.path.join(work, entry.name))
            if entry.name in (".pre-commit-config.yaml", "prek.toml", "lefthook.yml", "lefthook.yaml", "package.json"):
                copied.append(entry.name)
        elif entry.is_dir(follow_symlinks=False) and entry.name in (".husky", ".githooks", ".hooks"):
            shutil.copytree(entry.path, os.path.join(work, entry.name), symlinks=True)
    return copied


def _made_up() -> str:
    """A file with a random AccessKey of the right shape that nobody ever had."""
    import secrets

    base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    key_id = "LTAI5t" + "".join(secrets.choice(base58) for _ in range(18))
    secret = "".join(secrets.choice(base58) for _ in range(30))
    return f'access_key_id = "{key_id}"\naccess_key_secret = "{secret}"\n'
