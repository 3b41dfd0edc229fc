"""Which baseline counts: the one in the index, in a commit, or in the working tree."""

from __future__ import annotations

import os

from alikey_hook.allowlist.match import Allowlist
from alikey_hook.errors import UserError
from alikey_hook.git.index import may_have
from alikey_hook.git.process import GitError
from alikey_hook.git.tree import Repository, index_blobs, repository, tree_blobs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from alikey_hook.allowlist.match import Entry

    Read = Callable[[str], bytes]

FOLDER, _NAME, _ENDING = "baseline", "alikey", ".yaml"
_SUFFIXES = (".yaml", ".yml")


def is_default(path: str) -> bool:
    """Whether a path of the repository is one of the baseline files that are read without being named."""
    name = path.removeprefix(FOLDER + "/")
    return path != name and "/" not in name and name.startswith(_NAME) and name.endswith(_ENDING)


def from_index(named: Sequence[str], repository: Repository, read: Read) -> Allowlist:
    """The baseline as the next commit has it. A named file outside the repository is read as it is."""

    def blobs(path: str) -> list[tuple[str, str]]:
        if not named and not may_have(f"{FOLDER}/{_NAME}"):
            return []
        return index_blobs(path, repository.prefix)

    return _from_git(named, repository, read, blobs, "the index", "`git add` it, so that it goes with the commit.")


def from_commit(commit: str, named: Sequence[str], repository: Repository, read: Read) -> Allowlist:
    """The baseline as a commit has it."""

    def blobs(path: str) -> list[tuple[str, str]]:
        return tree_blobs(commit, path)

    return _from_git(named, repository, read, blobs, commit[:12], "Name a baseline that the commit has.")


def from_files(named: Sequence[str], top: str) -> Allowlist:
    """The baseline in the working tree. `top` is the folder whose `baseline/` is read where none is named."""
    return _combined(_in_tree(named, top))


def entries(named: Sequence[str], top: str) -> list[Entry]:
    """The entries of the baseline in the working tree, each with its file's path from the current folder."""
    from alikey_hook.allowlist.parse import is_detect_secrets, parse

    contents = _in_tree(named, top)
    return [entry for path, content in contents if not is_detect_secrets(content) for entry in parse(content, path)]


def _in_tree(named: Sequence[str], top: str) -> Iterator[tuple[str, bytes]]:
    """(path from the current folder, content) of the baseline's files."""
    if named:
        yield from ((os.path.relpath(name), _read(name)) for path in named for name in _expanded(path))
        return
    import glob

    _refuse_link(os.path.join(top, FOLDER))
    for path in sorted(glob.glob(os.path.join(glob.escape(top), FOLDER, f"{_NAME}*{_ENDING}"))):
        _refuse_link(path)
        try:
            yield os.path.relpath(path), _read(path)
        except UserError:
            if os.path.lexists(path):  # else somebody has just removed it, and it allows nothing
                raise


def _refuse_link(path: str) -> None:
    """What git has of a link is no baseline; what lies behind it is not the repository's."""
    if os.path.islink(path):
        raise UserError(f"{os.path.relpath(path)} is a symbolic link.", "Put the baseline itself there.")


def top_or_here() -> str:
    """The top of the repository around the current folder, or that folder where there is no repository."""
    try:
        return repository().top
    except GitError:
        return os.getcwd()


def empty() -> Allowlist:
    """A baseline that allows nothing."""
    return _combined([])


def _from_git(
    named: Sequence[str],
    repository: Repository,
    read: Read,
    blobs: Callable[[str], list[tuple[str, str]]],
    where: str,
    help: str,
) -> Allowlist:
    if not named:
        return _combined((path, read(blob)) for path, blob in blobs(FOLDER) if is_default(path))
    contents: list[tuple[str, bytes]] = []
    top = os.path.realpath(repository.top)
    for name in named:
        path = os.path.realpath(name)
        if os.path.commonpath((top, path)) != top:
            contents += [(file, _read(file)) for file in _expanded(name)]
            continue
        relative = os.path.relpath(path, top).replace(os.sep, "/")
        found = [(file, blob) for file, blob in blobs(relative) if file == relative or file.endswith(_SUFFIXES)]
        if not found:
            raise UserError(f"the baseline {name} is not in {where}.", help)
        contents += [(file, read(blob)) for file, blob in found]
    return _combined(contents)


def _expanded(path: str) -> list[str]:
    if not os.path.isdir(path):
        return [path]
    return sorted(os.path.join(path, name) for name in os.listdir(path) if name.endswith(_SUFFIXES))


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as handle:
            return handle.read()
    except OSError as error:
        raise UserError(f"the baseline {path} cannot be read: {error.strerror}.", "Check its name and permissions.") from None


def _combined(contents: Iterable[tuple[str, bytes]]) -> Allowlist:
    """What the files say. Where there is none, nothing that reads one is imported."""
    entries: list[Entry] = []
    hashes: list[tuple[str, str]] = []
    for file, content in contents:
        from alikey_hook.allowlist.parse import is_detect_secrets, parse, parse_detect_secrets

        if is_detect_secrets(content):
            hashes += parse_detect_secrets(content, file)
        else:
            entries += parse(content, file)
    if not any(entry.expires_on for entry in entries):
        return Allowlist(entries, hashes, None)
    from alikey_hook.clock import today

    return Allowlist(entries, hashes, today())
