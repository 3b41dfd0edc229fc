"""A plugin of pytest: a test fails when anything that the product gives away during it holds a value that the tests made up."""

from collections.abc import Generator
from typing import Any

import pytest

from tests.leaks.watch import LEAKS, WATCH


class Leaked(Exception):
    """Something that the product gave away holds a value of the tests."""


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        return  # it only starts processes of pytest, and what they start is theirs
    WATCH.begin()
    read = pytest.CaptureFixture.readouterr

    def readouterr(self: pytest.CaptureFixture[Any]) -> Any:
        captured = read(self)
        for channel, text in zip(("standard output", "standard error"), captured, strict=True):
            LEAKS.check(text, channel, "the tests' own process")
        return captured

    pytest.CaptureFixture.readouterr = readouterr  # type: ignore[method-assign]


def pytest_unconfigure() -> None:
    WATCH.end()


def _look(item: pytest.Item) -> Generator[None, Any, Any]:
    try:
        return (yield)
    finally:
        leaks = WATCH.look()
        if leaks and not item.get_closest_marker("gives_away"):
            raise Leaked(_told(leaks))


def _told(leaks: list[str]) -> str:
    return "\n".join(["a value of the tests was given away:", *leaks])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, Any, Any]:
    return (yield from _look(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    return (yield from _look(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, Any, Any]:
    return (yield from _look(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.passed:  # what a failing test shows of itself is the test's
        for name, text in report.sections:
            if name.endswith(f" {report.when}"):
                LEAKS.check(text, name, "the tests' own process")
        if leaks := LEAKS.take():
            report.outcome, report.longrepr = "failed", _told(leaks)
    return report
