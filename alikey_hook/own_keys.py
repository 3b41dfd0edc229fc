"""This machine's own Alibaba Cloud credentials, to be looked for: what a developer most likely leaks.

Variables and files are those that the documentation of the SDKs, the aliyun CLI, ossutil and rclone names. Files are only read,
nothing in them is ever run (the CLI's `process_command`), and nothing leaves this process.
Without `re`, `json` or `configparser`: this is on the hook's path.
"""

from __future__ import annotations

import os
import stat

from alikey_hook.detect import shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_VARIABLES = (
    "ALIBABA_CLOUD_ACCESS_KEY_ID",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    "ALIBABA_CLOUD_SECURITY_TOKEN",
    "ALIBABACLOUD_ACCESS_KEY_ID",
    "ALIBABACLOUD_ACCESS_KEY_SECRET",
    "ALICLOUD_ACCESS_KEY",
    "ALICLOUD_SECRET_KEY",
    "ALIYUN_ACCESS_KEY_ID",
    "ALIYUN_ACCESS_KEY_SECRET",
    "OSS_ACCESS_KEY_ID",
    "OSS_ACCESS_KEY_SECRET",
    "DASHSCOPE_API_KEY",
)
_FILES = (
    "~/.aliyun/config.json",
    "~/.alibabacloud/credentials",
    "~/.alibabacloud/credentials.ini",
    "~/.ossutilconfig",
    "~/.config/rclone/rclone.conf",
)
_NAMED_FILE = "ALIBABA_CLOUD_CREDENTIALS_FILE"
_NAMES = frozenset(
    b"access_key_id access_key_secret sts_token accesskeyid accesskeysecret ststoken secret_access_key session_token "
    b"security_token".split()
)
_LARGEST = 1 << 20
_SHORTEST = 16
# What ends a word in JSON and INI files becomes a blank; not `=`, with which tokens end.
_WORDS = bytes(32 if c in b"\"':,\t\r\n" else c for c in range(256))


class OwnKeys:
    """`sources`: each value, and in words where it is configured. `warnings`: which files could not be read, and why."""

    __slots__ = ("sources", "warnings")

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.sources: dict[str, str] = {}
        self.warnings: list[str] = []
        for name in _VARIABLES:
            self._add(environment.get(name, ""), f"the variable {name}")
        for path in (*_FILES, environment.get(_NAMED_FILE, "")):
            if path:
                self._add_file(path)

    def _add(self, value: str, source: str) -> None:
        if len(value) >= _SHORTEST and value.isascii() and not _made_up(value[:44]):
            self.sources.setdefault(value, source)

    def _add_file(self, path: str) -> None:
        try:
            full = os.path.expanduser(path)
            status = os.stat(full)
            if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST:
                self.warnings.append(f"{path} is not a file of at most 1 MiB")
                return
            with open(full, "rb") as file:
                content = file.read(_LARGEST)
        except FileNotFoundError:
            return
        except (OSError, ValueError) as error:
            self.warnings.append(f"{path} cannot be read: {type(error).__name__}")
            return
        found = list(_configured(content.removeprefix(b"\xef\xbb\xbf"), path.endswith("rclone.conf")))
        values = {value for _, value in found}
        for profile, value in found:
            self._add(value, f"profile {profile} of {path}" if profile and profile not in values else path)


def _configured(content: bytes, needs_provider: bool) -> Iterator[tuple[str, str]]:
    """(profile, value) of the credentials in a configuration file, JSON or INI; of rclone's only in Alibaba's remotes."""
    profile, ours = "", not needs_provider
    held: list[str] = []
    for line in content.split(b"\n"):
        if line.strip().startswith(b"[") and line.strip().endswith(b"]"):
            yield from ((profile, value) for value in held if ours)
            profile, ours, held = line.strip()[1:-1].decode("utf-8", "replace"), not needs_provider, []
        words = _words(line)
        for name, value in zip(words, [*words[1:], b""]):  # noqa: B905 - itertools costs an import
            text = value.decode("utf-8", "replace")
            if name == b"}":
                yield from ((profile, value) for value in held if ours)
                profile, held = "", []
            elif name.lower() in _NAMES:
                held.append(text)
            elif name.lower() == b"name":
                profile = text
            elif name.lower() == b"provider" and text.lower().startswith("alibaba"):
                ours = True
    yield from ((profile, value) for value in held if ours)


def _words(line: bytes) -> list[bytes]:
    words: list[bytes] = []
    for word in line.translate(_WORDS).replace(b"{", b" { ").replace(b"}", b" } ").split():
        name, equals, value = word.partition(b"=")
        if equals and (not name or name.lower() in _NAMES or name.lower() == b"provider"):
            words += [part for part in (name, value) if part]
        else:
            words.append(word)
    return words


def _made_up(value: str) -> bool:
    """Whether this is no credential. Less strict than the rules: who configures something means it."""
    return len(set(value)) < 8 or shape.spelt(value) or shape.wordlike(value)
