"""Git-style globs, followed in all ways at once: the states are the bits of one number, so that no pattern is slow.

Without `re`: a pattern is read from its beginning to its end once, and whether a path fits takes a few operations a character.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_FOLDERS, _STAR, _BELOW = "**/", "*", "/**"


def matches(pattern: str, path: str) -> bool:
    """Whether a path fits a git-style glob from the top of the repository (gitglossary, `glob` pathspecs).

    `*`, `?` and `[…]` stay within a folder; `**/` stands for any folders, also none, and `/**` for all below.
    """
    return _Glob(list(_tokens(pattern.lstrip("/")))).fits(path)


def _tokens(pattern: str) -> Iterator[str]:
    """Any folders, a star, all below, a set, an escaped character, any other one; what repeats nothing new is left out."""
    at, last, closed = 0, "", True
    while at < len(pattern):
        token = pattern[at]
        if token == "*":
            token, at = _stars(pattern, at)
            if token == last == _FOLDERS:
                continue
        else:
            end = at + 1
            if token == "[" and closed:
                end = _end_of_set(pattern, at)
                closed = end > 0  # what nothing closes here, nothing closes further behind
                end = end or at + 1
            elif token == "\\":
                end = at + 2
            token = pattern[at:end]
            at = end
        yield token
        last = token


def _stars(pattern: str, at: int) -> tuple[str, int]:
    """What the stars that begin there mean, and where they end. Two of them are more than one where they are a whole name."""
    end = at
    while pattern[end : end + 1] == "*":
        end += 1
    if end - at > 1 and pattern[at - 1 : at] in ("", "/"):
        if pattern[end : end + 1] == "/":
            return _FOLDERS, end + 1
        if end == len(pattern):
            return _BELOW, end
    return _STAR, end


def _end_of_set(pattern: str, at: int) -> int:
    """Where the set ends that begins there, 0 where nothing closes it. Its first character may be `]`."""
    at += 2 if pattern[at + 1 : at + 2] in ("!", "^") else 1
    first = True
    while at < len(pattern):
        if pattern[at] == "]" and not first:
            return at + 1
        at += 2 if pattern[at] == "\\" else 1
        first = False
    return 0


class _Glob:
    """A pattern's tokens as numbers whose bits are places between them; bit 0 is the beginning."""

    def __init__(self, tokens: list[str]) -> None:
        self._literal: dict[str, int] = {}
        self._sets: list[tuple[str, int]] = []
        # Where one may stay: on any character, on any but a slash; where folders begin and where one is within them.
        self._any = self._name = self._folders = self._within = 0
        bit = 1
        for token in tokens:
            if token == _FOLDERS:
                self._folders |= bit
                bit <<= 1
                self._within |= bit
            elif token == _STAR:
                self._name |= bit
            elif token == _BELOW:
                self._any |= bit
            elif token[0] in "?[":
                self._sets.append((token, bit))
            elif token != "\\":  # an escape of nothing
                self._literal[token[-1]] = self._literal.get(token[-1], 0) | bit
            bit <<= 1
        self._end = bit
        self._steps: dict[str, int] = {}

    def fits(self, path: str) -> bool:
        """Whether the whole path fits."""
        states = self._entered(1)
        for character in path:
            if not states:
                return False
            states = self._entered(self._after(states, character))
        return bool(states & self._end)

    def _after(self, states: int, character: str) -> int:
        """The states that a character leads to."""
        steps = self._steps.get(character)
        if steps is None:
            steps = self._literal.get(character, 0)
            for token, bit in self._sets:
                steps |= bit if _fits(token, character) else 0
            self._steps[character] = steps
        begin, within = states & self._folders, states & self._within
        after = (states & steps) << 1 | states & self._any | within | begin << 1
        return after | (begin << 2 | within << 1 if character == "/" else states & self._name)

    def _entered(self, states: int) -> int:
        """The states with those that are reached without a character: folders, and a star behind them, may be nothing."""
        states |= (states & self._folders) << 2
        return states | (states & (self._name | self._any)) << 1


def _fits(token: str, character: str) -> bool:
    """Whether a character is one of `?` or of a set."""
    if character == "/" or token == "[":
        return False
    if token == "?":
        return True
    negated = token[1] in "!^"
    inside, at, end = False, 2 if negated else 1, len(token) - 1
    while at < end:
        at += token[at] == "\\"
        low = high = token[at]
        at += 1
        if token[at] == "-" and at + 1 < end:
            at += 1 + (token[at + 1] == "\\" and at + 2 < end)
            high = token[at]
            at += 1
        inside = inside or character == low or low < character <= high
    return inside != negated
