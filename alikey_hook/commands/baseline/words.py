"""What a review asks and tells, in English and Chinese; what the text report says too is its."""

from __future__ import annotations

from typing import NamedTuple

from alikey_hook.report import words as words_of_text


class Words(NamedTuple):
    """Phrases; `{…}` are filled in by the review. The letters in brackets are the same in both."""

    question: str
    one_of: str
    reason: str
    reason_or: str
    leaked: str
    paths: str
    expires: str
    records: str
    also: str
    more: str
    partner: str
    before: str
    end: str


_ENGLISH = Words(
    question="[f]alse positive [t]est fixture [e]xample [r]evoked [l]eaked [s]kip [b]ack [q]uit? ",
    one_of="one of {choices}",
    reason="reason: ",
    reason_or="reason (empty: {usual}): ",
    leaked="leaked, as this review found",
    paths="only under, as globs like tests/** (empty: everywhere): ",
    expires="expires on 2027-11-25 or in so many days (empty: never): ",
    records="{file} records it",
    also=words_of_text.ENGLISH.also,
    more=words_of_text.ENGLISH.more,
    partner="its partner is {partner}",
    before="decided in this review: {status}: {reason}",
    end="{decided} decided, {leaked} of them leaked; {left} left",
)
_CHINESE = Words(
    question="[f] 误报 [t] 测试数据 [e] 示例 [r] 已失效 [l] 已泄露 [s] 跳过 [b] 返回 [q] 退出？ ",
    one_of="请选择 {choices}",
    reason="理由：",
    reason_or="理由（留空：{usual}）：",
    leaked="审核时确认已泄露",
    paths="只在哪些路径下豁免，如 tests/**（留空：不限）：",
    expires="哪天到期，如 2027-11-25，或多少天后到期（留空：永不）：",
    records="已写入 {file}",
    also=words_of_text.CHINESE.also,
    more=words_of_text.CHINESE.more,
    partner="另一半是 {partner}",
    before="本次审核已决定：{status}：{reason}",
    end="已决定 {decided} 个，其中 {leaked} 个已泄露；还剩 {left} 个",
)


def words(language: str) -> Words:
    """The phrases of a language: `zh`, or English for any other."""
    return _CHINESE if language == "zh" else _ENGLISH
