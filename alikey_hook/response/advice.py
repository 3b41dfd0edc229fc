"""The disclosure procedure in words: what to do about a leak, in which order.

After Alibaba Cloud's account security best practices («Handling AccessKey disclosure»).
"""

from __future__ import annotations

from collections.abc import Iterable

from alikey_hook.finding import Finding

_RAM_USER_KEYS = "https://ram.console.aliyun.com/users"
_ROOT_KEYS = "https://ram.console.aliyun.com/profile/access-keys"

_ENGLISH = f"""\
What to do
  1. Take the value out of the file{{staged}}.
  2. Let the program read it instead: from the environment (ALIBABA_CLOUD_ACCESS_KEY_ID and
     ALIBABA_CLOUD_ACCESS_KEY_SECRET), better from a RAM role or as an STS token that expires by itself.
  3. Was it ever pushed, or sent to anyone? Then first disable the AccessKey in the console; taking it out of
     the code does not help any more. After that: look in ActionTrail at what was done with it, replace it, delete it.
       a RAM user's:       {_RAM_USER_KEYS} (user, Authentication, AccessKey, Disable)
       the root account's: {_ROOT_KEYS}
  4. It is no secret, or an exception that somebody has reviewed? Record that in baseline/alikey.yaml and stage it:
"""
_CHINESE = f"""\
怎么办
  1. 把它从文件中删掉{{staged}}。
  2. 让程序在运行时读取：环境变量 ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET，
     更好的办法是 RAM角色，或会自动失效的 STS 临时访问凭证。
  3. 曾经推送过，或发给过别人？请先到控制台禁用该访问密钥（AccessKey），此时只删代码已无济于事；
     然后在操作审计（ActionTrail）中查看它做过什么，更换新密钥，最后删除旧密钥。
       RAM用户：             {_RAM_USER_KEYS}（用户、认证管理、AccessKey、禁用）
       阿里云账号（主账号）：{_ROOT_KEYS}
  4. 它不是密钥，或是经过审核的例外？请记入 baseline/alikey.yaml 并暂存（git add）：
"""
_STAGED = {"en": ", then `git add` the file again", "zh": "，然后重新 git add"}
_MORE = {"en": "and {count} more values", "zh": "另有 {count} 个值"}
_REASON = {"en": "why it may be committed", "zh": "为何可以提交"}
_SHOWN = 4


def advice(findings: Iterable[Finding], language: str, staged: bool) -> str:
    """What the owner of these findings should do. `language`: en | zh; `staged`: whether they are about to be committed."""
    language = "zh" if language == "zh" else "en"
    steps = (_CHINESE if language == "zh" else _ENGLISH).format(staged=_STAGED[language] if staged else "")
    return steps + "".join(f"       {line}\n" for line in _entries(findings, language))


def _entries(findings: Iterable[Finding], language: str) -> Iterable[str]:
    """Baseline entries to copy, one a value."""
    values = {finding.fingerprint: finding for finding in findings}
    yield "version: 1"
    yield "allow:"
    for fingerprint, finding in list(values.items())[:_SHOWN]:
        yield f"  - fingerprint: {fingerprint}"
        yield f"    rule: {finding.rule}"
        yield f"    redacted: {finding.redacted}"
        # Left blank on purpose: an entry that nobody has filled in is refused.
        yield "    status:   # false-positive, test-fixture, example or revoked"
        yield f"    reason:   # {_REASON[language]}"
    if len(values) > _SHOWN:
        yield "  # " + _MORE[language].format(count=len(values) - _SHOWN)
