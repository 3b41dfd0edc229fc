"""The disclosure procedure for one leak, by what the evidence says: what to do, in which order, and how to see that it is over.

After Alibaba Cloud's account security best practices («Handling AccessKey disclosure»).
"""

from __future__ import annotations

import shlex
from typing import NamedTuple

from alikey_hook.response.consoles import RAM_USER_KEYS, ROOT_KEYS
from alikey_hook.response.evidence import LOCAL, PUSHED, UNCOMMITTED, UNKNOWN, Evidence


class Plan(NamedTuple):
    """`verdict`: how far it got, in a sentence. `steps`: what to do, in order; `commands` to copy; `over`: how to see that."""

    verdict: str
    steps: tuple[str, ...]
    commands: tuple[str, ...]
    over: str


_ENGLISH_DISABLE = (
    f"Disable the AccessKey in the console now: a RAM user's at {RAM_USER_KEYS} (user, Authentication, "
    f"AccessKey, Disable), the root account's at {ROOT_KEYS}."
)
_CHINESE_DISABLE = (
    f"立即在控制台禁用该访问密钥：RAM用户在 {RAM_USER_KEYS}（用户、认证管理、AccessKey、禁用），"
    f"阿里云账号（主账号）在 {ROOT_KEYS}。"
)
_ENGLISH_EXPOSED = (
    _ENGLISH_DISABLE,
    "Look at what was done with it: ActionTrail, event query by AccessKey ID, 90 days back; users, keys, roles, instances and "
    "messages that you do not know.",
    "Replace it: better than a new key, give the program a RAM role or STS tokens; grant it only what it needs.",
    "Verify that nothing broke, and that the old key is dead: `alikey-hook verify` (extra: alikey-hook[cloud]).",
    "Delete the old key (it can be restored from the recycle bin for a while).",
    "Clean the history. That is hygiene: whoever fetched it still has it.",
)
_CHINESE_EXPOSED = (
    _CHINESE_DISABLE,
    "查看它做过什么：操作审计（ActionTrail）按 AccessKey ID 查询近 90 天事件，留意陌生的用户、密钥、角色、实例和短信。",
    "更换：与其新建密钥，不如使用 RAM角色或 STS 临时访问凭证，并按最小化授权。",
    "确认业务正常，旧密钥已失效：`alikey-hook verify`（需安装 alikey-hook[cloud]）。",
    "删除旧密钥（一段时间内可从回收站恢复）。",
    "清理历史。这只是善后：已经拉取的人手里仍然有它。",
)
_ENGLISH = {
    UNCOMMITTED: (
        "It is in no commit: staged, in the working tree, or in objects that no commit has.",
        (
            "Take it out of the file and unstage it.",
            "Let the program read it from the environment, a RAM role, or a credentials file outside the repository.",
            "Remove the object that `git add` left behind.",
        ),
    ),
    LOCAL: (
        "It is committed, and no remote is known to have it (as far as this clone knows, last fetch: {fetch}).",
        (
            "Take it out of the commits that bring it (git commit --amend for the last one, git rebase -i for older ones).",
            "Drop the old objects.",
            "Rotate the key if anyone else can read this machine or its backups.",
            "A branch that was pushed and then deleted leaves no trace here: if that may have happened, treat it as pushed.",
        ),
    ),
    PUSHED: ("It was pushed: {remotes}.", _ENGLISH_EXPOSED),
    UNKNOWN: (
        "It is committed, and this clone cannot tell whether it was pushed (it is shallow, or knows of no remote): "
        "treat it as pushed.",
        _ENGLISH_EXPOSED,
    ),
}
_CHINESE = {
    UNCOMMITTED: (
        "它不在任何提交中：只在暂存区、工作区，或没有任何提交引用的对象里。",
        ("从文件中删掉并取消暂存。", "改由环境变量、RAM角色或仓库之外的凭证文件提供。", "清除 git add 留下的对象。"),
    ),
    LOCAL: (
        "它已被提交，目前未发现任何远程仓库拥有它（以本克隆所知为限，最近一次 fetch：{fetch}）。",
        (
            "把它从带入它的提交中去掉（最后一个提交用 git commit --amend，更早的用 git rebase -i）。",
            "清除旧对象。",
            "若他人能读取本机或其备份，请轮转该密钥。",
            "推送后又删除的分支在本地不留痕迹：若有此可能，请按已推送处理。",
        ),
    ),
    PUSHED: ("它已被推送：{remotes}。", _CHINESE_EXPOSED),
    UNKNOWN: ("它已被提交，但本克隆无法判断是否推送过（浅克隆，或没有远程跟踪分支）：请按已推送处理。", _CHINESE_EXPOSED),
}
_DROP = ("git reflog expire --expire=now --all", "git gc --prune=now")
_OVER = {
    "en": "It is over when the console shows the key as deleted, and `alikey-hook scan --history --all-objects` finds nothing.",
    "zh": "当控制台显示该密钥已删除，且 `alikey-hook scan --history --all-objects` 不再发现它时，事情才算结束。",
}


def plan(evidence: Evidence, language: str, replacements: str) -> Plan:
    """What to do about a leak. `language`: en | zh; `replacements`: the path of the file that names the value to replace."""
    texts = _CHINESE if language == "zh" else _ENGLISH
    verdict, steps = texts[evidence.state]
    filled = verdict.format(fetch=evidence.last_fetch or "?", remotes=", ".join(evidence.remote_refs))
    return Plan(filled, steps, _commands(evidence, replacements), _OVER["zh" if language == "zh" else "en"])


def exposed(language: str) -> tuple[str, ...]:
    """What to do, in order, about what was pushed or may have been."""
    return _CHINESE_EXPOSED if language == "zh" else _ENGLISH_EXPOSED


def _commands(evidence: Evidence, replacements: str) -> tuple[str, ...]:
    """Commands for this repository. The value is in the file of replacements only, never on a command line."""
    if evidence.state == UNCOMMITTED:
        unstage = tuple(f"git restore --staged -- {shlex.quote(path)}" for path in evidence.staged)
        return (*unstage, "git prune --expire=now")
    if evidence.state == LOCAL:
        return _DROP
    return (
        "git clone --mirror URL clean.git && cd clean.git",
        f"git filter-repo --sensitive-data-removal --replace-text {shlex.quote(replacements)}",
        "git push --force --mirror origin",
        f"rm {shlex.quote(replacements)}",
    )
