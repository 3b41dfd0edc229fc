"""What of a commit message under way is looked at: at least what git will keep."""

import pytest

from alikey_hook.sources.message import above_scissors, without_comments

DASHES = "-" * 24
SCISSORS = f" {DASHES} >8 {DASHES}\n"
DIFF = "diff --git a/a b/a\n"


@pytest.mark.parametrize(
    ("content", "comment", "certain", "kept"),
    [
        pytest.param(f"a\n#{SCISSORS}b\n", "#", True, "a\n", id="cut"),
        pytest.param(f"#{SCISSORS}b\n", "#", True, "", id="in the first line"),
        pytest.param(f"a\n#{SCISSORS}b\n", "#", False, None, id="not certain, and no diff"),
        pytest.param(f"a\n#{SCISSORS}{DIFF}", "#", False, "a\n", id="a diff"),
        pytest.param(f"a\n#{SCISSORS}# b\n\n#\n{DIFF}", "#", False, "a\n", id="a diff below comments and blank lines"),
        pytest.param(f"a\n#{SCISSORS}# b\nc\n{DIFF}", "#", False, None, id="a diff below a text"),
        pytest.param(
            f"a\n#{SCISSORS}b\n#{SCISSORS}{DIFF}", "#", False, f"a\n#{SCISSORS}b\n", id="only the second begins a diff"
        ),
        pytest.param(f"a\n#{SCISSORS}b\n#{SCISSORS}{DIFF}", "#", True, "a\n", id="the first of two"),
        pytest.param(f"a\n;{SCISSORS}; b\n{DIFF}", None, False, "a\n", id="git chose a semicolon"),
        pytest.param(f"a\n|{SCISSORS}", None, True, "a\n", id="git chose a bar"),
        pytest.param(f"a\n:{SCISSORS}", None, True, "a\n", id="git chose a colon"),
        pytest.param(f"a\nX{SCISSORS}", None, True, None, id="git never chooses a letter"),
        pytest.param(f"a\n#{SCISSORS}", ";", True, None, id="another comment character"),
        pytest.param(f"a\n//{SCISSORS}", "//", True, "a\n", id="two characters"),
        pytest.param(f"a\nx{SCISSORS}", ".", True, None, id="special in regular expressions"),
        pytest.param(f"a\n.{SCISSORS}", ".", True, "a\n", id="special in regular expressions, but itself"),
        pytest.param(f"a\né{SCISSORS}é b\n{DIFF}", "é", False, "a\n", id="not ASCII"),
        pytest.param(f"a\n\udcff{SCISSORS}", "\udcff", True, "a\n", id="not UTF-8"),
        pytest.param(f"a\n #{SCISSORS}", "#", True, None, id="indented"),
        pytest.param(f"a\n# {DASHES} >8 {DASHES} b\n", "#", True, None, id="text behind"),
        pytest.param(f"a\n# {DASHES[1:]} >8 {DASHES}\n", "#", True, None, id="too short"),
        pytest.param(f"a\n# {DASHES} >8 -{DASHES}\n", "#", True, None, id="too long"),
        pytest.param(f"a\n# {DASHES} >8 {DASHES}", "#", True, "a\n", id="without a line end"),
        pytest.param("a\n", "#", True, None, id="none"),
    ],
)
def test_scissors(content: str, comment: str | None, certain: bool, kept: str | None) -> None:
    given = content.encode("utf-8", "surrogateescape")
    assert above_scissors(given, comment, certain) == (given if kept is None else kept.encode())


@pytest.mark.parametrize(
    ("comment", "content", "kept"),
    [
        pytest.param("#", "a\n# b\n c # d\n#\n# e", "a\n\n c # d\n\n", id="lines stay"),
        pytest.param(None, "a\n# b\n", "a\n# b\n", id="none"),
        pytest.param(".", ".a\nb.\n", "\nb.\n", id="special in regular expressions"),
        pytest.param("\udcff", "\udcffa\nb\n", "\nb\n", id="not UTF-8"),
        pytest.param("é", "éa\nb\n", "\nb\n", id="not ASCII"),
    ],
)
def test_comment_lines_are_blank(comment: str | None, content: str, kept: str) -> None:
    assert without_comments(content.encode("utf-8", "surrogateescape"), comment) == kept.encode()
