"""Where reports go: standard output, or a file that is there whole or not at all."""

from __future__ import annotations

import os
import stat
import sys

from alikey_hook.errors import UserError

# What terminals that follow links (OSC 8) say of themselves; no terminal can be asked.
_LINKING = {
    "TERM_PROGRAM": ("iTerm.app", "WezTerm", "ghostty", "vscode"),
    "TERM": ("alacritty", "foot", "xterm-ghostty", "xterm-kitty"),
}
_LINKING_IF_SET = ("KONSOLE_VERSION", "VTE_VERSION", "WT_SESSION")


def write(text: str, output: str | None) -> None:
    """Write a report. A file is written beside its place and then renamed, with the rights of a new file."""
    if output is None:
        if sys.stdout is None:
            raise UserError("standard output is closed.", "Give it a place to go, or name a file with --output.")
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    from alikey_hook import store

    try:
        _refuse_special(output)
        store.replace(output, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise UserError(
            f"{output} cannot be written: {error.strerror}.", "Name a file in a folder that you may write."
        ) from None


def _refuse_special(output: str) -> None:
    """A report replaces a plain file only: never a device, and never what a symbolic link points to."""
    try:
        mode = os.lstat(output).st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode):
        raise UserError(f"{output} is not a plain file.", "Name another file, or leave --output out.")


def chosen_language(language: str) -> str:
    """`en` or `zh`; `auto` is what the locale's environment says."""
    if language != "auto":
        return language
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return "zh" if os.environ[name].lower().startswith("zh") else "en"
    return "en"


def use_color(color: str, output: str | None) -> bool:
    """Whether to colour; `auto` means on a terminal without NO_COLOR (https://no-color.org)."""
    if color != "auto":
        return color == "always"
    return output is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def use_links(color: str, output: str | None) -> bool:
    """Whether to make words links: where colour is used, on a terminal that is known to follow them."""
    known = any(os.environ.get(name) in values for name, values in _LINKING.items())
    known = known or any(os.environ.get(name) for name in _LINKING_IF_SET)
    return known and sys.stdout.isatty() and use_color(color, output)
