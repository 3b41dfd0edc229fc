"""Processes that work for us: one that falls silent, and one whose parent is gone."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from alikey_hook import crew
from alikey_hook.errors import UserError


@contextmanager
def asleep(seconds: float) -> Iterator[Callable[[int], int]]:
    """Answers after so many seconds."""

    def work(question: int) -> int:
        time.sleep(seconds)
        return -question

    yield work


def once(question: int) -> Callable[[int], int | None]:
    """Each process is asked one thing."""
    asked: set[int] = set()

    def ask(who: int) -> int | None:
        if who in asked:
            return None
        asked.add(who)
        return question

    return ask


def test_each_process_answers() -> None:
    assert list(crew.answers(3, asleep, (0.0,), once(7))) == [-7] * 3


def test_who_is_silent_too_long_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "_PATIENCE", 0.2)
    with pytest.raises(UserError, match="nothing was heard"):
        list(crew.answers(1, asleep, (60.0,), once(1)))
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)  # it was ended, and its end was waited for
