"""Our `NamedTuple` is what that of `typing` is, in all that the program does with it."""

from __future__ import annotations

import copy
import pickle
import typing
from collections.abc import Callable
from typing import Any

import pytest

from alikey_hook.finding import Finding
from alikey_hook.record import NamedTuple


class Ours(NamedTuple):
    """With defaults, a method and a property."""

    name: str
    number: int = 3
    more: tuple[str, ...] = ()

    @property
    def doubled(self) -> int:
        """Twice the number."""
        return 2 * self.number

    def greater(self, than: int) -> bool:
        """Whether the number is."""
        return self.number > than


class Theirs(typing.NamedTuple):
    """The same."""

    name: str
    number: int = 3
    more: tuple[str, ...] = ()

    @property
    def doubled(self) -> int:
        """Twice the number."""
        return 2 * self.number

    def greater(self, than: int) -> bool:
        """Whether the number is."""
        return self.number > than


QUESTIONS: dict[str, Callable[[Any], object]] = {
    "by place": lambda made: tuple(made("a", 1, ("b",))),
    "by name": lambda made: tuple(made(more=("b",), name="a")),
    "both": lambda made: tuple(made("a", more=("b",))),
    "fields": lambda made: (made._fields, made.__match_args__),
    "attributes": lambda made: (made("a").name, made("a").number, made("a").more, made("a").doubled, made("a").greater(2)),
    "as a dictionary": lambda made: made("a")._asdict(),
    "replaced": lambda made: tuple(made("a")._replace(number=7)),
    "equal to a tuple": lambda made: made("a") == ("a", 3, ()),
    "in a set": lambda made: len({made("a"), made("a"), made("b")}),
    "in order": lambda made: sorted([made("b"), made("a", 4), made("a")]) == [("a", 3, ()), ("a", 4, ()), ("b", 3, ())],
    "taken apart": lambda made: [*made("a")],
    "copied": lambda made: tuple(copy.deepcopy(made("a", more=("b",)))),
    "without a dictionary of its own": lambda made: hasattr(made("a"), "__dict__"),
    "said": lambda made: repr(made("a")).partition("(")[2],
}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_it_answers_as_that_of_typing(question: Callable[[Any], object]) -> None:
    assert question(Ours) == question(Theirs)


@pytest.mark.parametrize("made", [Ours, Theirs])
@pytest.mark.parametrize(
    ("values", "named"),
    [
        pytest.param((), {}, id="too few"),
        pytest.param(("a", 1, (), 2), {}, id="too many"),
        pytest.param(("a",), {"other": 1}, id="unknown"),
        pytest.param(("a",), {"name": "b"}, id="twice"),
        pytest.param(("a", 1, ()), {"more": ()}, id="all, and one twice"),
    ],
)
def test_wrong_values_are_refused(made: Callable[..., object], values: tuple[object, ...], named: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        made(*values, **named)


@pytest.mark.parametrize("name", ["name", "other"])
def test_nothing_can_be_set(name: str) -> None:
    with pytest.raises(AttributeError):
        setattr(Ours("a"), name, "b")


def test_it_can_be_sent_to_another_process() -> None:
    sent = pickle.loads(pickle.dumps(Ours("a", more=("b",))))  # noqa: S301
    assert (type(sent), sent) == (Ours, ("a", 3, ("b",)))


def test_a_finding_has_the_fields_that_reports_and_caches_are_made_of() -> None:
    assert Finding._fields[:5] == ("rule", "status", "confidence", "severity", "path")
    assert len(Finding._fields) == 28
