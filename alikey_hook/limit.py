"""A limit to how long a command may take: whatever it is stuck in, it ends, and nothing that it started is left.

Python runs no signal handler and no other thread while one long operation of its own lasts, and a child that hangs keeps
whoever waits for it. So the command runs in a copy of this process. That one is told when the time is over, and reports what
it has found; this one only waits, and ends it if it does not end.
"""

from __future__ import annotations

import os
import signal
import sys

from alikey_hook.errors import TimeUp, UserError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

GRACE = 10.0  # seconds for the report, after the time is over
_LAST = 4.0  # of these, seconds for what only makes the report better
_HELP = "Give it more time (--timeout), or less to look at."


def limited(seconds: float, output: str | None, work: Callable[[], int]) -> int:
    """The exit code of `work`, which is told by a TimeUp after so many seconds, and killed some time after that.

    `output`: the report's file, of which nothing half-written is left. In the copy of this process, which does the work, this
    raises what the work raises: who called must see to it that the copy ends. Raises UserError where it was killed.
    """
    if not hasattr(os, "fork"):
        return _ended_by_thread(seconds, work)
    copy = os.fork()
    return _watched(copy, seconds, output) if copy else _timed(seconds, work)


def _timed(seconds: float, work: Callable[[], int]) -> int:
    """The copy's part: the exit code of `work`, which a TimeUp ends."""
    os.setsid()  # so that what it starts can be found; and no Ctrl-C reaches it but through us
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGALRM, lambda *_: _tell(seconds))
    signal.setitimer(signal.ITIMER_REAL, seconds)
    code = work()
    rest()
    return code


def _watched(copy: int, seconds: float, output: str | None) -> int:
    killed = False

    def kill(*_: object) -> None:
        nonlocal killed
        killed = True
        _kill_copy(copy)

    def end(number: int, _: object) -> None:  # pragma: no cover - who dies by a signal cannot say what it has run
        _kill_copy(copy)
        try:
            os.waitpid(copy, 0)
        except ChildProcessError:
            pass
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    signal.signal(signal.SIGALRM, kill)
    signal.signal(signal.SIGINT, lambda number, _: os.kill(copy, number))
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    signal.setitimer(signal.ITIMER_REAL, seconds + GRACE)
    code = os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1])
    rest()
    _kill_session(copy)  # what it has left
    if code >= 0:
        return code
    if output and os.path.lexists(f"{output}.{copy}.tmp"):
        os.unlink(f"{output}.{copy}.tmp")
    if killed:
        raise TooLong(f"{TimeUp(seconds).message}; it did not answer and was killed. Nothing is reported.", _HELP)
    raise UserError(f"the process that looked was killed (signal {-code}).", "Is there memory left? Try again.")


class TooLong(UserError):
    """The time was over, and the work did not end by itself."""


def _tell(seconds: float) -> None:
    """End what the work waits for, and then the work."""
    _kill_session(os.getpid())
    raise TimeUp(seconds)


def rest() -> None:
    """No more time is measured in this process."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)


def a_last_time() -> None:
    """After a TimeUp: some seconds more, and another TimeUp if they are not enough. `rest` ends it."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, _LAST)


def _kill_copy(copy: int) -> None:
    """Kill the copy and all that it has started; it may not have got so far as to have a session of its own."""
    _kill_session(copy)
    try:
        os.kill(copy, signal.SIGKILL)
    except ProcessLookupError:
        pass


def _kill_session(session: int) -> None:
    """Kill all processes of a session but this one: those of their own group too, which `os.killpg` does not reach."""
    others = _session(session)
    for process in others:
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            pass
    if not others and session != os.getpid():  # no /proc: at least those of its own group
        try:
            os.killpg(session, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass


def _session(session: int) -> list[int]:
    """The processes of a session but this one, where the system has /proc."""
    found = []
    for name in os.listdir("/proc") if os.path.isdir("/proc") else ():
        try:
            if name.isdigit() and int(name) != os.getpid() and os.getsid(int(name)) == session:
                found.append(int(name))
        except (ProcessLookupError, PermissionError):
            pass  # it has just ended
    return found


def _ended_by_thread(seconds: float, work: Callable[[], int]) -> int:
    """Where a process cannot be copied (Windows): the end comes without a report."""
    import threading

    def end() -> None:
        sys.stderr.write(f"alikey-hook: {TimeUp(seconds).message}. Nothing is reported.\nhelp: {_HELP}\n")
        sys.stderr.flush()
        os._exit(TimeUp.exit_code)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        return work()
    finally:
        timer.cancel()
