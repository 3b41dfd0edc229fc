"""The disclosure procedure in words: what to do about a leak, in which order.

After Alibaba Cloud's account security best practices («Handling AccessKey disclosure»).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from alikey_hook.detect.rules import RULES, Rule
from alikey_hook.finding import Finding

_RAM_USER_KEYS = "https://ram.console.aliyun.com/users"
_ROOT_KEYS = "https://ram.console.aliyun.com/profile/access-keys"
_MODEL_KEYS = "https://bailian.console.aliyun.com/?tab=model#/api-key"


class _Words(NamedTuple):
    """The steps in one language; `{…}` are filled in. `disable`: where each kind of credential is made worthless."""

    steps: str
    take_out: dict[str, str]
    disable: dict[str, str]
    more: str
    reason: str
    status: str


# A role's session lasts 12 hours at most (STS AssumeRole, DurationSeconds).
_ENGLISH = _Words(
    steps="""\
What to do
  1. {take_out}
  2. Let the program read it instead: from the environment (ALIBABA_CLOUD_ACCESS_KEY_ID and
     ALIBABA_CLOUD_ACCESS_KEY_SECRET), better from a RAM role or as an STS token that expires by itself.
  3. Was it ever pushed, or sent to anyone? Then first disable it in the console; taking it out of the code does
     not help any more. After that: look in ActionTrail at what was done with it, replace it, delete it.
{disable}
  4. It is no secret, or an exception that somebody has reviewed? `alikey-hook baseline review{where}` records that.
     By hand: in baseline/alikey.yaml, staged with the commit,
""",
    take_out={
        "staged": "Take the value out of the file, then `git add` the file again.",
        "files": "Take the value out of the file.",
        "commits": "Take the value out of the commits that bring it (git commit --amend, git rebase -i): a later commit that\n"
        "     removes it leaves it in the history.",
    },
    disable={
        "access-key": f"""\
       a RAM user's AccessKey:       {_RAM_USER_KEYS} (user, Authentication, AccessKey, Disable)
       the root account's AccessKey: {_ROOT_KEYS}""",
        "sts": """\
       an STS token expires by itself, after 12 hours at the latest; take the rights from its role until then""",
        "console": """\
       a link of the console expires by itself; sign out of the console to be sure""",
        "model-studio": f"""\
       a Model Studio API key:       {_MODEL_KEYS} (delete it)""",
    },
    more="and {count} more values",
    reason="why it may be committed",
    status="false-positive, test-fixture, example or revoked",
)
_CHINESE = _Words(
    steps="""\
怎么办
  1. {take_out}
  2. 让程序在运行时读取：环境变量 ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET，
     更好的办法是 RAM角色，或会自动失效的 STS 临时访问凭证。
  3. 曾经推送过，或发给过别人？请先到控制台禁用它，此时只删代码已无济于事；
     然后在操作审计（ActionTrail）中查看它做过什么，更换新密钥，最后删除旧密钥。
{disable}
  4. 它不是密钥，或是经过审核的例外？用 `alikey-hook baseline review{where}` 记录；
     也可手工写入 baseline/alikey.yaml，并随提交一起暂存（git add）：
""",
    take_out={
        "staged": "把它从文件中删掉，然后重新 git add。",
        "files": "把它从文件中删掉。",
        "commits": "把它从带入它的提交中去掉（git commit --amend、git rebase -i）：之后再提交删除，它仍留在历史中。",
    },
    disable={
        "access-key": f"""\
       RAM用户的访问密钥（AccessKey）：{_RAM_USER_KEYS}（用户、认证管理、AccessKey、禁用）
       阿里云账号（主账号）的访问密钥：{_ROOT_KEYS}""",
        "sts": """\
       STS 临时访问凭证最迟 12 小时后自动失效；在此之前请收回对应角色的权限""",
        "console": """\
       控制台生成的链接会自动失效；保险起见请退出控制台登录""",
        "model-studio": f"""\
       百炼（Model Studio）API Key：{_MODEL_KEYS}（删除）""",
    },
    more="另有 {count} 个值",
    reason="为何可以提交",
    status="false-positive（误报）、test-fixture（测试数据）、example（示例）或 revoked（已失效）",
)
_WHERE = {"staged": " --staged", "files": "", "commits": " --history"}
_SHOWN = 4


def advice(findings: Iterable[Finding], language: str, kind: str, leaked: bool = False) -> str:
    """What the owner of these findings should do. `language`: en | zh; `kind`: where they are: staged | files | commits.

    `leaked`: it is known that they are real, so no exception is proposed.
    """
    words = _CHINESE if language == "zh" else _ENGLISH
    families = {rule.id: rule.family for rule in RULES}
    kinds = {families.get(finding.rule, "access-key") for finding in findings}
    disable = "\n".join(text for family, text in words.disable.items() if family in kinds)
    steps = words.steps.format(take_out=words.take_out[kind], disable=disable, where=_WHERE[kind])
    if leaked:
        return steps[: steps.index("  4. ")]
    return steps + "".join(f"       {line}\n" for line in _entries(findings, words))


def remedy(rule: Rule, language: str) -> str:
    """What to do about any credential of one rule: the first steps of the advice."""
    words = _CHINESE if language == "zh" else _ENGLISH
    steps = words.steps.format(take_out=words.take_out["files"], disable=words.disable[rule.family], where="")
    return steps[steps.index("  1. ") : steps.index("  4. ")].rstrip()


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
