"""From a command's arguments to what is looked at: changes, how to read them, and the baseline that goes with them."""

from __future__ import annotations

import sys

from alikey_hook.git.tree import Repository, repository
from alikey_hook.scan import one_by_one

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from alikey_hook.allowlist.match import Allowlist
    from alikey_hook.changes import Change
    from alikey_hook.commands.settings import Settings
    from alikey_hook.finding import Finding
    from alikey_hook.git.blobs import Blobs
    from alikey_hook.many import Read, Reads
    from alikey_hook.scan import Looked, Options

    Load = Callable[[], Allowlist]
    Complete = Callable[[list[Finding]], list[Finding]]

STAGED, FILES, COMMITS = "staged", "files", "commits"
_MANY = 2000  # changes that are worth processes of our own


class Look:
    """One look. `kind`: STAGED, FILES or COMMITS, for the words of the report.

    `reads`: how to read what changes name, from blobs, in this process or in another one; these changes next, in this order.
    `complete` adds to findings of commits what only git knows (the author's day, whether the tip still has it).
    """

    __slots__ = ("_blobs", "_reads", "allowlist", "changes", "complete", "kind", "read", "unread")

    def __init__(
        self,
        kind: str,
        changes: list[Change],
        reads: Reads,
        blobs: Blobs,
        allowlist: Load,
        complete: Complete | None = None,
    ) -> None:
        self.kind = kind
        self.changes = changes
        self._reads = reads
        self._blobs = blobs
        self.read = reads(blobs, ())
        self.allowlist = allowlist
        self.complete = complete
        self.unread = 0

    def looked(self, options: Options) -> Iterator[Looked]:
        """Each change with what it holds, see `scan.one_by_one`.

        `unread` is then how many pointers of Git LFS led to nothing that is here.
        """
        if len(self.changes) >= _MANY and all(change.after != "-" for change in self.changes):
            from alikey_hook import many

            if many.possible():
                self._blobs.close()  # a copy of this process would keep its git waiting for questions
                yield from many.looked(self.changes, self._reads, options, self._not_read)
                return
        read = self._reads(self._blobs, self.changes)
        try:
            yield from one_by_one(self.changes, read, options)
        finally:
            self._not_read(getattr(read, "unread", 0))

    def _not_read(self, count: int) -> None:
        self.unread += count


def staged(changes: list[Change], here: Repository, settings: Settings, blobs: Blobs) -> Look:
    """Staged changes, with the staged baseline."""
    from alikey_hook.sources.lfs import Resolved

    def reads(blobs: Blobs, changes: Sequence[Change]) -> Read:
        blobs.expect([change.after for change in changes])
        return Resolved(blobs.read)

    return Look(STAGED, changes, reads, blobs, _staged_baseline(here, settings, blobs))


def message(change: Change, content: bytes, here: Repository, settings: Settings, blobs: Blobs) -> Look:
    """A message that is about to be committed, with the staged baseline."""
    return Look(STAGED, [change], lambda *_: lambda _: content, blobs, _staged_baseline(here, settings, blobs))


def _staged_baseline(here: Repository, settings: Settings, blobs: Blobs) -> Load:
    def allowlist() -> Allowlist:
        from alikey_hook import baseline

        return baseline.from_index(settings.baseline, here, blobs.read)

    return _once(settings, blobs, allowlist)


def files(named: list[str], prefix: str, settings: Settings, blobs: Blobs) -> Look:
    """Named files of the working tree, whole, with the baseline beside them. A folder is a submodule: nothing of ours."""
    return _files(named, named, prefix, settings, blobs)


def tree(named: list[str], prefix: str, settings: Settings, blobs: Blobs) -> Look:
    """The same, and all files below the folders among them."""
    from alikey_hook.sources.files import below

    return _files(named, below(named), prefix, settings, blobs)


def _files(named: list[str], paths: list[str], prefix: str, settings: Settings, blobs: Blobs) -> Look:
    from alikey_hook.sources import files

    def allowlist() -> Allowlist:
        from alikey_hook import baseline

        return baseline.from_files(settings.baseline, baseline.top_or_here())

    read = files.reader(named)
    return Look(FILES, files.changes(paths, prefix), lambda *_: read, blobs, _once(settings, blobs, allowlist))


def commits(changes: list[Change], tip: str | None, settings: Settings, blobs: Blobs) -> Look:
    """Changes of commits, with the baseline of the last one, `tip` (None where there is none: then no baseline)."""
    from alikey_hook.sources.commits import Reader, object_of
    from alikey_hook.sources.lfs import Resolved

    def allowlist() -> Allowlist:
        from alikey_hook import baseline

        if tip is None:
            return baseline.empty()
        return baseline.from_commit(tip, settings.baseline, repository(), blobs.read)

    def complete(findings: list[Finding]) -> list[Finding]:
        from alikey_hook.sources.commits import MESSAGE, TAG_MESSAGE, author_date

        there = _in_tip(findings, tip) if tip else None
        dates = {commit: author_date(commit, blobs) for commit in {f.commit for f in findings if f.commit}}
        gone = [f for f in findings if there is not None and f.fingerprint not in there]
        taken = _taken_away(gone, [change.commit for change in changes if change.commit], blobs) if gone else {}
        return [
            f._replace(
                last_commit=taken.get(f.fingerprint),
                author_date=dates.get(f.commit or ""),
                in_tip=None if there is None or f.path in (MESSAGE, TAG_MESSAGE) else f.fingerprint in there,
            )
            for f in findings
        ]

    def reads(blobs: Blobs, changes: Sequence[Change]) -> Read:
        blobs.expect([object_of(change) for change in changes])
        return Resolved(Reader(blobs))

    return Look(COMMITS, changes, reads, blobs, _once(settings, blobs, allowlist), complete)


def _in_tip(findings: list[Finding], tip: str) -> set[str]:
    """The fingerprints, of those that were found, that the tip still has: by the blobs that were looked at, else by all."""
    from alikey_hook.git.objects import contents
    from alikey_hook.git.tree import tree_ids

    ids = tree_ids(tip)
    there = {finding.fingerprint for finding in findings if finding.blob in ids}
    if all(finding.fingerprint in there for finding in findings):
        return there
    rest = sorted(ids - {finding.blob for finding in findings})
    return there.union(*(_values_in(data) for _, _, data in contents(rest)))


def _taken_away(gone: list[Finding], commits: list[str], blobs: Blobs) -> dict[str, str]:
    """The commit that takes each of these values away again, by fingerprint."""
    from alikey_hook.git.diff import committed
    from alikey_hook.sources.staged import brings_a_blob, replaced

    taken: dict[str, str] = {}
    for record in committed(list(dict.fromkeys(commits))):
        lost = {finding.fingerprint for finding in gone if finding.blob in replaced(record) and finding.commit != record.commit}
        if lost and brings_a_blob(record):
            lost -= _values_in(blobs.read(record.after))
        taken |= dict.fromkeys(lost, record.commit or "")
    return taken


def _values_in(data: bytes) -> set[str]:
    """The fingerprints of all that a blob holds, however sure and whatever its pragmas allow."""
    from alikey_hook.changes import Change
    from alikey_hook.scan import Options, look

    return {finding.fingerprint for finding in look(Change("", (), ""), data, Options("low", inline_allow=False))}


def _once(settings: Settings, blobs: Blobs, load: Load) -> Load:
    """Load when asked for the first time; from `--baseline-ref` where that is given."""
    loaded: list[Allowlist] = []

    def get() -> Allowlist:
        if not loaded:
            loaded.append(load() if settings.baseline_ref is None else _from_ref(settings, blobs))
            sys.audit("alikey_hook", "exceptions", len(loaded[0]))
        return loaded[0]

    return get


def _from_ref(settings: Settings, blobs: Blobs) -> Allowlist:
    from alikey_hook import baseline
    from alikey_hook.errors import UserError
    from alikey_hook.git.diff import commit_of

    ref = settings.baseline_ref or ""
    commit = commit_of(ref)
    if commit is None:
        raise UserError(f"--baseline-ref {ref} is no commit here.", "Fetch it, or name another one.")
    return baseline.from_commit(commit, settings.baseline, repository(), blobs.read)
