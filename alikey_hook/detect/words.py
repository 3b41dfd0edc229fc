"""Names in a text and the words in a name, without `re`: every finding has some to look at."""

from __future__ import annotations

from itertools import groupby

_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LETTERS = frozenset(_CAPITALS + _CAPITALS.lower())
_DIGITS = "0123456789"
_BEHIND_DOT = _LETTERS.union(_DIGITS, "_")
_UPPER, _LOWER, _DIGIT, _CHINESE = range(4)
_BEFORE_CAPITALS = str.maketrans({capital: " " + capital for capital in _CAPITALS})
# What is an ASCII letter without regard to case; of all others `lower` makes one character of one too.
_FOLDED = {0x130: "i", 0x131: "i", 0x17F: "s", 0x212A: "k"}


class _Kept(dict[int, str]):
    """For str.translate: what stands in no name, or in no word, becomes a blank."""

    def __init__(self, others: str) -> None:
        super().__init__(dict.fromkeys(range(128), " "))
        self.update((ord(character), character) for character in (*_LETTERS, *_DIGITS, *others))

    def __missing__(self, code: int) -> str:
        character = chr(code)
        return character if character.isalnum() or _chinese(character) else " "


def _chinese(character: str) -> bool:
    return "一" <= character <= "鿿"


_OF_NAMES, _OF_WORDS = _Kept("_$.-"), _Kept("")


def names_in(text: str) -> list[str]:
    """Names as people write them: words joined by `_`, `-`, `.` or camel case, in Latin or Chinese letters."""
    names: list[str] = []
    for part in text.translate(_OF_NAMES).split():
        if part[0] in _LETTERS and "." not in part and "-" not in part:
            names.append(part)
        else:
            names += _names(part)
    return names


def _names(part: str) -> list[str]:
    """Each begins with a letter, and a `.` or `-` in it joins only what goes on in ASCII."""
    names: list[str] = []
    begin = -1
    last = len(part) - 1
    for at, character in enumerate(part):
        if begin < 0 and (character in _LETTERS or _chinese(character)):
            begin = at
        elif begin >= 0 and character in ".-" and not (at < last and part[at + 1] in _BEHIND_DOT):
            names.append(part[begin:at])
            begin = -1
    return names if begin < 0 else [*names, part[begin:]]


def words_in(name: str) -> list[str]:
    """The words of a name in lower case: `ossAccessKey_2` is oss, access, key, 2, and `HTTPServer` http, server."""
    words: list[str] = []
    for part in name.translate(_OF_WORDS).split():
        if part.isascii() and part.isalpha():
            split = [part] if part.islower() or part.isupper() else part.translate(_BEFORE_CAPITALS).split()
            if len(split) == 1 or min(map(len, split)) > 1:
                words += split
                continue
        words += _words(part)
    return [word.lower() for word in words]


def _words(part: str) -> list[str]:
    """Letters of one case, digits, Chinese; the last of some capitals begins the word of the small letters behind them."""
    words: list[str] = []
    before: int | None = None
    for kind, characters in groupby(part, _kind):
        word = "".join(characters)
        if kind == _LOWER and before == _UPPER:
            capitals = words.pop()
            words += [capitals[:-1]] if len(capitals) > 1 else []
            word = capitals[-1] + word
        if kind is not None:
            words.append(word)
        before = kind
    return words


def _kind(character: str) -> int | None:
    if character in _LETTERS:
        return _LOWER if character >= "a" else _UPPER
    return _DIGIT if character.isdecimal() else _CHINESE if _chinese(character) else None


def folded(text: str) -> str:
    """The text without regard to case, every character in its place."""
    return text.lower() if text.isascii() else text.translate(_FOLDED).lower()
