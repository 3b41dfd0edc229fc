"""Work on several processes of our own: each is asked one thing after the other, and answers or fails."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

from alikey_hook.crash import Bug, lines
from alikey_hook.errors import UserError

Question = TypeVar("Question")
Answer = TypeVar("Answer")
Begin = Callable[..., AbstractContextManager[Callable[[Question], Answer]]]
_PATIENCE = 600.0  # seconds for an answer: git may wait for us, and we for it, over an object that is damaged


def answers(
    count: int,
    begin: Begin[Question, Answer],
    arguments: tuple[object, ...],
    question: Callable[[int], Question | None],
    fork: bool = False,
) -> Iterator[Answer]:
    """Every answer of `count` processes, in no certain order.

    Each process has `begin(*arguments)`, a context that gives the function which answers. `question(who)`: the next question
    for a process, None where there is none left. `fork`: the arguments cannot be handed over but by copying this process.
    Raises what a process raises, and UserError where one ends or falls silent.
    """
    with _processes(count, begin, arguments, "fork" if fork else None) as connections:
        busy = [who for who in range(count) if _asked(question(who), connections[who])]
        while busy:
            ready = wait([connections[who] for who in busy], _PATIENCE)
            if not ready:
                raise UserError("nothing was heard for ten minutes.", "Run `git fsck`; not everything was looked at.")
            for who in [who for who in busy if connections[who] in ready]:
                answer: Answer = _received(connections[who])
                yield answer
                if not _asked(question(who), connections[who]):
                    busy.remove(who)


def _asked(question: object, connection: Connection) -> bool:
    if question is not None:
        connection.send(question)
    return question is not None


def _received(connection: Connection) -> Any:
    try:
        error, answer = connection.recv()
    except EOFError:
        raise UserError("a process that looks for us has ended.", "Is there memory left? Try again.") from None
    if error is not None:
        raise error
    return answer


@contextmanager
def _processes(
    count: int, begin: Begin[Any, Any], arguments: tuple[object, ...], method: str | None
) -> Iterator[list[Connection]]:
    context: Any = multiprocessing.get_context(method)
    connections: list[Connection] = []
    processes = []
    try:
        for _ in range(count):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(begin, arguments, theirs, ours), daemon=True)
            with elsewhere(os.getcwd() if context.get_start_method() == "fork" else sys.prefix):
                process.start()
            theirs.close()
            connections.append(ours)
            processes.append(process)
        yield connections
    finally:
        for process, connection in zip(processes, connections, strict=False):
            process.terminate()
            process.join()
            connection.close()


@contextmanager
def elsewhere(folder: str) -> Iterator[None]:
    """Be in a folder that can be trusted while a process is started.

    Where it is no copy of this one, a new Python imports its first modules with the current folder on their path: a
    `multiprocessing/` or `re.py` of the repository would be run.
    """
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _serve(begin: Begin[Any, Any], arguments: tuple[object, ...], asks: Connection, ours: Connection) -> None:
    """The main of a process. `ours` is the parent's end, of which a forked process has a copy that would hide its end.

    An interrupt from the terminal reaches every process of the group; only the parent acts on it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ours.close()
    try:
        with begin(*arguments) as work:
            while True:
                asks.send((None, work(asks.recv())))
    except EOFError:
        pass  # the parent has ended
    except BaseException as error:
        _tell(asks, error)


def _tell(asks: Connection, error: BaseException) -> None:
    """Hand an error over: what is meant for the user as it is, of any other its type and places. Nothing is printed here."""
    told = error if isinstance(error, UserError) else Bug(lines(error))
    try:
        asks.send((told, None))
    except OSError:
        pass  # the parent has ended
