"""The labelled corpus. Every value that its filler makes up is a planted one, which nothing may give away (tests/leaks/)."""

from tests.corpus import fill
from tests.leaks.planted import noting

setattr(fill, "credential", noting(fill.credential))  # noqa: B010 - what a type checker would not let us assign
