"""Faults in any process of ours: a function raises, with a key in the error's words, wherever it is called."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tests.keys import access_key_id, secret
from tests.repository import Repo
from tests.trust.wires import CLI

# Python imports it in every process, also in those that ours start: when the module of the fault is there, it is broken.
_SITECUSTOMIZE = """
import importlib.abc, importlib.util, json, os, sys

VALUE = os.environ["FAULT_VALUE"]
RAW = VALUE.encode() + b"\\xff"

def chained():
    try:
        RAW.decode("utf-8")
    except UnicodeDecodeError as error:
        raise KeyError(VALUE) from error

def in_between():
    try:
        raise ValueError(VALUE)
    except ValueError:
        {}[VALUE]

def deep():
    return deep()

def noted():
    error = ValueError(VALUE)
    if hasattr(error, "add_note"):
        error.add_note(VALUE)
    raise error

class Odd(BaseException):
    pass

def raising(error):
    def raise_it():
        raise error
    return raise_it

KINDS = {
    "ValueError": raising(ValueError(VALUE)),
    "UnicodeDecodeError": lambda: RAW.decode("utf-8"),
    "UnicodeEncodeError": lambda: (VALUE + "\\udcff").encode("utf-8"),
    "SyntaxError": lambda: compile(VALUE + " =", VALUE, "exec"),
    "JSONDecodeError": lambda: json.loads('{"' + VALUE),
    "FileNotFoundError": lambda: open("/none/" + VALUE),
    "ZeroDivisionError": lambda: 1 // 0,
    "AssertionError": raising(AssertionError(VALUE)),
    "MemoryError": raising(MemoryError(VALUE)),
    "RecursionError": deep,
    "Odd": raising(Odd(VALUE)),
    "KeyError": chained,
    "KeyError in between": in_between,
    "noted": noted,
    "TypeError": lambda: VALUE + 1,
    "SystemError": raising(SystemError(VALUE)),
}
module, name = os.environ["FAULT_AT"].split(":")
settings = dict(pair.split("=") for pair in os.environ.get("FAULT_SET", "").split() if pair)
broken = KINDS[os.environ["FAULT_KIND"]]

def breaks(*_, **__):
    return broken()

class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, wanted, path, target=None):
        if wanted != module and not any(key.startswith(wanted + ":") for key in settings):
            return None
        sys.meta_path.remove(self)
        try:
            spec = importlib.util.find_spec(wanted)
        finally:
            sys.meta_path.insert(0, self)
        load = spec.loader.exec_module
        def loaded(made):
            load(made)
            for key, value in settings.items():
                if key.startswith(wanted + ":"):
                    setattr(made, key.partition(":")[2], int(value))
            if wanted == module:
                *within, last = name.split(".")
                holder = made
                for part in within:
                    holder = getattr(holder, part)
                assert hasattr(holder, last), name
                setattr(holder, last, breaks)
        spec.loader.exec_module = loaded
        return spec

sys.meta_path.insert(0, Finder())
"""
ID, SECRET = access_key_id(1), secret(1)


class Crashed(NamedTuple):
    """How a command ended: its exit code, standard output and standard error."""

    code: int
    out: str
    err: str


def crash(
    repo: Repo,
    folder: Path,
    at: str,
    kind: str,
    *arguments: str,
    stdin: str = "",
    settings: str = "",
    command: tuple[str, ...] = CLI,
    env: Mapping[str, str] | None = None,
) -> Crashed:
    """Run a command of ours in which a function of a module (`module:name`) raises an error of a kind.

    Nothing that was printed, and no file that was written meanwhile outside of the repository, holds a piece of the key.
    """
    site = folder / "site"
    site.mkdir(exist_ok=True)
    (site / "sitecustomize.py").write_text(_SITECUSTOMIZE, "utf-8")
    faults = {"FAULT_AT": at, "FAULT_KIND": kind, "FAULT_VALUE": f"{ID}/{SECRET}", "FAULT_SET": settings}
    environment = {**os.environ, **faults, "PYTHONPATH": str(site), **(env or {})}
    before = set(folder.rglob("*"))
    done = subprocess.run(
        [*command, *arguments], cwd=repo.top, env=environment, input=stdin, capture_output=True, text=True, timeout=120
    )
    assert not holds_a_piece((done.stdout + done.stderr).encode())
    for path in set(folder.rglob("*")) - before:
        assert repo.top in path.parents or not path.is_file() or not holds_a_piece(path.read_bytes()), path
    return Crashed(done.returncode, done.stdout, done.stderr)


def holds_a_piece(content: bytes) -> bool:
    """Whether ten characters that are hidden of the key stand in it."""
    pieces = [value[at : at + 10] for value in (ID[8:-4], SECRET) for at in range(0, len(value) - 9, 5)]
    return any(piece.encode() in content for piece in pieces)


def python(*arguments: str) -> tuple[str, ...]:
    """A command of this Python."""
    return (sys.executable, *arguments)
