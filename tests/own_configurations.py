"""Machines that are configured with credentials, drawn at random, and the forms in which a credential may leak."""

import base64
import json
import random
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.corpus.fill import credential

VARIABLES = {
    "ALIBABA_CLOUD_ACCESS_KEY_ID": "id",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "sec",
    "ALIBABA_CLOUD_SECURITY_TOKEN": "ststok",
    "ALICLOUD_ACCESS_KEY": "id",
    "ALICLOUD_SECRET_KEY": "sec",
    "ALIYUN_ACCESS_KEY_ID": "id16",
    "ALIYUN_ACCESS_KEY_SECRET": "sec",
    "OSS_ACCESS_KEY_ID": "id",
    "OSS_ACCESS_KEY_SECRET": "sec",
    "DASHSCOPE_API_KEY": "dash",
}
NAMED_FILE = "ALIBABA_CLOUD_CREDENTIALS_FILE"
_NAMES = ("default", "prod", "杭州", "a-b_c.d", "akProfile")


class Machine(NamedTuple):
    """`variables` of the environment, `files` below the home, each value with its `source`; `foreign` ones are not ours."""

    variables: dict[str, str]
    files: dict[str, str]
    sources: dict[str, str]
    foreign: list[str]

    def set_up(self, home: Path) -> dict[str, str]:
        """Write the files; gives the environment variables to add."""
        for path, text in self.files.items():
            target = home / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
        return self.variables


class _Draw:
    """Values for one machine, and where each is configured."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.sources: dict[str, str] = {}
        self.foreign: list[str] = []

    def value(self, kind: str, source: str) -> str:
        drawn = credential(kind, self.rng)
        self.sources[drawn] = source
        return drawn

    def other(self, kind: str) -> str:
        self.foreign.append(credential(kind, self.rng))
        return self.foreign[-1]

    def profiles(self) -> list[str]:
        return self.rng.sample(_NAMES, self.rng.randint(1, 4))


def _cli(draw: _Draw) -> dict[str, str]:
    path = "~/.aliyun/config.json"
    profiles = []
    for name in draw.profiles():
        source = f"profile {name} of {path}"
        mode = draw.rng.choice(("AK", "StsToken", "External"))
        own = mode != "External"
        profiles.append(
            {
                "name": name,
                "mode": mode,
                "access_key_id": draw.value("stsid" if mode == "StsToken" else "id", source) if own else "",
                "access_key_secret": draw.value("stssec" if mode == "StsToken" else "sec", source) if own else "",
                "sts_token": draw.value("ststok", source) if mode == "StsToken" else "",
                "sts_region": "",
                "ram_role_name": "",
                "expired_seconds": 900,
                "region_id": "cn-hangzhou",
                "output_format": "json",
                "language": "en",
                "retry_timeout": 0,
                "process_command": "" if own else "touch process_command_was_run",
            }
        )
    indent = draw.rng.choice(("\t", 2, None))
    whole = {"current": profiles[0]["name"], "profiles": profiles, "meta_path": ""}
    return {path: json.dumps(whole, indent=indent, ensure_ascii=False) + "\n"}


def _ini(draw: _Draw, path: str) -> dict[str, str]:
    equals = draw.rng.choice((" = ", "=", ": "))
    text = "# written by hand\n"
    for name in draw.profiles():
        source = f"profile {name} of {path}"
        token = draw.rng.random() < 0.3
        text += f"[{name}]\nenable{equals}true\ntype{equals}{'sts' if token else 'access_key'}\n"
        text += f"access_key_id{equals}{draw.value('stsid' if token else 'id', source)}\n"
        text += f"access_key_secret{equals}{draw.value('stssec' if token else 'sec', source)}\n"
        text += f"security_token{equals}{draw.value('ststok', source)}\n" if token else ""
        text += "\n"
    return {path: text}


def _ossutil(draw: _Draw) -> dict[str, str]:
    path = "~/.ossutilconfig"
    source = f"profile Credentials of {path}"
    text = "[Credentials]\nlanguage=EN\nendpoint=oss-cn-hangzhou.aliyuncs.com\n"
    text += f"accessKeyID={draw.value('id', source)}\naccessKeySecret={draw.value('sec', source)}\n"
    text += f"stsToken={draw.value('ststok', source)}\n" if draw.rng.random() < 0.3 else ""
    return {path: text + "[Bucket-Endpoint]\nbucket=oss-cn-beijing.aliyuncs.com\n"}


def _rclone(draw: _Draw) -> dict[str, str]:
    path = "~/.config/rclone/rclone.conf"
    text = ""
    for name, provider in (("aws", "AWS"), ("oss", "Alibaba"), ("minio", "Minio"), ("oss2", "Alibaba")):
        source = f"profile {name} of {path}"
        ours = provider == "Alibaba"
        lines = [
            "type = s3",
            f"provider = {provider}",
            f"access_key_id = {draw.value('id', source) if ours else draw.other('old16')}",
            f"secret_access_key = {draw.value('sec', source) if ours else draw.other('sec')}",
        ]
        draw.rng.shuffle(lines)
        text += f"[{name}]\n" + "\n".join(lines) + "\n\n"
    return {path: text}


FILES: dict[str, Callable[[_Draw], dict[str, str]]] = {
    "the CLI's configuration": _cli,
    "credentials": lambda draw: _ini(draw, "~/.alibabacloud/credentials"),
    "credentials.ini": lambda draw: _ini(draw, "~/.alibabacloud/credentials.ini"),
    "a file that a variable names": lambda draw: _ini(draw, "~/keys/my credentials"),
    "ossutil's configuration": _ossutil,
    "rclone's configuration": _rclone,
}
KINDS = (*VARIABLES, *FILES)


def machine(kinds: list[str], seed: str) -> Machine:
    """A machine with credentials of the given kinds in it."""
    draw = _Draw(random.Random(seed))
    made = Machine({}, {}, draw.sources, draw.foreign)
    for kind in kinds:
        if kind in VARIABLES:
            made.variables[kind] = draw.value(VARIABLES[kind], f"the variable {kind}")
            continue
        for path, text in FILES[kind](draw).items():
            made.files[path.removeprefix("~/")] = text
            if kind == "a file that a variable names":
                made.variables[NAMED_FILE] = path
    return made


def random_machine(number: int) -> Machine:
    """One of many machines: each kind comes in turn, with up to two others."""
    rng = random.Random(f"machine {number}")
    kinds = [KINDS[number % len(KINDS)], *rng.sample(KINDS, rng.randint(0, 2))]
    return machine(list(dict.fromkeys(kinds)), f"machine {number}")


def _in_base64(before: str) -> Callable[[str], str]:
    return lambda value: base64.b64encode(f"{before}{value}\nand so on".encode()).decode()


# In text, whatever its encoding.
FORMS: dict[str, Callable[[str], str]] = {
    "plain": lambda value: value,
    "percent": lambda value: urllib.parse.quote(value, safe=""),
    "base64": lambda value: base64.b64encode(value.encode()).decode(),
    "base64-0": _in_base64(""),
    "base64-1": _in_base64("a"),
    "base64-2": _in_base64("a="),
}


def _with_mark(charset: str, mark: bytes) -> Callable[[str], bytes]:
    return lambda text: mark + text.encode(charset)


CHARSETS: dict[str, Callable[[str], bytes]] = {
    "utf-8": str.encode,
    "gbk": lambda text: f"第一行说明：{text}".encode("gbk"),
    "utf-16-le": _with_mark("utf-16-le", b""),
    "utf-16-be": _with_mark("utf-16-be", b""),
    "utf-16-le-mark": _with_mark("utf-16-le", b"\xff\xfe"),
    "utf-16-be-mark": _with_mark("utf-16-be", b"\xfe\xff"),
}


def leaks(values: list[str]) -> dict[str, bytes]:
    """Files that leak the values, one a line and the first in the second line: a form in an encoding each."""
    found = {}
    for form, written in FORMS.items():
        lines = "".join(f"x: {written(value)}\n" for value in values)
        for charset, encoded in CHARSETS.items():
            if form == "plain" or charset == "utf-8":
                found[f"{form}.{charset}"] = encoded(f"the first line\n{lines}")
    return found


def leaky_message(values: list[str]) -> str:
    """A commit message that has every value in every form of text, one a line, the first in the third."""
    return "A message\n\n" + "".join(f"x: {written(value)}\n" for written in FORMS.values() for value in values)


def traces(values: list[str]) -> list[str]:
    """What no output may hold: the values in any form, but for the characters of base64 that depend on what is around."""
    found = []
    for value in values:
        found += [value, urllib.parse.quote(value, safe="")]
        found += [base64.b64encode(b"\0" * shift + value.encode()).decode()[shift + 1 : -4] for shift in range(3)]
    return found
