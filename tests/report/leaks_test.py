"""No format tells a value, wherever it stood and however it was written."""

import base64
import urllib.parse
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alikey_hook.changes import Change
from alikey_hook.commands.formats import RENDERERS
from alikey_hook.report import text
from alikey_hook.report.about import About
from alikey_hook.result import Result
from alikey_hook.scan import Options, look
from tests.keys import access_key_id, secret
from tests.report.samples import ABOUT

TEMPLATES = (
    'auth = oss2.Auth("{id}", "{secret}")',
    "access_key_id: {id}\naccess_key_secret: {secret}",
    '<add key="AccessKeyId" value="{id}"/><add key="AccessKeySecret" value="{secret}"/>',
    "AccessKeyId={id}&AccessKeySecret={secret}%26",
    "{{0}} [{id}](x) `{secret}` access key secret",
)
SPELLINGS: tuple[Callable[[str], str], ...] = (
    str,
    lambda value: base64.b64encode(value.encode()).decode(),
    lambda value: "".join(f"\\u{ord(character):04x}" for character in value),
    urllib.parse.quote,
)


def test_there_are_findings_to_tell_of() -> None:
    data = TEMPLATES[0].format(id=access_key_id(1), secret=secret(1)).encode()
    assert len(look(Change("a.py", (), "a.py"), data, Options())) == 2


@pytest.mark.parametrize("name", [*RENDERERS, "text"])
def test_a_report_of_a_real_pair_has_no_value_in_it(name: str) -> None:
    @settings(max_examples=60, deadline=None)
    @given(
        st.integers(0, 1 << 30),
        st.sampled_from(TEMPLATES),
        st.sampled_from(SPELLINGS),
        st.text(max_size=8),
        st.sampled_from(["en", "zh"]),
    )
    def check(seed: int, template: str, spelling: Callable[[str], str], around: str, language: str) -> None:
        values = access_key_id(seed), secret(seed)
        written = [spelling(value) for value in values]
        content = around + template.format(id=written[0], secret=written[1]) + around
        found = look(Change("a.py", (), "a.py", "c" * 40), content.encode("utf-8"), Options("low"))
        report = rendered(name, Result(found, 1, len(content)), ABOUT._replace(language=language))
        for value in (*values, *written):
            assert value not in report
            assert value[8:-4] not in report

    check()


def rendered(name: str, result: Result, about: About) -> str:
    if name == "text":
        return text.render(result, about.language, color=True, verbose=True)
    return RENDERERS[name]()(result, about)
