"""The changes of each month as a table for offices: CSV (RFC 4180), UTF-8 with the mark by which Excel knows it."""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from collections.abc import Iterator
from operator import itemgetter

from domain.feeds.event import Event, china_time, one_line
from domain.feeds.line_page import Standing
from domain.publication.canonical_json import Json, canonical_json, parse_json
from domain.publication.change_log import Change
from domain.publication.object_keys import MONTHS, monthly_key, schema_key

ROWS_PER_FILE = 256
MEDIA_TYPE = "text/csv; charset=utf-8"
MONTHS_SCHEMA = "months-1"
_COLUMNS = (
    "序号", "变更时间（北京时间）", "变更", "公开编号", "版本", "网址",
    "标题", "发文字号", "发文机关", "建议提案类别", "届", "次", "建议提案编号", "办理结果", "成文日期", "公开范围",
)  # fmt: skip
_WITHOUT_WORDS = 6
"""Columns that a row keeps when the reply is taken down."""
_CHANGES = {Change.PUBLISH: "公开", Change.CORRECT: "更正", Change.WITHDRAW: "撤回", Change.PURGE: "清除"}
_MARK = "\ufeff"
_FORMULA = ("=", "+", "-", "@")


class Months:
    """The tables, and the list of them, while they are being changed."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._before = standing(MONTHS)
        self.months: list[Json] = parse_json(self._before)["months"] if self._before else []
        """Each month with the sequence of its first change, the day of its last change, and its files."""
        self._files: dict[str, list[str]] = {}

    def add(self, event: Event) -> None:
        """The event becomes a row."""
        moment, sequence = china_time(event.at), event.entry.sequence
        name = f"{moment:%Y-%m}"
        if not self.months or self.months[-1]["month"] < name:
            self.months.append({"month": name, "first_sequence": sequence, "date_modified": "", "files": []})
        self._put(sequence, _row(event), event.at)

    def forget(self, sequence: int, at: str) -> None:
        """The words of this entry go: its reply was taken down at that time."""
        key, place = self._place(self._month(sequence), sequence)
        lines = self._lines(key)
        if place < len(lines):
            self._put(sequence, _wordless(lines[place].split(",")[:_WITHOUT_WORDS]), at)

    def bodies(self) -> dict[str, bytes]:
        """The tables that changed."""
        heading = _MARK + _line(_COLUMNS)
        return {
            key: "".join(f"{line}\r\n" for line in (heading, *lines)).encode() for key, lines in self._files.items()
        }

    def list_body(self) -> bytes | None:
        """The list of all, if it is another one now."""
        body = canonical_json({"schema": schema_key(MONTHS_SCHEMA), "months": self.months})
        return body if body != self._before else None

    def _put(self, sequence: int, line: str, at: str) -> None:
        month = self._month(sequence)
        key, place = self._place(month, sequence)
        lines = self._lines(key)
        lines += [_wordless([])] * (place + 1 - len(lines))
        lines[place] = line
        day = china_time(at).date().isoformat()
        month["date_modified"] = max(month["date_modified"], day)
        if key not in month["files"]:
            month["files"].append(key)

    def _month(self, sequence: int) -> Json:
        return self.months[max(0, bisect_right(self.months, sequence, key=itemgetter("first_sequence")) - 1)]

    def _place(self, month: Json, sequence: int) -> tuple[str, int]:
        part, place = divmod(sequence - int(month["first_sequence"]), ROWS_PER_FILE)
        return monthly_key(month["month"], part + 1), place

    def _lines(self, key: str) -> list[str]:
        if key not in self._files:
            body = self._standing(key)
            self._files[key] = body.decode().split("\r\n")[1:-1] if body else []
        return self._files[key]


def _row(event: Event) -> str:
    entry = event.entry
    known = [
        str(entry.sequence),
        f"{china_time(event.at):%Y-%m-%d %H:%M:%S}",
        _CHANGES[entry.change],
        entry.reply_id,
        str(entry.version),
        event.page,
    ]
    return _line((*known, *_words(event.manifest))) if event.manifest else _wordless(known)


def _words(manifest: Json) -> Iterator[str]:
    submission, result = manifest["submission"], manifest["handling_result"]
    yield manifest["title"]
    yield manifest["document_number"]
    yield manifest["issuing_authority"]
    yield submission["kind"] or ""
    yield str(submission["term"] or "")
    yield str(submission["session"] or "")
    # As text: a spreadsheet would make 18 of 018.
    yield "、".join(f"第{number}号" for number in submission["numbers"])
    yield (result["normalised"] or result["raw"]) if result else ""
    yield manifest["times"]["date_of_issue"]
    yield manifest["disclosure"]["extent"]


def _wordless(known: list[str]) -> str:
    return ",".join([*known, *[""] * (len(_COLUMNS) - len(known))])


def _line(fields: tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow([_cell(field) for field in fields])
    return text.getvalue()


def _cell(text: str) -> str:
    """The text on one line; what a spreadsheet would take for a formula is marked as text."""
    said = one_line(text).strip()
    return f"'{said}" if said.startswith(_FORMULA) else said
