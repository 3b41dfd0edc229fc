"""How an audit looks at repositories."""

from __future__ import annotations

from typing import NamedTuple

from alikey_hook import __version__


class Terms(NamedTuple):
    """How all repositories are looked at. `cache`: the folder for mirrors. `own_keys`: whether for the worker's machine's.

    `own_baseline`: whether each one's own baseline counts. `split`: of how many bytes of packs one is looked at in pieces.
    `timeout`: seconds for a task. `version`: ours, which the workers must have too.
    """

    cache: str
    protocols: tuple[str, ...]
    min_confidence: str
    inline_allow: bool
    own_keys: bool
    own_baseline: bool
    max_blob_size: int
    split: int
    timeout: float
    version: str = __version__
