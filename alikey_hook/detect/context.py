"""The words around a candidate, from windows of bounded size, so that the cost is linear whatever the text."""

from __future__ import annotations

from bisect import bisect_right

from alikey_hook.detect import names
from alikey_hook.detect.candidates import Candidate
from alikey_hook.detect.pattern import Pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE, _BEHIND, _URL = 400, 80, 1500
_ABOVE, _BLOCK = 3, 20
_NO_URL = Pattern(r"[\s\"'<>`|\\^{}\x00-\x20]")
_NAMED_IN_URL = Pattern(r"(?i)(?:[?&]|%3F|%26)(?:OSSAccessKeyId|x-oss-credential|X-Amz-Credential)=$", "=")
_SIGNED = Pattern(r"(?i)[?&](?:Signature|x-oss-signature|X-Amz-Signature)=[0-9A-Za-z+/%=]{20,}")
_EXPIRES = Pattern(r"[?&]Expires=(\d{9,11})(?!\d)")
_DATE = Pattern(r"(?i)[?&](?:x-oss|X-Amz)-date=(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z")
_SECONDS = Pattern(r"(?i)[?&](?:x-oss|X-Amz)-expires=(\d{1,9})(?!\d)")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


class Context:
    """What can be asked about a candidate in one text."""

    def __init__(self, text: str, ends: list[int]) -> None:
        """`ends`: where the candidates end, sorted; a value's own words begin behind the value before it."""
        self.text = text
        self._ends = ends
        self._words: dict[Pattern, names.Words] = {}

    def label(self, candidate: Candidate) -> names.Label:
        """What the names around the candidate say."""
        text, start = self.text, candidate.start
        line_start = text.rfind("\n", max(0, start - _LINE), start) + 1 or max(0, start - _LINE)
        index = bisect_right(self._ends, start)
        previous = self._ends[index - 1] if index else 0
        before = text[max(line_start, previous) : start]
        line_end = text.find("\n", candidate.end, candidate.end + _BEHIND)
        after = text[candidate.end : line_end if line_end >= 0 else candidate.end + _BEHIND]
        return names.label(before, after, self._above(line_start, previous))

    def _above(self, line_start: int, previous: int) -> Iterator[str]:
        """The lines above, nearest first, up to the value before."""
        for start, end in self._lines_above(line_start, _ABOVE):
            if start < previous:
                return
            yield self.text[start:end]

    def _lines_above(self, line_start: int, count: int) -> Iterator[tuple[int, int]]:
        """Where the nearest lines above that are not blank begin and end; of a long line only the end."""
        end = line_start - 1
        for _ in range(2 * count):
            if end <= 0 or count == 0:
                return
            start = self.text.rfind("\n", max(0, end - 200), end) + 1 or max(0, end - 200)
            if self.text[start:end].strip():
                count -= 1
                yield start, end
            end = start - 1

    def of_other_service(self, candidate: Candidate) -> bool:
        """Whether the block that the candidate's line stands in, by its indentation, is that of some other service."""
        line_start = self.text.rfind("\n", max(0, candidate.start - _LINE), candidate.start) + 1
        indent = _indent(self.text[line_start : candidate.start])
        for start, end in self._lines_above(line_start, _BLOCK):
            line = self.text[start:end]
            if _indent(line) < indent:
                if names.ALIBABA.search(line):
                    return False
                if names.OTHER_SERVICE.search(line):
                    return True
                indent = _indent(line)
        return False

    def near(self, words: Pattern, candidate: Candidate) -> bool:
        """Whether one of the words stands near the candidate."""
        if words not in self._words:
            self._words[words] = names.Words(self.text, words)
        return self._words[words].near(candidate.start)

    def in_known_call(self, candidate: Candidate) -> bool:
        """Whether the candidate is an argument of a call that takes an AccessKey."""
        return names.in_known_call(self.text[max(0, candidate.start - 320) : candidate.start])

    def quoted(self, candidate: Candidate) -> bool:
        """Whether the candidate is a whole string literal."""
        before, after = self.text[candidate.start - 1 : candidate.start], self.text[candidate.end : candidate.end + 1]
        return before == after and before in ("'", '"', "`")

    def between(self, one: Candidate, other: Candidate) -> str:
        """The text between two candidates."""
        return self.text[min(one.end, other.end) : max(one.start, other.start)]

    def signed_url(self, candidate: Candidate) -> tuple[bool, float | None]:
        """Whether an id signs the URL around it, and until when (seconds since 1970 UTC, None where it is not told)."""
        before = self.text[max(0, candidate.start - _URL) : candidate.start]
        name = before[-24:]
        if not any(mark in name for mark in "?&%") or not _NAMED_IN_URL.search(name):
            return False, None
        begins = [match.end() for match in _NO_URL.finditer(before)]
        after = self.text[candidate.end : candidate.end + _URL]
        ends = _NO_URL.search(after)
        url = before[begins[-1] if begins else 0 :] + candidate.value + after[: ends.start() if ends else None]
        if not _SIGNED.search(url):
            return False, None
        return True, _expiry(url)


def _expiry(url: str) -> float | None:
    expires = _EXPIRES.search(url)
    if expires:
        return float(expires[1])
    date, seconds = _DATE.search(url), _SECONDS.search(url)
    if not (date and seconds):
        return None
    import datetime

    try:
        signed = datetime.datetime(*map(int, date.groups()), tzinfo=datetime.timezone.utc)  # type: ignore[misc,arg-type]
    except ValueError:
        return None
    return signed.timestamp() + int(seconds[1])
