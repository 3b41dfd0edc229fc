"""Every rule finds its examples and none of its counter-examples."""

import pytest

from alikey_hook.detect import gate
from alikey_hook.detect.engine import detect
from alikey_hook.detect.rules import OSS_SIGNED_URL, RULES, Rule
from tests.corpus.fill import render

SEEDS = ("1", "2", "3", "4", "5")
EXAMPLES = [pytest.param(rule, text, id=f"{rule.id} {text[:40]!r}") for rule in RULES for text in rule.examples]
COUNTEREXAMPLES = [pytest.param(rule, text, id=f"{rule.id} {text[:40]!r}") for rule in RULES for text in rule.counterexamples]


@pytest.mark.parametrize(("rule", "template"), EXAMPLES)
@pytest.mark.parametrize("seed", SEEDS)
def test_example_is_found(rule: Rule, template: str, seed: str) -> None:
    text, rows = render(seed, rule.id, template, {})
    found = {(d.rule, d.value) for d in detect(text.encode()) if d.confidence != "low"}
    kind = "access-key-id" if rule is OSS_SIGNED_URL else rule.id.removeprefix("alibaba-")
    expected = {(rule.id, row["value"]) for row in rows if row["kind"] == kind}
    assert expected, "the example names no value of its own rule"
    assert expected <= found


@pytest.mark.parametrize(("rule", "template"), COUNTEREXAMPLES)
@pytest.mark.parametrize("seed", SEEDS)
def test_counterexample_is_not_found(rule: Rule, template: str, seed: str) -> None:
    text, _ = render(seed, rule.id, template, {})
    assert [d.rule for d in detect(text.encode()) if d.confidence != "low"] == []


def test_the_gate_lets_through_what_every_shape_begins_with() -> None:
    for rule in RULES:
        for template in rule.examples:
            for seed in SEEDS:
                text, _ = render(seed, rule.id, template, {})
                assert gate.where(text.encode())
