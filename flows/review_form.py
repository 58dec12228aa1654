"""The form of a held document, as Prefect's UI draws it from a JSON Schema.

The text for the reviewer is the description of the first field. Prefect has a place of its own for it above the form,
but its UI gives that place no height once the form is longer than the window.
"""

from __future__ import annotations

from typing import Any, Final

from domain.gate.answer import FIELD_NAMES, VERDICT_WORDS
from domain.gate.review_sheet import ReviewSheet
from domain.reply import ReplyKind

_HINTS: Final = {
    "addressees": "多人之间用顿号（、）隔开",
    "submission_numbers": "多个编号之间用顿号（、）隔开",
    "date_of_issue": "写作 2024-05-17",
}


def form_schema(sheet: ReviewSheet, text: str) -> dict[str, Any]:
    """The text (Markdown) and the decision first, then why and who, then the fields as they stand."""
    asked: dict[str, dict[str, Any]] = {
        "decision": {
            "title": "审核与决定",
            "description": text,
            "type": "string",
            "enum": [VERDICT_WORDS[verdict] for verdict in sheet.verdicts],
        },
        "reason": {"title": "理由", "type": "string", "description": "必填；退回重报的，请写明要承办单位改正什么"},
        "reviewer": {"title": "审核人姓名", "type": "string", "description": "必填；只存入保管库，不公开"},
    }
    fields = {name: _field(name, sheet.fields[name]) for name in FIELD_NAMES if name in sheet.fields}
    return {
        "title": "ReviewForm",
        "type": "object",
        "properties": {
            name: {**field, "position": position} for position, (name, field) in enumerate({**asked, **fields}.items())
        },
        "required": list(asked),
    }


def _field(name: str, value: str) -> dict[str, Any]:
    made: dict[str, Any] = {"title": FIELD_NAMES[name][0], "type": "string", "default": value}
    if name in _HINTS:
        made["description"] = _HINTS[name]
    if name == "kind":
        return made | {"enum": [kind.value for kind in ReplyKind]}
    return made
