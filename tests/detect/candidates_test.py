"""Which values have the edges that theirs may have."""

import random

import pytest

from alikey_hook.detect.candidates import Candidate, candidates
from tests.corpus.fill import credential
from tests.keys import access_key_id, legacy_id, secret

ID, LEGACY, SECRET = access_key_id(1), legacy_id(1), secret(1)
TOKEN, STS_TOKEN = (credential(kind, random.Random(kind)) for kind in ("dash", "ststok"))
OLD = credential("old16", random.Random("old16"))


def seen(before: str, value: str, after: str, role: str) -> str:
    """How a value between two texts is seen: whole, masked, or not at all."""
    text = f"{before}{value}{after}"
    found = [one for one in candidates(text, role) if (one.start, one.end) == (len(before), len(before) + len(value))]
    assert all(one.value == value and one.role == role for one in found)
    return {0: "", 1: "whole" if found and found[0].whole else "masked"}[len(found)]


def test_the_candidates_of_a_text_stand_in_order() -> None:
    text = f"a {SECRET} b {ID} c {LEGACY} d {TOKEN} e {OLD}"

    def values(*roles: str) -> list[str]:
        return [one.value for one in candidates(text, *roles)]

    assert values("id") == [ID, LEGACY]
    assert values("secret") == [SECRET]
    assert values("token", "secret", "id", "legacy-id") == [SECRET, ID, LEGACY, TOKEN, OLD]
    assert values() == [] == values("nothing")
    (first, second) = candidates(text, "id")
    assert (first.certain, second.certain) == (True, False)
    assert [(one.start, one.end) for one in (first, second)] == [(text.index(v), text.index(v) + len(v)) for v in (ID, LEGACY)]
    assert isinstance(first, Candidate) and first.rule.id == "alibaba-access-key-id"


@pytest.mark.parametrize(
    ("before", "after", "certain", "legacy"),
    [
        ("", "", "whole", "whole"),
        ("'", "'", "whole", "whole"),
        ("=", "=", "whole", "whole"),
        ("+", "", "", ""),
        ("", "+", "", ""),
        ("", "==", "", ""),
        ("/", "", "whole", ""),
        ("", "/", "whole", ""),
        ("/", "/", "", ""),
        ("", "/20260101/cn", "whole", "whole"),
        ("", "/20260101", "whole", ""),
        ("", "/2026010/", "whole", ""),
        ("", f"/{SECRET}", "whole", "whole"),
        ("", f"/{SECRET}/", "whole", "whole"),
        ("", f"/{SECRET}x", "whole", ""),
        ("", f"/{SECRET[:29]}", "whole", ""),
        ("/", f"/{SECRET}", "", ""),
        ("x", "", "", ""),
        ("", "", "whole", "whole"),
    ],
)
def test_the_edges_of_an_id(before: str, after: str, certain: str, legacy: str) -> None:
    assert (seen(before, ID, after, "id"), seen(before, LEGACY, after, "id")) == (certain, legacy)


@pytest.mark.parametrize(
    ("before", "after", "answer"),
    [
        *((sign, "", "") for sign in ("+", "/", "_", "$", "\\", "a.", "Z-", "9.", "_-", "${", "{{", "= a.", "= Z-", "= ${")),
        *(("x" + sign, "", "") for sign in ("+", "/", "_", "$", "\\")),
        *((sign, "", "whole") for sign in ("", " ", "=", "'", ".", "-", " .", " -", "(-", "_'", "{", "x{", "$(", ":")),
        *(("", sign, "") for sign in ("+", "/", "_", "=", "(", "$", ".a", "-Z", ".9", "+ ", "/ ")),
        *(("", sign, "whole") for sign in ("", " ", "'", ".", "-", ". a", "-'", ")", "}", ";", "\\", ".(")),
        (f"{ID}/", "", "whole"),
        (f"{LEGACY}/", "", "whole"),
        (f"x {ID}/", "", "whole"),
        (f"STS.{SECRET[:25]}/", "", "whole"),
        (f"LTAI{SECRET[:11]}/", "", ""),
        (f"LTAI{SECRET[:26]}/", "", ""),
        (f"XTAI{SECRET[:12]}/", "", ""),
        (f"{ID}./", "", ""),
    ],
)
def test_the_edges_of_a_secret(before: str, after: str, answer: str) -> None:
    assert seen(before, SECRET, after, "secret") == answer


@pytest.mark.parametrize(
    ("before", "answer"),
    [
        *((sign, "") for sign in ("+", "/", "a.", "a-", "a_", "9_", "Z.", "x+", "x/", "= a.")),
        *((sign, "whole") for sign in ("", " ", ".", "-", "_", " .", "(-", "=_", "=", "'", "x:")),
    ],
)
def test_the_edge_of_a_token(before: str, answer: str) -> None:
    assert seen(before, TOKEN, "", "token") == answer


@pytest.mark.parametrize(
    ("before", "after"),
    [
        *(("", mask) for mask in ("*", "…", "•", "●", "·", "⋯", "..", "...", "\\*", "[*", "****", "**")),
        *((mask, "") for mask in ("*", "…", "•")),
        ("****", "****"),
        ("*", "**"),
        ("***", "****"),
        ("**", "*"),
    ],
)
def test_what_goes_on_behind_a_mask_is_not_whole(before: str, after: str) -> None:
    assert seen(before, ID, after, "id") == "masked"
    assert seen(f"id = {before}", SECRET, after, "secret") == ""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        *((stars, stars) for stars in ("*", "**", "***")),
        ("{+", "+}"),
        ("x **", "** x"),
        ("●", ""),
        ("", "."),
        ("", ".\n."),
        ("", "\\"),
        ("", "["),
        ("", "]*"),
        ("{+ ", " +}"),
    ],
)
def test_markup_is_no_mask(before: str, after: str) -> None:
    assert seen(before, ID, after, "id") == "whole"
    assert seen(before, SECRET, after, "secret") == "whole"


@pytest.mark.parametrize(("before", "after"), [("{+", ""), ("", "+}"), ("+", "+}"), ("{+", "+"), ("**+", "+**")])
def test_half_of_a_markup_is_none(before: str, after: str) -> None:
    assert seen(before, SECRET, after, "secret") == ""


def test_behind_markup_the_edges_count_too() -> None:
    assert seen("x_**", SECRET, "**", "secret") == ""
    assert seen("**", SECRET, "**(", "secret") == ""
    assert seen("a={+", SECRET, "+}", "secret") == "whole"


def test_a_placeholder_is_not_whole() -> None:
    assert seen("", "LTAI" + "x" * 20, "", "id") == "masked"
    assert seen("", "LTAI5tExample" + ID[13:], "", "id") == "masked"
    assert seen("", SECRET[:26] + "xxxx", "", "secret") == ""
    assert seen("", SECRET[:23] + "eXaMpLe", "", "secret") == ""
    assert seen("", "sk-" + "0" * 32, "", "token") == ""
    assert seen("", "sk-" + "01234567" * 4, "", "token") == ""
    assert seen("", "sk-" + "02468a" * 5 + "02", "", "token") == ""
    assert seen("", "sk-000" + TOKEN[6:], "", "token") == "whole"
    assert seen("", STS_TOKEN, "", "token") == "whole"


def test_secrets_are_in_both_cases_and_no_words() -> None:
    for text in (SECRET.lower(), SECRET.upper(), "getUserByAliyunUidWithCallback"):
        assert seen("", text, "", "secret") == ""
    assert (seen("", OLD, "", "legacy-id"), seen("", OLD.upper(), "", "legacy-id")) == ("whole", "")
    assert seen("", "getUserByUidWith", "", "legacy-id") == ""
    assert (seen("", LEGACY.upper(), "", "id"), seen("", "LTAIConfigLoaderWith", "", "id")) == ("whole", "whole")
