"""The detect-secrets plugin: our detection on the host's contract.

The wheel puts a module of a few lines into `detect_secrets/plugins/` that imports these classes, so that detect-secrets knows
them as soon as alikey-hook is installed. The host (1.5.0) hands over line by line and drops lines that its filters take for
indirect references, lists in YAML and the like; so a whole file is looked at when its first line comes, and every finding is
given with its own line. The host names arguments by introspection: no decorators here, no renaming.
"""

import os
from abc import ABCMeta
from collections.abc import Generator, Iterable
from re import Pattern
from typing import Any

from detect_secrets.core.potential_secret import PotentialSecret
from detect_secrets.plugins.base import RegexBasedDetector

from alikey_hook import secret_types
from alikey_hook.detect.engine import detect
from alikey_hook.finding import CONFIDENCES, Detection

# The last file that was looked at: the host asks each of our classes about the same file in turn, and looking at it once is
# enough. Its size and time tell whether it is still the same.
_last: tuple[object, list[Detection]] = (None, [])


def _in_file(filename: str) -> list[Detection] | None:
    """What a file holds; None where there is no such file (a diff, a string given by hand)."""
    global _last
    try:
        found = os.stat(filename)
        key = (os.path.abspath(filename), found.st_mtime_ns, found.st_size)
        if _last[0] != key:
            with open(filename, "rb") as file:
                _last = (key, detect(file.read()))
    except (OSError, ValueError):
        return None
    return _last[1]


class _AlibabaCloudDetector(RegexBasedDetector, metaclass=ABCMeta):
    """Finds the credentials of the rules that a subclass's `secret_type` stands for."""

    denylist: Iterable[Pattern[str]] = ()

    def __init__(self, min_confidence: str = "medium", **kwargs: Any) -> None:
        self.min_confidence = min_confidence if min_confidence in CONFIDENCES else "medium"
        self._seen = ("", 0)

    def json(self) -> dict[str, Any]:
        """What a baseline stores: the name of the class, and the option where it is not the usual one."""
        option = {} if self.min_confidence == "medium" else {"min_confidence": self.min_confidence}
        return {**super().json(), **option}

    def analyze_string(self, string: str) -> Generator[str, None, None]:
        """The values in a string."""
        yield from (found.value for found in self._ours(detect(string.encode("utf-8", "surrogatepass"))))

    def analyze_line(
        self, filename: str, line: str, line_number: int = 0, context: Any = None, **kwargs: Any
    ) -> set[PotentialSecret]:
        """The findings of the whole file when its first line comes, of this line after that."""
        in_file = _in_file(filename)
        if in_file is None:
            return {self._secret(filename, value, line_number) for value in self.analyze_string(line)}
        previous_file, previous_line = self._seen
        self._seen = (filename, line_number)
        ours = self._ours(in_file)
        if any(found.inline_allowed and found.line == line_number for found in ours):
            # Only `scan --only-allowlisted` hands over lines with a pragma: it asks for what they hide.
            wanted = [found for found in ours if found.line == line_number]
        elif filename != previous_file or line_number <= previous_line:
            wanted = [found for found in ours if not found.inline_allowed]
        else:
            wanted = [found for found in ours if found.line == line_number and not found.inline_allowed]
        return {self._secret(filename, found.value, found.line) for found in wanted}

    def _ours(self, found: list[Detection]) -> list[Detection]:
        accepted = CONFIDENCES[CONFIDENCES.index(self.min_confidence) :]
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
