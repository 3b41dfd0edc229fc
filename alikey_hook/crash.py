"""An unexpected error, as what may be shown of it: its type and the places in the code. Never its words.

The words of an error may quote what was being read: a key, a line, all of an object (UnicodeDecodeError has its bytes).
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_CHAIN = 5  # errors that led to one another
_FIRST, _LAST = 10, 20  # places that are shown of each


class Bug(Exception):
    """An unexpected error of another process, of which only this is known."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__(lines)
        self.lines = lines


def lines(error: BaseException) -> tuple[str, ...]:
    """The error's type, its places, and those of what led to it, a line each."""
    if isinstance(error, Bug):
        return error.lines
    shown = [type(error).__name__, *_places(error.__traceback__)]
    for cause in _causes(error):
        shown += [f"  after {type(cause).__name__}", *(f"  {place}" for place in _places(cause.__traceback__))]
    return tuple(shown)


def summary(error: BaseException) -> str:
    """The same in a few words: the type, and the last place."""
    first, *rest = lines(error)
    places = [line.strip() for line in rest if not line.startswith("   ") and ":" in line]
    return f"a bug: {first}" + (f" in {places[-1].partition(' in ')[0]}" if places else "")


def versions() -> str:
    """What it happened with."""
    from alikey_hook import __version__

    return f"alikey-hook {__version__}, Python {'.'.join(map(str, sys.version_info[:3]))}, {sys.platform}"


def quiet() -> None:
    """Have errors that nobody catches, also in threads and where Python would ignore them, told without their words."""
    import threading

    def told(kind: str, error: BaseException | None) -> None:
        if error is not None and sys.stderr is not None:
            sys.stderr.write(f"alikey-hook: {kind}: {summary(error)}\n")

    sys.excepthook = lambda kind, error, trace: told("an error", error)
    sys.unraisablehook = lambda args: told("an error that is ignored", args.exc_value)
    threading.excepthook = lambda args: told("an error in a thread", args.exc_value)


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen = {id(error)}
    for _ in range(_CHAIN):
        cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if cause is None or id(cause) in seen:
            return
        seen.add(id(cause))
        yield cause
        error = cause


def _places(trace: TracebackType | None) -> list[str]:
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"  {_named(code.co_filename)}:{trace.tb_lineno} in {code.co_name}")
        trace = trace.tb_next
    left = len(places) - _FIRST - _LAST
    return [*places[:_FIRST], f"  … {left} more places", *places[-_LAST:]] if left > 0 else places


def _named(file: str) -> str:
    """A file of the package by its path in it, any other by its name: where things are installed is nobody's business."""
    return os.path.relpath(file, os.path.dirname(_PACKAGE)) if file.startswith(_PACKAGE + os.sep) else os.path.basename(file)
