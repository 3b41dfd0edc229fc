"""How the keys of an account stand to the best practices, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from alikey_hook.report.about import JSON_HEAD
from alikey_hook.report.printable import printable


def text(standing: Any) -> str:
    """For a terminal: the keys, what is to be mended, what could not be asked."""
    lines = [f"{len(standing.rows)} AccessKeys"]
    for row in standing.rows:
        age = "age unknown" if row.age is None else f"{row.age} days old"
        last = {"": "never used", "?": "last use unknown"}.get(row.last_used, f"last used {row.last_used}")
        lines.append(f"  {row.redacted}  {row.status}  {age}  {last}  {row.owner}")
    lines += ["", f"To be mended: {len(standing.advice)}"]
    for one in standing.advice:
        lines += [f"  {one.practice}", f"      {one.subject}", f"      → {one.step}"]
    lines += ["", f"Not asked: {len(standing.not_asked)}"]
    lines += [f"  {one.action} ({one.subject}): {one.why}" for one in standing.not_asked]
    return "\n".join(printable(line) for line in lines) + "\n"


def as_json(standing: Any) -> str:
    """For programs."""
    found = {"keys": standing.rows, "advice": standing.advice, "not_asked": standing.not_asked}
    listed = {key: [one._asdict() for one in some] for key, some in found.items()}
    return json.dumps({**JSON_HEAD, **listed}, indent=2) + "\n"


RENDER: dict[str, Callable[[Any], str]] = {"text": text, "json": as_json}
