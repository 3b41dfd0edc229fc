"""Baseline files as people write them, drawn at random: every style, and for each line the entry that it belongs to."""

import datetime
import hashlib
import json
from typing import NamedTuple

from hypothesis import strategies as st

from alikey_hook.allowlist.match import STATUSES, Entry
from alikey_hook.allowlist.parse import parse

NAME = "baseline/alikey.yaml"
_WORDS = ("made for this test", "the key of an example; never existed", "示例，从未存在", "x")
_HARD = (
    'it\'s: #1 "really" [x] {y}',
    "yes",
    "- null",
    " spaces around ",
    "2026-01-01",
    "a\ttab",
    "100%",
    "🔑",
    "@home",
    "&a *b !c",
)
_PATHS = ("tests/**", "**/conf?.yml", "docs/a b.md", "/x", "示例/*")
_COMMENTS = ("# why", "#", "# - fingerprint: sha256:0", "# allow: []", "# 注释 «»")


class File(NamedTuple):
    """A file's lines without their endings, the number of the entry that each belongs to, and how entries are indented.

    `ending`: what ends a line. `marked`: whether it begins with a byte order mark. `ended`: whether its last line ends.
    """

    lines: list[str]
    owners: list[int | None]
    indent: str
    ending: str
    marked: bool
    ended: bool

    @property
    def content(self) -> bytes:
        """The file's bytes."""
        return self.of(self.lines, self.ended)

    def of(self, lines: list[str], ended: bool = True) -> bytes:
        """The bytes of other lines in a file like this one."""
        text = self.ending.join(lines) + (self.ending if ended else "")
        return text.encode("utf-8-sig" if self.marked else "utf-8")

    @property
    def size(self) -> int:
        """How many entries there are."""
        return len({owner for owner in self.owners if owner is not None})

    def span(self, number: int) -> tuple[int, int]:
        """From which line to before which one an entry stands."""
        start = self.owners.index(number)
        return start, start + self.owners.count(number)

    def above(self, number: int) -> int:
        """The first line of the comments that stand right above an entry; the entry's own where there are none."""
        start = self.owners.index(number)
        while self.lines[start - 1].lstrip().startswith("#") and self.owners[start - 1] is None:
            start -= 1
        return start


def digest(seed: object) -> str:
    """A fingerprint of nothing that exists."""
    return "sha256:" + hashlib.sha256(repr(seed).encode()).hexdigest()


def plain(content: bytes) -> list[Entry]:
    """The entries of a file, without the lines where they stand and the blanks around their reasons."""
    return [entry._replace(line=0, file="", reason=entry.reason.strip()) for entry in parse(content, NAME)]


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """An entry that is written by us; of few fingerprints, so that some files have it already."""
    some = draw(st.sampled_from([*_WORDS, *_HARD]))
    day = datetime.date(2027, 11, 25)
    return Entry(
        fingerprint=digest(draw(st.sampled_from("0123456789"))),
        status=draw(st.sampled_from(STATUSES)),
        reason=some.strip(),
        paths=draw(st.sampled_from([(), ("tests/**",), ("a b", "示例/*")])),
        expires_on=draw(st.sampled_from([None, day])),
        rule=draw(st.sampled_from(["", "alibaba-access-key-id"])),
        redacted=draw(st.sampled_from(["", "LTAI5tAb…9kQz", "30 characters"])),
        reviewed_by=draw(st.sampled_from(["", "A Tester <tester@example.com>", "O'Neil, «审核»"])),
        reviewed_on=draw(st.sampled_from([None, day])),
    )


@st.composite
def files(draw: st.DrawFn, in_order: bool | None = None, least: int = 1) -> File:
    """A valid baseline file of some entries. `in_order`: whether they stand in the order of their fingerprints."""
    indent = draw(st.sampled_from(["", "  ", "    "]))
    ordered = draw(st.sampled_from("yn")) == "y" if in_order is None else in_order
    keys = draw(st.lists(st.sampled_from("0123456789"), min_size=least, max_size=5, unique=True))
    prints = sorted(map(digest, keys)) if ordered else list(map(digest, keys))
    lines: list[tuple[str, int | None]] = [(line, None) for line in draw(st.sampled_from(_HEADS))]
    block = False
    for number, known in enumerate(prints):
        lines += [(line, None) for line in _gap(draw, indent, block)]
        written, block = _entry(draw, known, indent)
        lines += [(line, number) for line in written]
    lines += [(line, None) for line in _gap(draw, indent, block)]
    if not any(line.startswith("version") for line, _ in lines):
        lines.append(("version: 1", None))
    ended = draw(st.sampled_from("yyn")) == "y"
    while not ended and not lines[-1][0].strip():
        lines.pop()
    texts, owners = zip(*lines, strict=True)
    ending = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    return File(list(texts), list(owners), indent, ending, draw(st.sampled_from("yn")) == "y", ended)


_HEADS: list[list[str]] = [
    ["version: 1", "allow:"],
    ["# Reviewed exceptions", "", "version: 1   # of the format", "", "allow:  # sorted"],
    ["---", "version: '1'", "# about the list", "allow:   "],
    ["allow:"],
]


def _gap(draw: st.DrawFn, indent: str, block: bool) -> list[str]:
    """Comments and blank lines; no blank line right behind a block scalar, which it would belong to."""
    lines = []
    for kind in draw(st.sampled_from(["", "", "", "#", "##", "_", "_#", "#_", "#_#", "__#"])):
        blank = draw(st.sampled_from(["", "", "  "]))
        comment = draw(st.sampled_from(["", indent, indent + "  "])) + draw(st.sampled_from(_COMMENTS))
        if kind == "#" or not block:
            lines.append(comment if kind == "#" else blank)
            block = False
    return lines


def _entry(draw: st.DrawFn, known: str, indent: str) -> tuple[list[str], bool]:
    """An entry's lines, and whether it ends with a block scalar."""
    fields = [
        ["fingerprint: " + draw(st.sampled_from([known, f'"{known}"', f"'{known}'"]))],
        ["status: " + draw(st.sampled_from(STATUSES))],
        _reason(draw),
        *([_paths(draw)] if draw(st.sampled_from("yn")) == "y" else []),
        *([["expires_on: 2027-11-25"]] if draw(st.sampled_from("yn")) == "y" else []),
    ]
    fields = draw(st.permutations(fields))
    dash = draw(st.sampled_from(["- ", "- ", "-   "]))
    inner = indent + " " * len(dash)
    lines = []
    for number, field in enumerate(fields):
        if len(field) == 1:
            field = [field[0] + draw(st.sampled_from(["", "", "", "  # why", "   "]))]
        if number and draw(st.sampled_from("nnny")) == "y":
            lines.append(draw(st.sampled_from(["", inner])) + draw(st.sampled_from(_COMMENTS)))
        lines += [inner + line for line in field]
    last = fields[-1][0].rstrip(" +-")
    return [indent + dash + lines[0][len(inner) :], *lines[1:]], last.endswith(("|", ">"))


def _reason(draw: st.DrawFn) -> list[str]:
    words, hard = draw(st.sampled_from(_WORDS)), draw(st.sampled_from(_HARD))
    style = draw(st.sampled_from(["plain", "single", "double", "folded over", "quoted over", "block", "block with a #"]))
    if style == "plain":
        return [f"reason: {words}"]
    if style == "single":
        return ["reason: '" + hard.replace("'", "''") + "'"]
    if style == "double":
        return [f"reason: {json.dumps(hard, ensure_ascii=False)}"]
    if style == "folded over":
        return [f"reason: {words}", "  and more", "    of it"]
    if style == "quoted over":
        return [f'reason: "{words}', "", '  # and more"']
    block = ["reason: " + draw(st.sampled_from(["|", "|-", ">", ">-"])), f"  {words}", "", "    - more: of it"]
    return [*block, "  # not a comment"] if style == "block with a #" else block


def _paths(draw: st.DrawFn) -> list[str]:
    one, other = draw(st.sampled_from(_PATHS)), draw(st.sampled_from(_PATHS))
    return draw(
        st.sampled_from(
            [
                [f'paths: ["{one}", "{other}"]'],
                [f'paths: ["{one}",', f'  "{other}"', "]"],
                [f'paths: ["{one}",', f'  "{other}"  # why', "  ]"],
                ["paths:", f'- "{one}"', f"- '{other}'"],
                ["paths:", f'  - "{one}"', "  # why", f"  - '{other}'  # why"],
            ]
        )
    )
