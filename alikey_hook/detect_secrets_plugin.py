"""The detect-secrets plugin: our detection on the host's contract.

The wheel puts a module of a few lines into `detect_secrets/plugins/` that imports these classes, so that detect-secrets knows
them as soon as alikey-hook is installed. The host (1.5.0) hands over line by line and drops lines that its filters take for
indirect references, lists in YAML and the like; so a whole file is looked at when its first line comes, and every finding is
given with its own line. The host names arguments by introspection: no decorators here, no renaming.
"""

import os
import re
from abc import ABCMeta
from collections.abc import Generator, Iterable
from re import Pattern
from typing import Any

from detect_secrets.core.potential_secret import PotentialSecret
from detect_secrets.plugins.base import RegexBasedDetector

from alikey_hook import crash, secret_types
from alikey_hook.detect.engine import detect
from alikey_hook.finding import CONFIDENCES, Detection, at_least

# The last file that was looked at: the host asks each of our classes about the same file in turn, and looking at it once is
# enough. Its size and time tell whether it is still the same.
_last: tuple[object, list[Detection], list[str]] = (None, [], [])
# The host's own pragmas.
_PRAGMA = re.compile(r"pragma: ?(?:allow|white)list[ -]secret")
_NEXTLINE = re.compile(r"^[ \t]*(?:#|//|/\*|'|--|<!--).*pragma: ?allowlist[ -]nextline[ -]secret")


def _in_file(filename: str) -> tuple[list[Detection], list[str]] | None:
    """What a file holds; None where there is no such file (a diff, a string given by hand)."""
    global _last
    try:
        found = os.stat(filename)
        key = (os.path.abspath(filename), found.st_mtime_ns, found.st_size)
        if _last[0] != key:
            with open(filename, "rb") as file:
                _last = (key, _detected(file.read()), _handed_over(filename))
    except (OSError, ValueError):
        return None
    return _last[1:]


def _detected(content: bytes) -> list[Detection]:
    """What `detect` gives. An error in it ends the host's run, which prints it: so it goes without its words."""
    try:
        return detect(content)
    except Exception as error:
        raise RuntimeError(f"alikey-hook: {crash.summary(error)}") from None


def _handed_over(filename: str) -> list[str]:
    """The lines that the host knows of a file: it looks for a finding again only in these, by number."""
    from detect_secrets.transformers import get_transformed_file

    try:
        with open(filename) as file:
            transformed = get_transformed_file(file)  # type: ignore[arg-type]
            file.seek(0)
            return list(transformed) if transformed else [line.rstrip() for line in file]
    except (OSError, ValueError):
        return []


class _AlibabaCloudDetector(RegexBasedDetector, metaclass=ABCMeta):
    """Finds the credentials of the rules that a subclass's `secret_type` stands for."""

    denylist: Iterable[Pattern[str]] = ()

    def __init__(self, min_confidence: str = "medium", **kwargs: Any) -> None:
        self.min_confidence = min_confidence if min_confidence in CONFIDENCES else "medium"
        self._seen = ("", 0)
        self._file: list[Detection] = []
        self._of_line: dict[int, list[Detection]] = {}

    def json(self) -> dict[str, Any]:
        """What a baseline stores: the name of the class, and the option where it is not the usual one."""
        option = {} if self.min_confidence == "medium" else {"min_confidence": self.min_confidence}
        return {**super().json(), **option}

    def analyze_string(self, string: str) -> Generator[str, None, None]:
        """The values in a string."""
        yield from (found.value for found in self._ours(_detected(string.encode("utf-8", "surrogatepass"))))

    def analyze_line(
        self,
        filename: str,
        line: str,
        line_number: int = 0,
        context: Any = None,
        enable_eager_search: Any = None,
        **kwargs: Any,
    ) -> set[PotentialSecret]:
        """The findings of the whole file when its first line comes, of this line after that.

        A line that the file does not have there is of a diff or a string: then that line is all there is to look at.
        """
        known = _in_file(filename)
        in_file, lines = known or ([], [])
        here = [one.rstrip() for one in lines[line_number - 1 : line_number]] if line_number else [line.rstrip()]
        if known is None or here != [line.rstrip()]:
            return {self._secret(filename, value, line_number) for value in self.analyze_string(line)}
        previous_file, previous_line = self._seen
        self._seen = (filename, line_number)
        in_line = self._in_line(in_file, line_number)
        if _PRAGMA.search(line) or (context is not None and _NEXTLINE.search(context.previous_line)):
            # Only `scan --only-allowlisted` hands over lines with a pragma: it asks for what they hide.
            wanted = in_line
        elif filename != previous_file or line_number <= previous_line:
            wanted = [found for found in self._ours(in_file) if not found.inline_allowed]
        else:
            wanted = [found for found in in_line if not found.inline_allowed]
        # Only `audit --report` says False: it looks for the finding's line among those that it knows.
        last = len(lines) if enable_eager_search is False else 1 << 62
        return {self._secret(filename, found.value, min(found.line, last)) for found in wanted}

    def _in_line(self, in_file: list[Detection], line: int) -> list[Detection]:
        """Ours of one line, by an index of the last file: the host asks of each of thousands of lines."""
        if self._file is not in_file:
            self._file, self._of_line = in_file, {}
            for found in self._ours(in_file):
                self._of_line.setdefault(found.line, []).append(found)
        return self._of_line.get(line, [])

    def _ours(self, found: list[Detection]) -> list[Detection]:
        accepted = at_least(self.min_confidence)
        return [one for one in found if secret_types.OF_RULES.get(one.rule) == self.secret_type and one.confidence in accepted]

    def _secret(self, filename: str, value: str, line: int) -> PotentialSecret:
        return PotentialSecret(type=self.secret_type, filename=filename, secret=value, line_number=line, is_verified=False)


class AlibabaCloudAccessKeyIdDetector(_AlibabaCloudDetector):
    """AccessKey IDs, also those that sign URLs."""

    secret_type = secret_types.ACCESS_KEY_ID


class AlibabaCloudAccessKeySecretDetector(_AlibabaCloudDetector):
    """AccessKey Secrets."""

    secret_type = secret_types.ACCESS_KEY_SECRET


class AlibabaCloudStsTokenDetector(_AlibabaCloudDetector):
    """Temporary credentials: of STS, and of the console's links."""

    secret_type = secret_types.STS_TOKEN


class AlibabaCloudApiKeyDetector(_AlibabaCloudDetector):
    """Model Studio API keys."""

    secret_type = secret_types.API_KEY
