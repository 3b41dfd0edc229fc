"""The words of the page, in English and Chinese; those that the text report has too are its."""

from __future__ import annotations

from typing import NamedTuple

from alikey_hook.report import words as words_of_text


class Words(NamedTuple):
    """Phrases; `{…}` are filled in by the page."""

    title: str
    characters: str
    clean: str
    incomplete: str
    looked_at: str
    made: str
    repository: str
    revision: str
    summary: str
    counts: dict[str, str]
    severity: dict[str, str]
    status: dict[str, str]
    steps: str
    timeline: str
    timeline_says: str
    legend: dict[str, str]
    bar: dict[bool | None, str]
    more: str
    findings: str
    columns: dict[str, str]
    search: str
    any: str
    shown: str
    in_tip: dict[bool | None, str]
    pushed: str
    pair: str
    encoded: str
    own: str
    by: str
    until: str
    rules: str
    masked: str
    also: str
    more_places: str
    repositories: str
    lost: str


ENGLISH = Words(
    title="Alibaba Cloud credentials in this repository",
    characters=words_of_text.ENGLISH.characters,
    clean="Nothing leaks",
    incomplete="This report is partial: not everything was looked at.",
    looked_at="{files} files, {bytes} bytes looked at",
    made="Made by alikey-hook {version}, {time} UTC",
    repository="Repository",
    revision="Revision",
    summary="Summary",
    counts={"new": "leaked", "expired": "exception has expired", "existing": "already committed", "allowed": "allowed"},
    severity=words_of_text.ENGLISH.severity,
    status={"new": "new", "expired": "expired", "existing": "existing", "allowed": "allowed"},
    steps="What to do, in this order",
    timeline="Timeline of exposure",
    timeline_says="One line a secret: when it entered, and until when files have it. “On a remote”: a remote-tracking branch's "
    "files have it; what is only in the history may have been pushed too. The table below has the same in words.",
    legend={
        "live": "in the newest files",
        "gone": "gone from the files",
        "history": "still in the history",
        "allowed": "allowed",
    },
    bar={
        True: "entered {start}, still there",
        False: "entered {start}, gone from the files {end}, still in the history",
        None: "entered {start}",
    },
    more="The timeline shows the {shown} oldest of {count} secrets; the table has all.",
    findings="Findings",
    columns={
        "severity": "Severity",
        "status": "Status",
        "what": "What",
        "where": "Where",
        "since": "Since",
        "still": "Still there",
    },
    search="Search",
    any="any",
    shown="{shown} of {count} shown",
    in_tip={True: "yes", False: "no, but in the history", None: ""},
    pushed="on a remote",
    pair="a pair: its partner was found too",
    encoded=words_of_text.ENGLISH.decoded,
    own=words_of_text.ENGLISH.own,
    by=words_of_text.ENGLISH.decided,
    until="gone {date}",
    rules="Rules",
    masked="Values are masked; a secret is in no part of this page.",
    also=words_of_text.ENGLISH.also,
    more_places=words_of_text.ENGLISH.more,
    repositories="{looked} of {count} repositories looked at whole",
    lost="Not looked at, or not whole",
)
CHINESE = ENGLISH._replace(
    title="本仓库中的阿里云凭证",
    characters=words_of_text.CHINESE.characters,
    clean="没有泄露",
    incomplete="本报告不完整：并非全部内容都已检查。",
    looked_at="已检查 {files} 个文件，{bytes} 字节",
    made="由 alikey-hook {version} 生成，{time} UTC",
    repository="仓库",
    revision="版本",
    summary="概览",
    counts={"new": "泄露", "expired": "豁免已过期", "existing": "此前已提交", "allowed": "已豁免"},
    severity=words_of_text.CHINESE.severity,
    status={"new": "新增", "expired": "过期", "existing": "已有", "allowed": "豁免"},
    steps="按此顺序处理",
    timeline="暴露时间线",
    timeline_says="每个密钥一行：何时进入，文件中保留到何时。“已在远程仓库”指远程跟踪分支的文件中有它；只在历史中的也可能早已推送。下表以文字列出同样的内容。",
    legend={"live": "最新文件中仍有", "gone": "文件中已没有", "history": "历史中仍有", "allowed": "已豁免"},
    bar={True: "{start} 进入，仍在", False: "{start} 进入，{end} 从文件中移除，历史中仍有", None: "{start} 进入"},
    more="时间线只显示 {count} 个密钥中最早的 {shown} 个，下表列出全部。",
    findings="发现",
    columns={"severity": "级别", "status": "状态", "what": "是什么", "where": "位置", "since": "进入时间", "still": "是否仍在"},
    search="搜索",
    any="全部",
    shown="显示 {count} 条中的 {shown} 条",
    in_tip={True: "是", False: "否，但历史中仍有", None: ""},
    pushed="已在远程仓库",
    pair="配成一对：另一半也已找到",
    encoded=words_of_text.CHINESE.decoded,
    own=words_of_text.CHINESE.own,
    by=words_of_text.CHINESE.decided,
    until="移除于 {date}",
    rules="规则",
    masked="所有值均已遮盖，本页任何部分都不含密钥。",
    also=words_of_text.CHINESE.also,
    more_places=words_of_text.CHINESE.more,
    repositories="{count} 个仓库中有 {looked} 个已完整检查",
    lost="未检查，或未完整检查",
)


def words(language: str) -> Words:
    """The phrases of a language: `zh`, or English for any other."""
    return CHINESE if language == "zh" else ENGLISH
