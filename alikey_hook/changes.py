"""The value that every mode is made of: a blob that is new at a path, and the blobs it replaced."""


class Change:
    """`path` (relative to the top of the repository), what it holds now and what it held before.

    `after` and each of `before` are names that the source's own `read` understands: blob ids for git, paths for files.
    `commit` is the commit that brings the change, None where there is none yet.
    Not a NamedTuple: importing `typing` costs more than everything else that a clean commit needs.
    """

    __slots__ = ("after", "before", "commit", "path")

    def __init__(self, path: str, before: tuple[str, ...], after: str, commit: str | None = None) -> None:
        self.path = path
        self.before = before
        self.after = after
        self.commit = commit
