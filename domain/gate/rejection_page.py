"""The page that explains every finding code, made from the registry so that it never says something else."""

from __future__ import annotations

from dataclasses import dataclass

from domain.gate.finding_kinds import FINDING_KINDS, FindingKind, Grade
from domain.gate.rules import LOOSENABLE


@dataclass(frozen=True, slots=True)
class _Words:
    head: str
    grades: tuple[tuple[Grade, str], ...]
    loosenable: str
    source: str
    columns: str


_ZH = _Words(
    head=(
        "# 审核代码\n\n"
        "一件答复为什么没有公开，这里逐条说明。代码不会改变含义；一件文件的全部原因一次给出，最重的一条决定结果。\n"
        "句中 `{…}` 处在实际消息里是文件上的内容；可能涉及个人信息的一律遮盖。\n\n"
        "等级可由管理员在 `grades.toml` 中从严；只有带 ° 的可以放宽。\n"
    ),
    grades=(
        (Grade.REJECT, "退回：不公开，更正后重新投放"),
        (Grade.HOLD, "搁置：待人决定"),
        (Grade.WARN, "提示：不影响公开"),
    ),
    loosenable="°",
    source="依据",
    columns="| 代码 | 发现了什么 | 下一步 |\n|---|---|---|\n",
)
_EN = _Words(
    head=(
        "# Finding codes\n\n"
        "Why a reply was not published, code by code. A code never changes its meaning; every reason is given at once, "
        "and the worst decides.\n"
        "What stands in `{…}` is filled from the file in an actual message; what could be personal data is masked.\n\n"
        "An administrator may make a grade stricter in `grades.toml`; only those marked ° may be lowered.\n"
    ),
    grades=(
        (Grade.REJECT, "Rejected: not published; correct it and drop it again"),
        (Grade.HOLD, "Held: a person decides"),
        (Grade.WARN, "Warned: publication goes on"),
    ),
    loosenable="°",
    source="Source",
    columns="| Code | What was found | What next |\n|---|---|---|\n",
)


def rejection_page(language: str) -> str:
    """The whole page as Markdown, in Chinese unless the language is English."""
    english = language.startswith("en")
    words = _EN if english else _ZH
    sections = []
    for grade, heading in words.grades:
        rows = [_row(kind, words, english=english) for kind in FINDING_KINDS.values() if kind.grade is grade]
        sections.append(f"\n## {heading}\n\n{words.columns}{''.join(rows)}")
    return words.head + "".join(sections)


def _row(kind: FindingKind, words: _Words, *, english: bool) -> str:
    sentence, remedy = (kind.en, kind.remedy_en) if english else (kind.zh, kind.remedy_zh)
    mark = f" {words.loosenable}" if kind.code in LOOSENABLE else ""
    source = f"<br>{words.source}: {kind.source}" if kind.source else ""
    return f"| `{kind.code}`{mark} | {sentence}{source} | {remedy} |\n"
