"""What a fuzzer's bytes stand for: numbers, choices, texts. Any bytes are something, so that no input is wasted."""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Bytes:
    """A fuzzer's input, taken from its beginning; at its end everything is zero and empty."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def __bool__(self) -> bool:
        return self._at < len(self._data)

    def number(self, below: int) -> int:
        """A number from 0, of one byte."""
        taken = self._data[self._at : self._at + 1]
        self._at += 1
        return (taken[0] if taken else 0) % below

    def choice(self, among: Sequence[T]) -> T:
        """One of some."""
        return among[self.number(len(among))]

    def take(self, most: int = 255) -> bytes:
        """So many bytes as the next one says, at most."""
        size = min(self.number(256), most)
        taken = self._data[self._at : self._at + size]
        self._at += size
        return taken

    def text(self, most: int = 255) -> str:
        """The same as text, bytes that are no UTF-8 as lone surrogates."""
        return self.take(most).decode("utf-8", "surrogateescape")

    def rest(self) -> bytes:
        """All that is left."""
        taken = self._data[self._at :]
        self._at = len(self._data)
        return taken
