"""The disclosure procedure for one leak, by what the evidence says: what to do, in which order, and how to see that it is over.

After Alibaba Cloud's account security best practices («Handling AccessKey disclosure»).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from alikey_hook.report.incident import cut
from alikey_hook.response.advice import disabling
from alikey_hook.response.cleaning import Cleaning, commands
from alikey_hook.response.consoles import RAM_USER_KEYS, ROOT_KEYS
from alikey_hook.response.evidence import LOCAL, PUSHED, UNCOMMITTED, UNKNOWN, Evidence


class Plan(NamedTuple):
    """`verdict`: how far it got, in a sentence. `steps`: what to do, in order; `commands` to copy; `over`: how to see that."""

    verdict: str
    steps: tuple[str, ...]
    commands: tuple[str, ...]
    over: str


class _Words(NamedTuple):
    """The procedure in one language; `{…}` are filled in.

    `disable`: the first step for an AccessKey, `worthless` for any other kind of credential. `then`: the other steps for what
    was pushed, each for some families of credentials. `states`: of each state the verdict, and its steps where it has its own.
    """

    disable: str
    worthless: str
    then: tuple[tuple[str, str], ...]
    lfs: str
    states: dict[str, tuple[str, tuple[str, ...]]]
    over: str


_SIGNED, _ALL = "access-key sts", "access-key sts console model-studio"
_ENGLISH = _Words(
    disable=f"Disable the AccessKey in the console now: a RAM user's at {RAM_USER_KEYS} (user, Authentication, "
    f"AccessKey, Disable), the root account's at {ROOT_KEYS}.",
    worthless="Make it worthless now: {where}.",
    then=(
        (
            _SIGNED,
            "Look at what was done with it: ActionTrail, event query by AccessKey ID, 90 days back; users, keys, roles, "
            "instances and messages that you do not know.",
        ),
        (
            _SIGNED,
            "Replace it: better than a new key, give the program a RAM role or STS tokens; grant it only what it needs.",
        ),
        ("model-studio", "Make a new one, and let the program read it from its environment (DASHSCOPE_API_KEY)."),
        (_SIGNED, "Verify that nothing broke, and that the old key is dead: `alikey-hook verify` (extra: alikey-hook[cloud])."),
        ("access-key", "Delete the old key (it can be restored from the recycle bin for a while)."),
        (
            _ALL,
            "Clean the history: `alikey-hook respond FINGERPRINT --write-replacements FILE` has the commands and writes what "
            "they read. That is hygiene: whoever fetched it still has it. Then throw away other clones, and ask the server's "
            "operators about pull requests' refs, forks and caches.",
        ),
    ),
    lfs="It stands in Git LFS, where no replacement reaches it: take its file out of the commits, run `git lfs prune`, and "
    "have the operators of the LFS server delete the object.",
    states={
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
                "Take it out of the commits that bring it (git commit --amend for the last one, git rebase -i for older ones), "
                "and delete the tags that have it (git tag -d).",
                "Drop the old objects. Look into `git stash list` first: that empties it too.",
                "Rotate the key if anyone else can read this machine or its backups.",
                "A branch that was pushed and then deleted leaves no trace here: if that may have happened, treat it as "
                "pushed.",
            ),
        ),
        PUSHED: ("It was pushed: {remotes}.", ()),
        UNKNOWN: (
            "It is committed, and this clone cannot tell whether it was pushed (it is shallow, knows of no remote, or has it "
            "only by tags or other refs that may have come from one): treat it as pushed.",
            (),
        ),
    },
    over="It is over when the console shows the key as deleted, and `alikey-hook scan --history --all-objects` finds nothing.",
)
_CHINESE = _Words(
    disable=f"立即在控制台禁用该访问密钥：RAM用户在 {RAM_USER_KEYS}（用户、认证管理、AccessKey、禁用），"
    f"阿里云账号（主账号）在 {ROOT_KEYS}。",
    worthless="立即使其失效：{where}。",
    then=(
        (
            _SIGNED,
            "查看它做过什么：操作审计（ActionTrail）按 AccessKey ID 查询近 90 天事件，留意陌生的用户、密钥、角色、实例和短信。",
        ),
        (_SIGNED, "更换：与其新建密钥，不如使用 RAM角色或 STS 临时访问凭证，并按最小化授权。"),
        ("model-studio", "新建一个，由程序从环境变量（DASHSCOPE_API_KEY）读取。"),
        (_SIGNED, "确认业务正常，旧密钥已失效：`alikey-hook verify`（需安装 alikey-hook[cloud]）。"),
        ("access-key", "删除旧密钥（一段时间内可从回收站恢复）。"),
        (
            _ALL,
            "清理历史：`alikey-hook respond FINGERPRINT --write-replacements FILE` 给出命令，并写好命令所需的文件。这只是善后："
            "已经拉取的人手里仍然有它。之后请丢弃其他克隆，并请服务器管理员处理合并请求的引用、派生仓库和缓存。",
        ),
    ),
    lfs="它在 Git LFS 中，替换无法触及：把该文件从提交中去掉，运行 `git lfs prune`，并请 LFS 服务器管理员删除该对象。",
    states={
        UNCOMMITTED: (
            "它不在任何提交中：只在暂存区、工作区，或没有任何提交引用的对象里。",
            ("从文件中删掉并取消暂存。", "改由环境变量、RAM角色或仓库之外的凭证文件提供。", "清除 git add 留下的对象。"),
        ),
        LOCAL: (
            "它已被提交，目前未发现任何远程仓库拥有它（以本克隆所知为限，最近一次 fetch：{fetch}）。",
            (
                "把它从带入它的提交中去掉（最后一个提交用 git commit --amend，更早的用 git rebase -i），"
                "并删除含有它的标签（git tag -d）。",
                "清除旧对象。请先查看 `git stash list`：其内容也会被清空。",
                "若他人能读取本机或其备份，请轮转该密钥。",
                "推送后又删除的分支在本地不留痕迹：若有此可能，请按已推送处理。",
            ),
        ),
        PUSHED: ("它已被推送：{remotes}。", ()),
        UNKNOWN: (
            "它已被提交，但本克隆无法判断是否推送过（浅克隆，没有远程跟踪分支，或只经由可能来自远程的标签等引用才有它）：请按已推送处理。",
            (),
        ),
    },
    over="当控制台显示该密钥已删除，且 `alikey-hook scan --history --all-objects` 不再发现它时，事情才算结束。",
)


def plan(evidence: Evidence, rule: str, cleaning: Cleaning, language: str) -> Plan:
    """What to do about a leak of what a rule finds. `language`: en | zh."""
    words = _CHINESE if language == "zh" else _ENGLISH
    verdict, steps = words.states[evidence.state]
    filled = verdict.format(fetch=evidence.last_fetch or "?", remotes=", ".join(cut(evidence.remote_refs, language)))
    steps = steps or exposed([rule], language)
    return Plan(filled, (*steps, words.lfs) if cleaning.lfs else steps, commands(evidence, cleaning), words.over)


def exposed(rules: Iterable[str], language: str) -> tuple[str, ...]:
    """What to do, in order, about what was pushed or may have been, by the rules that found it."""
    words = _CHINESE if language == "zh" else _ENGLISH
    kinds = disabling(rules, language)
    first = [words.disable if kind == "access-key" else words.worthless.format(where=where) for kind, where in kinds.items()]
    return (*first, *(step for families, step in words.then if not kinds.keys().isdisjoint(families.split())))
