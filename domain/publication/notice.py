"""Why a public reply was corrected or taken down, in the words that the public reads."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.publication.canonical_json import Json

LONGEST_NOTE = 500
"""Characters of a note or a legal basis."""


class Reason(StrEnum):
    """The reason's class. The values are the JSON words."""

    PUBLISHED_BY_MISTAKE = "错误发布"
    CONTENT_CORRECTED = "内容更正"
    PERSONAL_PRIVACY = "个人隐私"
    CLASSIFIED = "定密"
    REVOKED = "机关撤销"
    OTHER = "其他"


@dataclass(frozen=True, slots=True)
class Notice:
    """What is said of a change. Every word of it is public: it names no person and repeats nothing that goes."""

    reason: Reason
    legal_basis: str | None = None
    """Such as 《中华人民共和国政府信息公开条例》第十五条."""
    note: str | None = None
    effective_at: str | None = None
    """UTC with Z: from when on it is meant to hold. None: from the time of the change."""

    def as_json(self, published_at: str) -> Json:
        """As a manifest says it."""
        return {
            "reason": self.reason.value,
            "legal_basis": self.legal_basis,
            "note": self.note,
            "effective_at": self.effective_at or published_at,
        }

    @classmethod
    def from_json(cls, document: Json) -> Notice:
        """The notice that was kept. Raises KeyError or ValueError for anything else."""
        return cls(Reason(document["reason"]), document["legal_basis"], document["note"], document["effective_at"])
