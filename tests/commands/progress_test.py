"""How far it is: at a terminal, and nowhere else."""

import io
import sys

import pytest

from alikey_hook.commands.progress import bar


class Terminal(io.StringIO):
    """What standard error is at a terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def test_a_terminal_has_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert bar() is not None


@pytest.mark.parametrize("stream", [io.StringIO(), None], ids=["a file", "none"])
def test_nothing_else_has_one(stream: io.StringIO | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    assert bar() is None


def test_without_rich_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setitem(sys.modules, "rich.progress", None)
    assert bar() is None
