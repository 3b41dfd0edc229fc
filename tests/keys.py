"""Synthetic credentials, drawn from seeded random numbers at run time: no key-shaped value ever stands in a file."""

import random

from tests.corpus.fill import credential


def _drawn(kind: str, seed: int) -> str:
    return credential(kind, random.Random(f"{kind}/{seed}"))


def access_key_id(seed: int) -> str:
    """An AccessKey ID of today's form, 24 characters."""
    return _drawn("id", seed)


def legacy_id(seed: int) -> str:
    """An AccessKey ID of the form before 2019: 16 characters that begin with LTAI."""
    return _drawn("id16", seed)


def secret(seed: int) -> str:
    """An AccessKey Secret, 30 characters."""
    return _drawn("sec", seed)


def pair(seed: int) -> tuple[str, str]:
    """An AccessKey ID and its secret."""
    return access_key_id(seed), secret(seed)
