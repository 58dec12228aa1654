"""The rules that review judges by: the packaged tables, and an operator's tables laid over them.

A table that cannot be used stops the start with the file and line of the mistake; it is never left out in silence.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from config.packaged_calendar import packaged_years
from config.table_file import Row, RulesError, TableFile
from domain.disclosure import DisclosureWords
from domain.gate.finding_kinds import FINDING_KINDS, Grade
from domain.gate.lifting import Concern
from domain.gate.private_handling import HANDLING, Handling, may_be_handled
from domain.gate.rules import (
    THRESHOLDS,
    Authority,
    NumberScheme,
    Rules,
    SignaturePolicy,
    SubmissionBodyRule,
    UnlistedSigners,
    may_regrade,
)
from domain.gate.topics import TOPICS, Beside, Topic
from domain.gate.working_days import Calendar, CalendarYear
from domain.handling_result import ResultTable
from domain.reading.spelling import bare
from domain.reply import DisclosureAttribute, DisclosureExtent

__all__ = ["RulesError", "load_rules"]

_PACKAGED = Path(__file__).parent
_FILES = (
    "review.toml",
    "disclosure.toml",
    "number_schemes.toml",
    "handling_results.toml",
    "bodies.toml",
    "authorities.toml",
    "grades.toml",
    "calendar.toml",
    "topics.toml",
)
_AREA = re.compile(r"[0-9]{6}")
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")

W = TypeVar("W", bound=StrEnum)


def load_rules(directory: Path | None = None) -> Rules:
    """The packaged rules, with the tables of `directory` laid over them.

    Lists are added to; an authority, a body, a scheme, a table of results, a calendar year or a single value that is
    there already is replaced. Raises RulesError, with file and line, if a table cannot be used.
    """
    folders = [_PACKAGED, *([directory] if directory else [])]
    if directory:
        _refuse_unknown_files(directory)
    tables = {
        name: [TableFile.read(folder / name) for folder in folders if (folder / name).exists()] for name in _FILES
    }
    years = packaged_years() | _calendar(tables["calendar.toml"])
    schemes = _schemes(tables["number_schemes.toml"])
    results = _result_tables(tables["handling_results.toml"])
    review = _Review.of(tables["review.toml"])
    return Rules(
        identifier=review.identifier,
        version=_version(tables, years),
        disclosure=_disclosure(tables["disclosure.toml"]),
        results=tuple(table for table, general in results.values() if general),
        authorities=tuple(_authorities(tables["authorities.toml"], results)),
        bodies=tuple(_bodies(tables["bodies.toml"], schemes, results)),
        calendar=Calendar(years),
        grades=_grades(file.table("grades") for file in _only(tables["grades.toml"], "grades")),
        private=_private(file.table("private") for file in tables["review.toml"]),
        proposals_called_suggestions=review.proposals_called_suggestions,
        publication_days=review.publication_days,
        thresholds=_thresholds(file.table("thresholds") for file in tables["review.toml"]),
        topics=tuple(_topics(tables["topics.toml"])),
        second_person=review.second_person,
        unlisted_signers=review.unlisted_signers,
    )


def _refuse_unknown_files(directory: Path) -> None:
    if not directory.is_dir():
        raise RulesError(f"{directory}: 没有这个目录 (no such directory)")
    for path in sorted(directory.glob("*.toml")):
        if path.name not in _FILES:
            raise RulesError(f"{path}: 不认识这个文件；可用的有 (unknown file; known are) {', '.join(_FILES)}")


def _only(files: Iterable[TableFile], *names: str) -> Iterator[TableFile]:
    for file in files:
        file.only(*names)
        yield file


@dataclass(slots=True)
class _Review:
    identifier: str = ""
    publication_days: int = 20
    proposals_called_suggestions: tuple[str, ...] = field(default=())
    second_person: frozenset[Concern] = field(default=frozenset())
    unlisted_signers: UnlistedSigners = UnlistedSigners.NAMED

    @classmethod
    def of(cls, files: Iterable[TableFile]) -> _Review:
        found = cls()
        for file in files:
            row = file.row()
            file.only(
                "identifier",
                "publication_days",
                "proposals_called_suggestions",
                "private",
                "thresholds",
                "second_person",
                "unlisted_signers",
            )
            found.identifier = row.text("identifier", found.identifier)
            found.publication_days = int(row.number("publication_days", found.publication_days))
            if found.publication_days < 1:
                row.wrong("publication_days", "应至少是 1 (must be at least 1)")
            found.proposals_called_suggestions += row.texts("proposals_called_suggestions")
            if "second_person" in row.data:
                found.second_person = _concerns(row)
            found.unlisted_signers = _one_of(row, "unlisted_signers", UnlistedSigners, found.unlisted_signers)
        return found


def _concerns(row: Row) -> frozenset[Concern]:
    written = row.texts("second_person")
    if not set(written) <= set(Concern):
        row.wrong("second_person", f"每项应是 {', '.join(Concern)} 之一 (each must be one of these)")
    return frozenset(map(Concern, written))


def _disclosure(files: Iterable[TableFile]) -> DisclosureWords:
    attributes: dict[str, DisclosureAttribute] = {}
    extents: dict[str, DisclosureExtent] = {}
    partial: set[str] = set()
    for file in _only(files, "attributes", "extents", "partial"):
        row = file.table("attributes")
        row.only(*DisclosureAttribute)
        for attribute in DisclosureAttribute:
            for word in row.texts(attribute.value):
                if attributes.setdefault(bare(word), attribute) is not attribute:
                    row.wrong(attribute.value, f"“{word}”已有别的含义 (has another meaning already)")
        row = file.table("extents")
        row.only(*DisclosureExtent)
        for extent in DisclosureExtent:
            extents.update((bare(word), extent) for word in row.texts(extent.value))
        partial.update(bare(word) for word in file.table("partial").texts("words"))
    return DisclosureWords(attributes, extents, frozenset(partial))


def _schemes(files: Iterable[TableFile]) -> dict[str, NumberScheme]:
    schemes = {}
    for file in _only(files, "scheme"):
        for row in file.rows("scheme"):
            row.only("id", "name", "pattern")
            try:
                pattern = re.compile(row.text("pattern"))
            except re.error as error:
                row.wrong("pattern", f"不是有效的规则 (no valid pattern): {error}")
            schemes[row.text("id")] = NumberScheme(row.text("name"), pattern)
    return schemes


def _result_tables(files: Iterable[TableFile]) -> dict[str, tuple[ResultTable, bool]]:
    tables = {}
    for file in _only(files, "table"):
        for row in file.rows("table"):
            row.only("id", "name", "general", "words")
            words = row.data.get("words", {})
            if not isinstance(words, dict) or not all(isinstance(each, str) for each in words.values()):
                row.wrong("words", "“words”应是标注与含义的对照 (must map marks to words)")
            general = row.data.get("general", False) is True
            if general and any(len(mark) == 1 for mark in words):
                # The same letter means different things in different places.
                row.wrong("words", "通用表不得解释单个字母 (a general table must not explain single letters)")
            by_mark = {bare(mark): meaning for mark, meaning in words.items()}
            tables[row.text("id")] = (ResultTable(row.text("name"), by_mark), general)
    return tables


def _bodies(
    files: Iterable[TableFile], schemes: dict[str, NumberScheme], results: dict[str, tuple[ResultTable, bool]]
) -> Iterator[SubmissionBodyRule]:
    found: dict[tuple[str, str], SubmissionBodyRule] = {}
    for file in _only(files, "body"):
        for row in file.rows("body"):
            row.only("area_code", "body", "scheme", "results", "sessions")
            rule = SubmissionBodyRule(
                _area(row), row.text("body"), _scheme(row, schemes), _named(row, results), _sessions(row)
            )
            found[rule.area_code, rule.body] = rule
    # The longest name first: 区政协 must not be taken for 政协.
    yield from sorted(found.values(), key=lambda rule: (-len(rule.body), rule.area_code, rule.body))


def _scheme(row: Row, schemes: dict[str, NumberScheme]) -> NumberScheme | None:
    if "scheme" not in row.data:
        return None
    name = row.text("scheme")
    if name not in schemes:
        row.wrong("scheme", f"没有登记编号规则“{name}” (no such number scheme)")
    return schemes[name]


def _sessions(row: Row) -> dict[tuple[int, int], tuple[int, int]]:
    sessions = {}
    for entry in row.data.get("sessions", []):
        if not isinstance(entry, list) or len(entry) != 4 or not all(type(part) is int for part in entry):
            row.wrong(
                "sessions", "每项应是 [届, 次, 起始年, 终止年] (each must be [term, session, first year, last year])"
            )
        term, session, first, last = entry
        sessions[term, session] = (first, last)
    return sessions


def _authorities(files: Iterable[TableFile], results: dict[str, tuple[ResultTable, bool]]) -> Iterator[Authority]:
    found: dict[str, Authority] = {}
    for file in _only(files, "authority"):
        for row in file.rows("authority"):
            row.only(
                "name",
                "area_code",
                "short_names",
                "issuer_codes",
                "results",
                "grades",
                "private",
                "thresholds",
                "signer_keys",
                "signature",
                "index_code",
                "topic",
                "disclosing_authority",
            )
            grades, private, numbers = (row.data.get(name, {}) for name in ("grades", "private", "thresholds"))
            authority = Authority(
                name=row.text("name"),
                area_code=_area(row),
                short_names=row.texts("short_names"),
                issuer_codes=row.texts("issuer_codes"),
                results=_named(row, results),
                grades=_grades([Row(row.file, row.line, grades)]) if grades else {},
                private=_private([Row(row.file, row.line, private)]) if private else {},
                thresholds=_thresholds([Row(row.file, row.line, numbers)]) if numbers else {},
                signer_keys=_signer_keys(row),
                signature=_one_of(row, "signature", SignaturePolicy, SignaturePolicy.REQUIRED),
                index_code=row.text("index_code") if "index_code" in row.data else None,
                topic=row.text("topic") if "topic" in row.data else None,
                disclosing_authority=row.text("disclosing_authority") if "disclosing_authority" in row.data else None,
            )
            found[bare(authority.name)] = authority
    yield from found.values()


def _signer_keys(row: Row) -> frozenset[str]:
    # As openssl and the certificate viewers print a fingerprint: with colons or without, in either case.
    keys = frozenset(key.replace(":", "").lower() for key in row.texts("signer_keys"))
    if not all(map(_FINGERPRINT.fullmatch, keys)):
        row.wrong("signer_keys", "每项应是密钥的 SHA-256，64 位十六进制 (each must be a SHA-256 of 64 hex digits)")
    return keys


def _one_of(row: Row, key: str, words: type[W], default: W) -> W:
    written = row.text(key, default)
    if written not in list(words):
        row.wrong(key, f"“{key}”应是 {', '.join(words)} 之一 (must be one of these)")
    return words(written)


def _named(row: Row, results: dict[str, tuple[ResultTable, bool]]) -> tuple[ResultTable, ...]:
    names = row.texts("results")
    for name in names:
        if name not in results:
            row.wrong("results", f"没有登记办理结果表“{name}” (no such table of results)")
    return tuple(results[name][0] for name in names)


def _area(row: Row) -> str:
    code = row.text("area_code")
    if not _AREA.fullmatch(code):
        row.wrong("area_code", "“area_code”应是六位数字 (must be six digits)")
    return code


def _grades(rows: Iterable[Row]) -> dict[str, Grade]:
    grades: dict[str, Grade] = {}
    for row in rows:
        for code, written in row.data.items():
            if code not in FINDING_KINDS:
                row.wrong(code, f"没有代码“{code}” (no such code)")
            if written not in list(Grade):
                row.wrong(code, f"等级应是 {', '.join(Grade)} 之一 (must be one of these)")
            if not may_regrade(code, Grade(written)):
                row.wrong(code, f"“{code}”不得放宽 (this grade may only be made stricter)")
            grades[code] = Grade(written)
    return grades


def _private(rows: Iterable[Row]) -> dict[str, Handling]:
    found: dict[str, Handling] = {}
    for row in rows:
        for code, written in row.data.items():
            if code not in HANDLING:
                row.wrong(code, f"“{code}”不是个人信息的类别 (no class of private data)")
            if written not in list(Handling):
                row.wrong(code, f"应是 {', '.join(Handling)} 之一 (must be one of these)")
            if not may_be_handled(code, Handling(written)):
                row.wrong(code, f"“{code}”不得原样公开 (may never be published as it is)")
            found[code] = Handling(written)
    return found


def _thresholds(rows: Iterable[Row]) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in rows:
        row.only(*THRESHOLDS)
        for name in row.data:
            found[name] = row.number(name, 0)
            if found[name] <= 0:
                row.wrong(name, f"“{name}”应大于 0 (must be above 0)")
            if name == "reading_confidence" and found[name] > 1:
                row.wrong(name, "应在 0 与 1 之间 (must be between 0 and 1)")
    return found


def _topics(files: Iterable[TableFile]) -> Iterator[Topic]:
    found: dict[str, list[Topic]] = {}
    for file in _only(files, "topic"):
        own: dict[str, list[Topic]] = {}
        for row in file.rows("topic"):
            row.only("code", "words", "beside")
            code, beside = row.text("code"), row.data.get("beside", "")
            if code not in TOPICS:
                row.wrong("code", f"没有敏感事项“{code}” (no such topic)")
            if beside not in list(Beside):
                row.wrong("beside", f"应是 {', '.join(filter(None, Beside))} 之一 (must be one of these)")
            own.setdefault(code, []).append(Topic(code, row.texts("words"), Beside(beside)))
        found |= own
    for topics in found.values():
        yield from topics


def _calendar(files: Iterable[TableFile]) -> dict[int, CalendarYear]:
    years = {}
    for file in _only(files, "year"):
        for row in file.rows("year"):
            row.only("year", "holidays", "working_weekends", "source")
            row.text("source")
            year = int(row.number("year", 0))
            years[year] = CalendarYear(_days(row, "holidays", year), _days(row, "working_weekends", year))
    return years


def _days(row: Row, key: str, year: int) -> frozenset[date]:
    days = row.data.get(key, [])
    if not isinstance(days, list) or not all(isinstance(day, date) and not isinstance(day, datetime) for day in days):
        row.wrong(key, f"“{key}”应是日期列表 (must be a list of dates)")
    if any(day.year != year for day in days):
        row.wrong(key, f"“{key}”中有不属于{year}年的日期 (holds a date of another year)")
    return frozenset(days)


def _version(tables: dict[str, list[TableFile]], years: dict[int, CalendarYear]) -> str:
    content: dict[str, Any] = {name: [file.data for file in files] for name, files in tables.items()}
    content["calendar"] = {
        str(year): [sorted(map(str, days.holidays)), sorted(map(str, days.working_weekends))]
        for year, days in years.items()
    }
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()
