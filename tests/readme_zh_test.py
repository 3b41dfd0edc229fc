"""README.zh.md tells what README.md tells: the same commands, names, tables and links."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ENGLISH = (ROOT / "README.md").read_text("utf-8")
CHINESE = (ROOT / "README.zh.md").read_text("utf-8")
FENCED = re.compile(r"^```(.+)\n((?:.*\n)*?)```$", re.MULTILINE)


def prose(text: str) -> str:
    return FENCED.sub("", text)


def blocks(text: str) -> list[tuple[str, str]]:
    """Kind of each block, and what of it no language changes; outputs, which do, are made anew in docs_test.py."""
    found = []
    for kind, code in FENCED.findall(text):
        commands = re.findall(r"^\$ (?:.*\|\n)*.*\n", code, re.MULTILINE)
        found.append((kind, re.sub(r" --lang zh\b| +# .*|(?<= reason: ).*", "", "".join(commands) or code)))
    return found


def headings(text: str) -> list[str]:
    return re.findall(r"^#+(?= )", prose(text), re.MULTILINE)


def tables(text: str) -> list[list[tuple[str, int]]]:
    """First cell and number of cells of each row below the heads."""
    found = re.findall(r"^\|.*\n((?:\|.*\n)+)", prose(text), re.MULTILINE)
    rows = [[re.split(r"(?<!\\)\|", row)[1:-1] for row in table.splitlines()] for table in found]
    return [[(cells[0], len(cells)) for cells in table] for table in rows]


def code(text: str) -> set[str]:
    return {" ".join(span.split()) for span in re.findall(r"`([^`]+)`", prose(text))}


def names(text: str) -> set[str]:
    """Options, environment variables, hooks and rules, also where they are not marked as code."""
    pattern = r"(?<![\w-])--?[a-z][a-z-]*|\b[A-Z]+(?:_[A-Z]+)+\b|\b(?:alikey-hook|alibaba)(?:-[a-z]+)+"
    return set(re.findall(pattern, prose(text), re.ASCII))


def exit_codes(text: str) -> list[str]:
    return re.findall(r"(?:exit code|退出码) (\d)", prose(text))


def links(text: str) -> set[str]:
    return set(re.findall(r"\]\(([^)]+)\)", prose(text))) - {"README.md", "README.zh.md"}


Part = Callable[[str], object]


@pytest.mark.parametrize("part", [blocks, headings, tables, code, names, exit_codes, links])
def test_both_readmes_have_the_same(part: Part) -> None:
    assert part(ENGLISH)
    assert part(CHINESE) == part(ENGLISH)


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        pytest.param(blocks, "sh scripts/check\n", "", id="command"),
        pytest.param(blocks, "$ alikey-hook --version", "$ alikey-hook rules", id="command with output"),
        pytest.param(blocks, "    alikey-hook baseline review", "    alikey-hook baseline check", id="command's second line"),
        pytest.param(blocks, "    rev: v0.1.0\n", "", id="configuration"),
        pytest.param(blocks, "```sh\n#!/bin/sh\nexec alikey-hook hook\n```\n", "", id="block"),
        pytest.param(headings, "\n## ", "\n### ", id="heading"),
        pytest.param(tables, "| `--output FILE` |", "| `--output PATH` |", id="first cell"),
        pytest.param(tables, "\n| 3 |", "\n\n3", id="row"),
        pytest.param(code, "`pip install`", "pip install", id="code"),
        pytest.param(names, "--no-own-keys", "", id="option"),
        pytest.param(names, "`-q`, `-v`", "-q", id="short option"),
        pytest.param(names, "NO_COLOR", "COLOR", id="environment variable"),
        pytest.param(names, "alikey-hook-push", "alikey-hook", id="hook"),
        pytest.param(names, "alibaba-own-key", "", id="rule"),
        pytest.param(exit_codes, "退出码 2", "退出码 1", id="exit code"),
        pytest.param(links, "docs/ci.md", "docs/cd.md", id="link"),
    ],
)
def test_what_falls_out_of_step_is_noticed(part: Part, old: str, new: str) -> None:
    assert part(CHINESE.replace(old, new)) != part(CHINESE)


@pytest.mark.parametrize("text", [pytest.param(ENGLISH, id="English"), pytest.param(CHINESE, id="Chinese")])
def test_no_relative_link_is_dead(text: str) -> None:
    relative = {link.partition("#")[0] for link in links(text) if "://" not in link}
    assert {link for link in relative if not (ROOT / link).is_file()} == set()


def test_each_readme_links_to_the_other_below_its_title() -> None:
    assert ENGLISH.splitlines()[2] == "English | [简体中文](README.zh.md)"
    assert CHINESE.splitlines()[2] == "[English](README.md) | 简体中文"
