"""JSON that is right but for a few places."""

import json
from copy import deepcopy
from typing import Any

from tests.fuzz.drawing import Bytes

_VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 3, 1 << 60, 1.5, float("nan"), "", "x", "new", "high", "\x1b[2J", "\u202e", "\ud800", "a\nb",
    "2025-02-30", "2025-01-10", "sha256:" + "a" * 64, "../../x", "%ff", "a" * 40, [], {}, [1], ["\x1b"], {"a": 1}, [[]], [None],
)  # fmt: skip
_MOST = 4


def altered(data: bytes, sound: list[bytes]) -> bytes:
    """One of the sound texts, with some values replaced, left out or doubled."""
    drawn = Bytes(data)
    whole = {"": json.loads(drawn.choice(sound))}
    for _ in range(drawn.number(_MOST)):
        _alter(whole, drawn)
    return json.dumps(whole[""]).encode()


def _alter(whole: dict[str, Any], drawn: Bytes) -> None:
    place: Any = whole
    key: Any = ""
    # Deep more often than not: that is where most values are.
    while isinstance(place[key], (dict, list)) and place[key] and drawn.number(8):
        place = place[key]
        key = drawn.choice(list(place)) if isinstance(place, dict) else drawn.number(len(place))
    how = drawn.number(8)
    if how == 0 and key != "" and isinstance(place, dict):
        del place[key]
    elif how == 1 and isinstance(place, list):
        place.append(deepcopy(place[key]))
    elif how == 2:
        place[key] = drawn.text(40)
    else:
        place[key] = deepcopy(drawn.choice(_VALUES))
