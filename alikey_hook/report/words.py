"""The words of the text report, in English and Chinese."""

from __future__ import annotations

from alikey_hook.record import NamedTuple


class Words(NamedTuple):
    """Phrases; `{…}` are filled in by the report."""

    characters: str
    severity: dict[str, str]
    status: dict[str, str]
    pair: str
    decoded: str
    own: str
    decided: str
    of_this_commit: str
    in_commit: str
    in_tip: dict[bool, str]
    refs: str
    also: str
    more: str
    counts: dict[str, str]
    clean: str
    comma: str
    semicolon: str
    summary: str


ENGLISH = Words(
    characters="{count} characters",
    severity={"critical": "critical", "high": "high", "medium": "medium", "low": "low"},
    status={"new": "", "existing": "already committed", "allowed": "allowed", "expired": "exception has expired"},
    pair="a pair with line {line}: whoever reads both can use them",
    decoded="written as {encoding}",
    own="this machine's own: {source}",
    decided="by {what}",
    of_this_commit=", which this same commit brings",
    in_commit="came in commit {commit}{date}",
    in_tip={True: "still there in the newest commit", False: "gone from the newest commit, but not from the history"},
    refs="still in {refs}",
    also="also {place}",
    more="and {count} more places",
    counts={
        "new": "{count} leaked",
        "expired": "{count} with an expired exception",
        "existing": "{count} already committed (not refused)",
        "allowed": "{count} allowed",
        "unread": "{count} in Git LFS and not here, not looked at",
    },
    clean="nothing leaks",
    comma=", ",
    semicolon="; ",
    summary="alikey-hook: {counts} in {files}",
)
CHINESE = Words(
    characters="{count} 个字符",
    severity={"critical": "严重", "high": "高危", "medium": "中危", "low": "低危"},
    status={"new": "", "existing": "此前已提交", "allowed": "已豁免", "expired": "豁免已过期"},
    pair="与第 {line} 行配成一对：两者在手即可使用",
    decoded="编码方式 {encoding}",
    own="本机配置的密钥：{source}",
    decided="依据 {what}",
    of_this_commit="（由同一提交带入）",
    in_commit="由提交 {commit}{date} 带入",
    in_tip={True: "最新提交中仍然存在", False: "最新提交中已没有，但历史中仍在"},
    refs="仍在 {refs} 中",
    also="另见 {place}",
    more="另有 {count} 处",
    counts={
        "new": "{count} 处泄露",
        "expired": "{count} 处豁免已过期",
        "existing": "{count} 处此前已提交（不拦截）",
        "allowed": "{count} 处已豁免",
        "unread": "{count} 个文件在 Git LFS 中且不在本地，未检查",
    },
    clean="没有泄露",
    comma="，",
    semicolon="；",
    summary="alikey-hook：已检查 {files}，{counts}",
)


def words(language: str) -> Words:
    """The phrases of a language: `zh`, or English for any other."""
    return CHINESE if language == "zh" else ENGLISH


def shown(redacted: str, characters: str) -> str:
    """What is shown of a value, in the words of a language: only of a secret it is one, its length in characters."""
    count, _, unit = redacted.partition(" ")
    return characters.format(count=count) if count.isdecimal() and unit == "characters" else redacted


def counted(files: int, language: str) -> str:
    """How many files, in words."""
    if language == "zh":
        return f"{files} 个文件"
    return "1 file" if files == 1 else f"{files} files"
