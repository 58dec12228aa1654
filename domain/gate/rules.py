"""What an operator may change, as the values that review is given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from domain.disclosure import DisclosureWords
from domain.gate.finding_kinds import FINDING_KINDS, Grade
from domain.gate.lifting import Concern, LiftingPolicy
from domain.gate.private_handling import HANDLING, Handling
from domain.gate.topics import TOPICS, Topic
from domain.gate.working_days import Calendar
from domain.handling_result import ResultTable
from domain.reading.spelling import bare

UNREGISTERED_AREA = "000000"
"""Area code of an authority that is in no table."""

UNCONDITIONAL = frozenset(
    {
        "date-after-distribution",
        "date-impossible",
        "date-in-future",
        "disclosure-contradictory",
        "disclosure-extent",
        "disclosure-missing",
        "disclosure-on-application",
        "disclosure-unknown",
        "disclosure-withheld",
        "duplicate-identity",
        "empty-file",
        "file-too-large",
        "foreign-bytes",
        "not-a-pdf",
        "original-vanished",
        "pdf-damaged",
        "pdf-encrypted",
        "secrecy-mark",
        "signature-invalid",
        "signature-modified",
    }
)
"""Codes that reject, whatever any table and any person says."""

LOOSENABLE = frozenset(
    {
        "addressee-kind-mismatch",
        "author-named",  # an official at work; more than half of ordinary PDFs name one
        "distributing-office-mismatch",
        "heading-gap",
        "joint-handling-opinion",
        "last-sentence-open",
        "metadata-text",  # a template's title; the rules on private data and secrecy try its words as well
        "received-kind-mismatch",
        "submission-kind-mismatch",
        "text-thin",
        *TOPICS,
    }
)
"""Codes whose grade an operator may lower. Every other grade may only be made stricter."""

THRESHOLDS: Mapping[str, float] = MappingProxyType(
    {"reading_confidence": 0.98, "short_text": 100, "characters_per_page": 120, "due_soon_days": 5}
)
"""Numbers that an operator may set, for all or for one authority, and what holds without a word on them.

Confidence with which a page is believed; characters of a text that is not called short; characters on each page but
the last below which something was not read; working days before the due date from which it is said.
"""


class SignaturePolicy(StrEnum):
    """Whether an authority must sign."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    """A file without any signature passes on the word of whoever may drop files. One that is there must be valid."""


class UnlistedSigners(StrEnum):
    """Who may sign for an authority that has no list of keys."""

    NAMED = "named"
    """Whoever holds a trusted certificate that names the authority."""
    ANY = "any"
    """Whoever holds a trusted certificate: only where the anchors issue to nobody else."""
    NOBODY = "nobody"


_WEIGHT = {Grade.WARN: 0, Grade.HOLD: 1, Grade.REJECT: 2}


def may_regrade(code: str, grade: Grade) -> bool:
    """Whether an operator's table may give this code this grade."""
    return code in LOOSENABLE or _WEIGHT[grade] >= _WEIGHT[FINDING_KINDS[code].grade]


@dataclass(frozen=True, slots=True)
class NumberScheme:
    """How a submission number is built: 153047 is the 15th term, 3rd session, 047."""

    name: str
    pattern: re.Pattern[str]
    """Matches the whole number; the groups `term`, `session`, `session_letter`, `year` say what is encoded."""


@dataclass(frozen=True, slots=True)
class SubmissionBodyRule:
    """A congress or conference of an area: its number scheme and its sessions."""

    area_code: str
    """Six digits of GB/T 2260."""
    body: str
    """As `domain.submission.submission_body` names it, without the place: 区政协."""
    scheme: NumberScheme | None = None
    results: tuple[ResultTable, ...] = ()
    """What its handling results mean; asked after the authority's own tables."""
    sessions: Mapping[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    """(term, session) to the first and last year in which its submissions are answered."""


@dataclass(frozen=True, slots=True)
class Authority:
    """A registered issuing authority and its own tables."""

    name: str
    area_code: str
    """Six digits of GB/T 2260."""
    short_names: tuple[str, ...] = ()
    """Other names under which it signs."""
    issuer_codes: tuple[str, ...] = ()
    """机关代字 of its document numbers; empty: not checked."""
    results: tuple[ResultTable, ...] = ()
    grades: Mapping[str, Grade] = field(default_factory=dict)
    private: Mapping[str, Handling] = field(default_factory=dict)
    """What it does with classes of private data, by finding code."""
    thresholds: Mapping[str, float] = field(default_factory=dict)
    """Its own numbers, by the names of `THRESHOLDS`."""
    signer_keys: frozenset[str] = frozenset()
    """Hex SHA-256 of the keys (SubjectPublicKeyInfo) that sign for it; empty: see `Rules.unlisted_signers`."""
    signature: SignaturePolicy = SignaturePolicy.REQUIRED
    index_code: str | None = None
    """The authority's part of the 索引号 of its information; None: its replies get none."""
    topic: str | None = None
    """主题分类 of its replies."""
    disclosing_authority: str | None = None
    """公开主体, where another authority discloses for it."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that review judges by."""

    identifier: str
    """Name of the rule set, for the record."""
    version: str
    """Hex SHA-256 of the tables: the same version gives the same judgement."""
    disclosure: DisclosureWords = field(default_factory=DisclosureWords)
    results: tuple[ResultTable, ...] = ()
    """The tables that hold everywhere; an authority's own are asked first. They explain words, never letters."""
    authorities: tuple[Authority, ...] = ()
    bodies: tuple[SubmissionBodyRule, ...] = ()
    calendar: Calendar = field(default_factory=Calendar)
    grades: Mapping[str, Grade] = field(default_factory=dict)
    private: Mapping[str, Handling] = field(default_factory=dict)
    """What is done with classes of private data, by finding code, where an authority has no own word on it."""
    proposals_called_suggestions: tuple[str, ...] = ()
    """Area code prefixes where a 政协提案 is called 建议 as well."""
    publication_days: int = 20
    """Working days from the date of issue (OGI Regulations, article 26)."""
    thresholds: Mapping[str, float] = field(default_factory=dict)
    """By the names of `THRESHOLDS`, where an authority has no own number."""
    topics: tuple[Topic, ...] = ()
    """What a person must look at before it is public."""
    second_person: frozenset[Concern] = frozenset(Concern) - {Concern.CONTENT}
    """What two different persons must agree to before it is public."""
    unlisted_signers: UnlistedSigners = UnlistedSigners.NAMED
    """Who may sign for an authority that has no list of keys, or is in no table."""
    _named: Mapping[str, Authority] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # A province has thousands of authorities, and every letter asks several times. A full name goes before a
        # short name that another authority shares.
        short = {bare(name): each for each in reversed(self.authorities) for name in each.short_names}
        full = {bare(each.name): each for each in self.authorities}
        object.__setattr__(self, "_named", short | full)

    def authority(self, name: str | None) -> Authority | None:
        """The registered authority of this name or short name."""
        return self._named.get(bare(name)) if name else None

    def body(self, area_code: str, name: str) -> SubmissionBodyRule | None:
        """The congress or conference of that name in the area, or in one that contains it."""
        areas = (area_code, f"{area_code[:4]}00", f"{area_code[:2]}0000", UNREGISTERED_AREA)
        for area in areas:
            for each in self.bodies:
                if each.area_code == area and name.endswith(each.body):
                    return each
        return None

    def result_tables(self, authority: Authority | None, body: str | None) -> tuple[ResultTable, ...]:
        """The tables that explain a result mark, the most particular first."""
        if authority is None:
            return self.results
        rule = self.body(authority.area_code, body) if body else None
        return (*authority.results, *(rule.results if rule else ()), *self.results)

    def grade(self, code: str, authority: Authority | None) -> Grade | None:
        """The grade that an operator gave the code, for this authority or for all; None: the registered one."""
        own = authority.grades if authority else {}
        return own.get(code) or self.grades.get(code)

    def threshold(self, name: str, authority: Authority | None) -> float:
        """The authority's number, the operator's, or the registered one. Raises KeyError for an unknown name."""
        own = authority.thresholds if authority else {}
        return own.get(name) or self.thresholds.get(name) or THRESHOLDS[name]

    def handling(self, code: str, authority: Authority | None) -> Handling:
        """What is done with private data of this class: the authority's word, the operator's, or the registered one.

        Raises KeyError for a code that is no class of private data.
        """
        own = authority.private if authority else {}
        return own.get(code) or self.private.get(code) or HANDLING[code]

    def lifting(self, authority: Authority | None) -> LiftingPolicy:
        """What this authority lets a reviewer do."""
        never = (code for code in HANDLING if self.handling(code, authority) is Handling.HOLD)
        return LiftingPolicy(self.second_person, frozenset(never))
