"""What people name: paths, addresses, lists; and what is never cloned."""

from pathlib import Path

import pytest

from alikey_hook.audit.sources import PROTOCOLS, Source, sources


def named(*names: str, protocols: tuple[str, ...] = PROTOCOLS, stdin: tuple[str, ...] = ()) -> list[Source]:
    return sources(names, protocols, stdin)


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("https://git.example.com/team/app.git", id="https"),
        pytest.param("https://git.example.com:8443/app", id="a port"),
        pytest.param("ssh://git@git.example.com/app.git", id="ssh with a user"),
        pytest.param("git@git.example.com:team/app.git", id="scp"),
        pytest.param("git.example.com:app", id="scp without a user"),
        pytest.param("file:///srv/git/app.git", id="file"),
    ],
)
def test_an_address_is_cloned_from(address: str) -> None:
    assert named(address) == [Source(address, address)]


@pytest.mark.parametrize(
    ("address", "shown", "problem"),
    [
        pytest.param("ext::sh -c 'touch gone'", "ext::…", "the protocol 'ext' is never allowed", id="a helper"),
        pytest.param("https::x://y", "https::…", "the protocol 'https' is never allowed", id="a helper of a known name"),
        pytest.param("http://x/y", None, "the protocol 'http' is not allowed (--protocol)", id="http"),
        pytest.param("git://x/y", None, "the protocol 'git' is not allowed (--protocol)", id="git"),
        pytest.param("ftp://x/y", None, "the protocol 'ftp' is not allowed (--protocol)", id="ftp"),
    ],
)
def test_other_protocols_are_refused(address: str, shown: str | None, problem: str) -> None:
    assert named(address) == [Source(shown or address, None, problem)]


def test_a_protocol_can_be_allowed_and_then_the_others_are_not() -> None:
    assert named("http://x/y", "https://x/y", protocols=("http",)) == [
        Source("http://x/y", "http://x/y"),
        Source("https://x/y", None, "the protocol 'https' is not allowed (--protocol)"),
    ]


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        pytest.param("https://me:hidden@x.example/a.git", "https://x.example/a.git", id="a password"),
        pytest.param("https://hidden@x.example/a.git", "https://x.example/a.git", id="a token as the user"),
        pytest.param("ssh://me:hidden@x.example/a.git", "ssh://x.example/a.git", id="ssh with a password"),
        pytest.param("https://x.example/a.git?token=hidden", "https://x.example/a.git", id="a token in the query"),
        pytest.param("https://[hidden/a.git", "an address that is none", id="no address"),
    ],
)
def test_an_address_with_a_password_is_refused_and_not_shown(address: str, shown: str) -> None:
    (source,) = named(address)
    assert (source.name, source.url) == (shown, None)
    assert "credential helpers" in (source.problem or "")
    assert "hidden" not in repr(source)


def test_a_path_is_looked_at_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "git.example.com:app").mkdir()
    for name in ("app", "git.example.com:app", "./x:y"):
        assert named(name) == [Source(str(tmp_path / name.removeprefix("./")), None)]


def test_lists_and_standard_input_name_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list").write_text("# ours\nhttps://x/a\n\n  app \nhttps://x/a\n", "utf-8")
    found = named("list", "-", "https://x/a", stdin=("https://x/b\n", "\n"))
    assert [source.name for source in found] == ["https://x/a", str(tmp_path / "app"), "https://x/b"]


def test_a_list_in_a_list_is_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list").write_text("list\n", "utf-8")
    assert named("list") == [Source(str(tmp_path / "list"), None)]
