"""What we report in real source trees: files, size, findings by rule; places and rules, never a value."""

from __future__ import annotations

import json
import os
import shutil
import sys
import zipfile
from collections import Counter
from pathlib import Path
from tempfile import mkdtemp
from time import perf_counter

from alikey_hook.errors import UserError
from benchmarks import scanning
from benchmarks.processes import found, ran
from benchmarks.reports import Hit
from benchmarks.scanning import Tool

PYPI, NPM = "PyPI", "npm"
PACKAGES = {
    "without relation to Alibaba": (
        *((PYPI, name) for name in "django numpy kubernetes boto3".split()),
        *((NPM, name) for name in "react typescript@5.9 lodash webpack".split()),
    ),
    "related to Alibaba": (
        *((PYPI, name) for name in "alibabacloud-tea-openapi oss2 aliyun-python-sdk-core".split()),
        (NPM, "ali-oss"),
    ),
}


def report(tool: Tool, trees: list[Path], folder: Path, *, packages: bool) -> str:
    """A Markdown table for `trees`, and one for each group of packages, which are downloaded into `folder`."""
    parts = [_table(tool, "tree", {str(tree): tree for tree in trees}, folder)] if trees else []
    for group, names in PACKAGES.items() if packages else ():
        unpacked = {name: _unpacked(registry, name, Path(mkdtemp(dir=folder))) for registry, name in names}
        parts.append(_table(tool, f"package {group}", unpacked, folder))
    return "\n\n".join(parts)


def _table(tool: Tool, title: str, trees: dict[str, Path], folder: Path) -> str:
    lines = [f"| {title} | files | MB | s | findings |", "| --- | ---: | ---: | ---: | --- |"]
    places = []
    for name, tree in trees.items():
        if not tree.is_dir():
            raise UserError(f"{tree} is not a folder.", "Name the top of a source tree.")
        start = perf_counter()
        said = scanning.said(tool, tree, folder / "report.json")
        seconds = perf_counter() - start
        summary, hits = json.loads(said)["summary"], tool.scanner.read(said, tree)
        size = f"{summary['files']} | {summary['bytes'] / 1e6:.1f}"
        lines.append(f"| {name} | {size} | {seconds:.1f} | {_by_rule(hits) or 'none'} |")
        places += [f"{name}: {hit.file}:{hit.place[0]}:{hit.place[1]} {hit.rule}" for hit in hits]
    return "\n".join([*lines, *(["", *places] if places else [])])


def _by_rule(hits: list[Hit]) -> str:
    return ", ".join(f"{count} {rule}" for rule, count in Counter(hit.rule for hit in hits).most_common())


def _unpacked(registry: str, name: str, folder: Path) -> Path:
    """Download a package from its registry and unpack it; gives the folder that it is in."""
    archives, out = folder / "archives", folder / "files"
    archives.mkdir()
    if registry == NPM:
        if found("npm", os.environ.get("PATH", os.defpath)) is None:
            raise UserError("npm is not on the PATH.", "Install Node.js.")
        ran(["npm", "pack", "--silent", "--pack-destination", str(archives), name])
    else:
        ran([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(archives), name])
    for archive in archives.iterdir():
        if zipfile.is_zipfile(archive):
            shutil.unpack_archive(archive, out, "zip")
        else:
            shutil.unpack_archive(archive, out, "gztar", filter="data")
    return out
