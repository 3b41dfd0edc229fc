"""What one scan looked at and found."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alikey_hook.finding import Finding


class Result:
    """`findings` of every status, and how many `files` and `bytes` were looked at.

    `unread`: files whose content is in Git LFS and not in this clone; only their pointers were looked at. `over`: in words, why
    it ended before all was looked at.

    Not a NamedTuple for the reason that `Change` is none.
    """

    __slots__ = ("bytes", "files", "findings", "over", "unread")

    def __init__(self, findings: list[Finding], files: int, bytes: int) -> None:
        self.findings = findings
        self.files = files
        self.bytes = bytes
        self.unread = 0
        self.over = ""

    def add(self, other: Result) -> None:
        """Take in what another scan found."""
        self.findings += other.findings
        self.files += other.files
        self.bytes += other.bytes
        self.unread += other.unread
        self.over = self.over or other.over

    def count(self, status: str) -> int:
        """How many findings have this status."""
        return sum(finding.status == status for finding in self.findings)

    @property
    def blocking(self) -> list[Finding]:
        """What makes the exit code 1."""
        return [finding for finding in self.findings if finding.blocks]
