"""The disclosure procedure in words: what to do about a leak, in which order.

After Alibaba Cloud's account security best practices («Handling AccessKey disclosure»).
"""

from __future__ import annotations

from alikey_hook.detect.rules import RULES, Rule
from alikey_hook.record import NamedTuple
from alikey_hook.response.consoles import MODEL_KEYS, RAM_USER_KEYS, ROOT_KEYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from alikey_hook.finding import Finding


class _Words(NamedTuple):
    """The steps in one language; `{…}` are filled in. `disable`: where each kind of credential is made worthless.

    `exception`: the last step, where it may be no leak at all.
    """

    heading: str
    steps: tuple[str, ...]
    exception: str
    take_out: dict[str, str]
    disable: dict[str, str]
    more: str
    reason: str
    status: str


# A role's session lasts 12 hours at most (STS AssumeRole, DurationSeconds).
_ENGLISH = _Words(
    heading="What to do",
    steps=(
        "{take_out}",
        "Let the program read it instead: from the environment (ALIBABA_CLOUD_ACCESS_KEY_ID and\n"
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET), better from a RAM role or as an STS token that expires by itself.",
        "Was it ever pushed, or sent to anyone? Then first disable it in the console; taking it out of the code does\n"
        "not help any more. After that: look in ActionTrail at what was done with it, replace it, delete it.\n"
        "{disable}",
    ),
    exception="It is no secret, or an exception that somebody has reviewed? `alikey-hook baseline review{where}` records "
    "that.\nBy hand: in baseline/alikey.yaml, staged with the commit,",
    take_out={
        "staged": "Take the value out of the file, then `git add` the file again.",
        "files": "Take the value out of the file.",
        "commits": "Take the value out of the commits that bring it (git commit --amend, git rebase -i): a later commit that\n"
        "removes it leaves it in the history.",
    },
    disable={
        "access-key": f"""\
  a RAM user's AccessKey:       {RAM_USER_KEYS} (user, Authentication, AccessKey, Disable)
  the root account's AccessKey: {ROOT_KEYS}""",
        "sts": """\
  an STS token expires by itself, after 12 hours at the latest; take the rights from its role until then""",
        "console": """\
  a link of the console expires by itself; sign out of the console to be sure""",
        "model-studio": f"""\
  a Model Studio API key:       {MODEL_KEYS} (delete it)""",
    },
    more="and {count} more values",
    reason="why it may be committed",
    status="false-positive, test-fixture, example or revoked",
)
_CHINESE = _Words(
    heading="怎么办",
    steps=(
        "{take_out}",
        "让程序在运行时读取：环境变量 ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET，\n"
        "更好的办法是 RAM角色，或会自动失效的 STS 临时访问凭证。",
        "曾经推送过，或发给过别人？请先到控制台禁用它，此时只删代码已无济于事；\n"
        "然后在操作审计（ActionTrail）中查看它做过什么，更换新密钥，最后删除旧密钥。\n"
        "{disable}",
    ),
    exception="它不是密钥，或是经过审核的例外？用 `alikey-hook baseline review{where}` 记录；\n"
    "也可手工写入 baseline/alikey.yaml，并随提交一起暂存（git add）：",
    take_out={
        "staged": "把它从文件中删掉，然后重新 git add。",
        "files": "把它从文件中删掉。",
        "commits": "把它从带入它的提交中去掉（git commit --amend、git rebase -i）：之后再提交删除，它仍留在历史中。",
    },
    disable={
        "access-key": f"""\
  RAM用户的访问密钥（AccessKey）：{RAM_USER_KEYS}（用户、认证管理、AccessKey、禁用）
  阿里云账号（主账号）的访问密钥：{ROOT_KEYS}""",
        "sts": """\
  STS 临时访问凭证最迟 12 小时后自动失效；在此之前请收回对应角色的权限""",
        "console": """\
  控制台生成的链接会自动失效；保险起见请退出控制台登录""",
        "model-studio": f"""\
  百炼（Model Studio）API Key：{MODEL_KEYS}（删除）""",
    },
    more="另有 {count} 个值",
    reason="为何可以提交",
    status="false-positive（误报）、test-fixture（测试数据）、example（示例）或 revoked（已失效）",
)
_WHERE = {"staged": " --staged", "files": "", "commits": " --history"}
_SHOWN = 4


def procedure(findings: Iterable[Finding], language: str, kind: str, leaked: bool = False) -> tuple[str, ...]:
    """What the owner of these findings should do, step by step.

    `language`: en | zh; `kind`: where they are: staged | files | commits.
    `leaked`: it is known that they are real, so no exception is proposed.
    """
    words = _CHINESE if language == "zh" else _ENGLISH
    taken = _procedure(words, kind, disabling((finding.rule for finding in findings), language))
    return taken if leaked else (*taken, words.exception.format(where=_WHERE[kind]))


def advice(findings: Iterable[Finding], language: str, kind: str, leaked: bool = False) -> str:
    """The same as a numbered list under a heading, and the entries of a baseline that would allow the findings."""
    words = _CHINESE if language == "zh" else _ENGLISH
    listed = f"{words.heading}\n{_numbered(procedure(findings, language, kind, leaked))}\n"
    return listed if leaked else listed + "".join(f"       {line}\n" for line in _entries(findings, words))


def remedy(rule: Rule, language: str) -> str:
    """What to do about any credential of one rule: the first steps of the advice."""
    return _numbered(_procedure(_CHINESE if language == "zh" else _ENGLISH, "files", [rule.family]))


def disabling(rules: Iterable[str], language: str) -> dict[str, str]:
    """Where the kinds of credentials that some rules find are made worthless, in one line each, by their family."""
    words = _CHINESE if language == "zh" else _ENGLISH
    families = {rule.id: rule.family for rule in RULES}
    kinds = {families.get(rule, "access-key") for rule in rules}
    return {family: " ".join(text.split()) for family, text in words.disable.items() if family in kinds}


def _procedure(words: _Words, kind: str, families: Iterable[str]) -> tuple[str, ...]:
    disable = "\n".join(words.disable[family] for family in families)
    return tuple(step.format(take_out=words.take_out[kind], disable=disable) for step in words.steps)


def _numbered(steps: Iterable[str]) -> str:
    return "\n".join(f"  {number}. {step}".replace("\n", "\n     ") for number, step in enumerate(steps, 1))


def _entries(findings: Iterable[Finding], words: _Words) -> Iterable[str]:
    """Baseline entries to copy, one a value."""
    values = {finding.fingerprint: finding for finding in findings}
    yield "version: 1"
    yield "allow:"
    for fingerprint, finding in list(values.items())[:_SHOWN]:
        yield f"  - fingerprint: {fingerprint}"
        yield f"    rule: {finding.rule}"
        yield f"    redacted: {finding.redacted}"
        # Left blank on purpose: an entry that nobody has filled in is refused.
        yield f"    status:   # {words.status}"
        yield f"    reason:   # {words.reason}"
    if len(values) > _SHOWN:
        yield "  # " + words.more.format(count=len(values) - _SHOWN)
