"""Fuwen reads the corpus: one JSON line for each letter named on standard input. A process of its own is measured."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdfium2

from adapters.isolation.reading_limits import ReadingLimits
from adapters.pdf.inspection import inspect
from adapters.pdf.ocr import PageRecogniser
from adapters.pdf.pdf_lines import pdf_pages
from adapters.pdf.second_reader import second_pages
from adapters.pdf.trust import TrustAnchors
from adapters.record.original import Recogniser, read_original
from benchmarks.corpus.peers import peak_kb
from config.rules import load_rules
from domain.drafting import draft
from domain.gate.evidence import Evidence, Signature, SignatureStatus, SignatureVerdict
from domain.gate.review import review
from domain.gate.rules import Rules
from domain.reading.letter import read_letter
from domain.reading.page import PageSignals, PageText
from domain.reading.page_gate import gate
from domain.reading.second_reading import second_reading
from domain.reading.spelling import bare
from domain.reading.whole_text import whole_text

_TIMES = 3


def main() -> None:
    rules = load_rules(Path(sys.argv[1]))
    recogniser = _Lazy()
    for line in sys.stdin:
        path, issued = json.loads(line)
        print(json.dumps(_read(Path(path).read_bytes(), issued, rules, recogniser), ensure_ascii=False), flush=True)


class _Lazy:
    """The models are loaded at the first page that needs them, so that text letters are not charged for them."""

    def __init__(self) -> None:
        self._recogniser: PageRecogniser | None = None

    def read(self, page: pypdfium2.PdfPage, number: int, signals: PageSignals) -> PageText:
        self._recogniser = self._recogniser or PageRecogniser()
        return self._recogniser.read(page, number, signals)


def _signed_by(authority: str) -> SignatureVerdict:
    only = Signature(authority, SignatureStatus.VALID, "基准测试：视为已签名。", key_sha256="0" * 64)
    return SignatureVerdict(only.status, only.detail, signatures=(only,))


def _read(data: bytes, issued: str, rules: Rules, recogniser: Recogniser) -> dict[str, Any]:
    day = datetime.fromisoformat(issued).replace(tzinfo=UTC)
    began = time.process_time()
    evidence = read_original(data, TrustAnchors((), None), ReadingLimits(), day, recogniser=recogniser)
    whole = time.process_time() - began
    found = draft(evidence.raw, rules)
    evidence = replace(evidence, signature=_signed_by(found.issuing_authority or ""))
    verdict = review(evidence, found, rules, day.date())
    return {
        "units": _units(evidence),
        "fields": _fields(evidence, rules),
        "fate": str(verdict.fate),
        "findings": [finding.code for finding in verdict.findings],
        "held_for": [finding.code for finding in verdict.findings if finding.grade != "warn"],
        "seconds": _seconds(data)
        if evidence.reading and all(each.source == "text" for each in evidence.reading)
        else whole,
        "whole_seconds": whole,
        "peak_kb": peak_kb(),
    }


def _seconds(data: bytes) -> float:
    """CPU time of reading, both readers and their comparison; without inspection, which opens the file for the second
    one, and without signatures. The best of a few."""
    times = []
    for _ in range(_TIMES):
        reader = inspect(data, ReadingLimits()).reader
        began = time.process_time()
        pages = pdf_pages(data)
        second = second_pages(reader) if reader is not None else ()
        second_reading(read_letter(pages), pages, second)
        gate(pages)
        whole_text(pages, second)
        times.append(time.process_time() - began)
    return min(times)


def _units(evidence: Evidence) -> list[tuple[str, str]]:
    raw = evidence.raw
    units = [("title", raw.title.text)] if raw.title else []
    for paragraph in raw.paragraphs:
        rows = paragraph.text.split("\n") if paragraph.role == "table" else [paragraph.text]
        units += [(str(paragraph.role), row) for row in rows]
    return units


def _fields(evidence: Evidence, rules: Rules) -> dict[str, Any]:
    raw, found = evidence.raw, draft(evidence.raw, rules)
    submission, disclosure = found.submission, found.disclosure
    marks = {bare(mark.text) for mark in raw.result_marks}
    return {
        "kind": found.kind,
        "title": found.title or "",
        "document_number": str(found.document_number) if found.document_number else None,
        "signatory": found.signatory,
        "addressees": list(found.addressees),
        "body": submission.body if submission else None,
        "term": submission.term if submission else None,
        "session": submission.session if submission else None,
        "numbers": list(submission.numbers) if submission else [],
        "result": "、".join(sorted(marks)) or None,
        "disclosure": disclosure.attribute if disclosure else None,
        "extent": disclosure.extent if disclosure else None,
        "date": found.date_of_issue.isoformat() if found.date_of_issue else None,
    } | {"raw": {key: value for key, value in asdict(raw).items() if key == "disclosure_marks"}}


if __name__ == "__main__":
    main()
