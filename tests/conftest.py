"""Fixtures: a real git repository that knows nothing of this machine's git."""

import os
from pathlib import Path

import pytest

from tests.repository import Repo, isolated, new_repository

pytest_plugins = ["tests.leaks.plugin", "pytester"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home; the environment holds no git settings but a name, for the length of a test."""
    folder = tmp_path / "home"
    for name, value in isolated(os.environ, folder).items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    return folder


@pytest.fixture
def repo(tmp_path: Path, home: Path) -> Repo:
    """A repository without a commit."""
    return new_repository(tmp_path / "repo")


@pytest.fixture
def here(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A repository without a commit, and we stand in it."""
    monkeypatch.chdir(repo.top)
    return repo
