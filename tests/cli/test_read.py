"""`fuwen read`: a dry run whose JSON is a promise, and which leaves no trace."""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.record.schema_check import SchemaViolation, check

ROOT = Path(__file__).parents[2]
LETTERS = ROOT / "samples" / "letters"
GOLDEN = ROOT / "tests" / "golden" / "read-record-1.json"
TABLES = ("--trust-anchors", str(ROOT / "samples" / "trust"), "--config", str(ROOT / "samples" / "config"))
EXPECTED = json.loads((ROOT / "samples" / "expected.json").read_text(encoding="utf-8"))
FATES = {"published": "publish", "unchanged": "publish", "held": "hold", "rejected": "reject"}
GOOD = LETTERS / "01-yanxi-153062.pdf"
HELD = LETTERS / "13-education-two-numbers.pdf"

# Section by section what was promised from the first version on: each key with its type.
Kind = type | tuple[type, ...]
TEXT, NUMBER, LIST = (str, type(None)), (int, type(None)), list
RECORD: dict[str, Kind] = {
    "file": str,
    "sha256": str,
    "pages": int,
    "fate": str,
    "findings": LIST,
    "reply": dict,
    "signature": dict,
}
RECORD |= {"reading": dict}
FINDING: dict[str, Kind] = {"code": str, "grade": str, "message": str, "page": NUMBER}
REPLY: dict[str, Kind] = {
    "kind": TEXT,
    "title": TEXT,
    "document_number": TEXT,
    "issuing_authority": TEXT,
    "signatory": TEXT,
}
REPLY |= {"addressees": LIST, "date_of_issue": TEXT, "date_of_distribution": TEXT, "distributing_office": TEXT}
REPLY |= dict.fromkeys(("submission", "handling_result", "disclosure"), (dict, type(None)))
REPLY |= {"paragraphs": LIST}
SUBMISSION: dict[str, Kind] = {"kind": TEXT, "body": TEXT, "term": NUMBER, "session": NUMBER, "numbers": LIST}
RESULT: dict[str, Kind] = {"raw": str, "normalised": TEXT, "scheme": TEXT}
DISCLOSURE: dict[str, Kind] = {"raw": str, "attribute": TEXT, "extent": TEXT}
PARAGRAPH: dict[str, Kind] = {"role": str, "text": str, "page": int}
SIGNATURE: dict[str, Kind] = {"status": str, "detail": str, "signers": LIST}
PAGE: dict[str, Kind] = {"page": int, "source": str, "confidence": float}
READING: dict[str, Kind] = {"pages": LIST}
ADDED = {"evidence", "copied_to", "raw", "box", "signatures"}
"""What came later: a key may be added, with a schema that says so, and none may go or change its meaning."""


def _read(*words: str | Path, folder: Path, language: str = "zh-CN") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli.main", "read", *map(str, words)],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "FUWEN_LANG": language, "HOME": str(folder)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def whole_run(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """All samples at once, as JSON."""
    folder = tmp_path_factory.mktemp("elsewhere")
    run = _read(*sorted(LETTERS.glob("*.pdf")), *TABLES, "--json", folder=folder)
    assert list(folder.iterdir()) == [], "a dry run writes nothing"
    return run


@pytest.fixture(scope="module")
def records(whole_run: subprocess.CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    """The record of each sample by its name."""
    return {record["file"]: record for record in map(json.loads, whole_run.stdout.splitlines())}


def test_several_files_are_one_object_a_line_in_the_order_asked_for_and_nothing_else(
    whole_run: subprocess.CompletedProcess[str],
) -> None:
    assert whole_run.stderr == ""
    names = [json.loads(line)["file"] for line in whole_run.stdout.splitlines()]
    assert names == [path.name for path in sorted(LETTERS.glob("*.pdf"))]
    assert whole_run.returncode == 1  # not all of them would be published


def test_the_record_of_a_letter_is_byte_for_byte_the_golden_one(whole_run: subprocess.CompletedProcess[str]) -> None:
    """Where reading itself gets better, the README's command writes the file again; look at the difference."""
    [line] = [line for line in whole_run.stdout.splitlines(keepends=True) if GOOD.name in line]
    assert line == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("sample", EXPECTED, ids=lambda sample: f"{sample['wave']}-{sample['file']}")
def test_each_sample_has_its_fate_for_its_reasons(sample: dict[str, Any], records: dict[str, Any]) -> None:
    record = records[sample["file"]]
    if sample["fate"] in {"published", "held", "rejected"} and sample["wave"] == 1:
        assert record["fate"] == FATES[sample["fate"]]
        assert set(sample["codes"]) <= {finding["code"] for finding in record["findings"]}


def _parts(record: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Kind]]]:
    """Every object of the record beside the keys and types that the design gives it."""
    reply = record["reply"]
    yield from (
        (record, RECORD),
        (reply, REPLY),
        (record["signature"], SIGNATURE),
        (record["reading"], READING),
    )
    yield from ((finding, FINDING) for finding in record["findings"])
    yield from ((paragraph, PARAGRAPH) for paragraph in reply["paragraphs"])
    yield from ((page, PAGE) for page in record["reading"]["pages"])
    for name, keys in (("submission", SUBMISSION), ("handling_result", RESULT), ("disclosure", DISCLOSURE)):
        if reply[name] is not None:
            yield reply[name], keys


def test_every_record_has_the_promised_keys_and_types_and_no_stranger(records: dict[str, Any]) -> None:
    assert len(records) == len(list(LETTERS.glob("*.pdf")))
    for record in records.values():
        for found, promised in _parts(record):
            assert promised.keys() <= found.keys() <= promised.keys() | ADDED
            for name, kind in promised.items():
                assert isinstance(found[name], kind), (record["file"], name)
                assert not isinstance(found[name], bool)


def test_every_record_keeps_its_schema(records: dict[str, Any]) -> None:
    for record in records.values():
        check("read-record-1", record)


def test_the_schema_refuses_what_is_missing_surplus_or_of_another_type(records: dict[str, Any]) -> None:
    record = records[GOOD.name]
    for number, (_, promised) in enumerate(_parts(record)):
        for name in promised:
            for spoil in (_without, _joined, _of_another_type):
                spoiled = copy.deepcopy(record)
                part = list(_parts(spoiled))[number][0]
                spoil(part, name)
                with pytest.raises(SchemaViolation):
                    check("read-record-1", spoiled)


def _without(part: dict[str, Any], name: str) -> None:
    del part[name]


def _joined(part: dict[str, Any], name: str) -> None:
    part[f"{name}_too"] = part[name]


def _of_another_type(part: dict[str, Any], name: str) -> None:
    part[name] = True


@pytest.mark.parametrize(
    ("language", "told", "fate"),
    [("zh-CN", "不止一个发文字号", "搁置"), ("en", "more than one document number", "held")],
)
def test_a_person_reads_it_in_their_language(language: str, told: str, fate: str, tmp_path: Path) -> None:
    """The sentences of the findings, the fate and the names of the fields."""
    run = _read(HELD, *TABLES, folder=tmp_path, language=language)
    assert (run.returncode, run.stderr) == (1, "")
    unwrapped = "".join(run.stdout.split())
    assert "".join(told.split()) in unwrapped
    assert fate in unwrapped
    assert ("title" in run.stdout) == (language == "en")
    assert "[document-number-several]" in unwrapped


def test_a_letter_that_would_be_published_ends_with_0(tmp_path: Path) -> None:
    assert _read(GOOD, *TABLES, folder=tmp_path).returncode == 0


def test_without_trust_anchors_nothing_would_be_published(tmp_path: Path) -> None:
    run = _read(GOOD, *TABLES[2:], "--json", folder=tmp_path)
    assert run.returncode == 1
    assert json.loads(run.stdout)["signature"]["status"] == "untrusted"


def test_a_file_that_is_not_there_is_told_apart_and_the_others_are_read(tmp_path: Path) -> None:
    run = _read(tmp_path / "none.pdf", tmp_path, GOOD, *TABLES, "--json", folder=tmp_path, language="en")
    assert run.returncode == 1
    assert [json.loads(line)["file"] for line in run.stdout.splitlines()] == [GOOD.name]
    assert run.stderr.count("cannot be opened") == 2
    assert "Traceback" not in run.stderr


def _shown(*words: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        subprocess.run(
            [sys.executable, "-m", "cli.main", "read", *words, *TABLES, "--show-to", str(page)],
            cwd=ROOT,
            env={**os.environ, "FUWEN_LANG": "zh-CN"},
            capture_output=True,
            timeout=120,
            check=False,
        )
        return page.read_text(encoding="utf-8")


def test_a_person_sees_where_each_value_was_read() -> None:
    """Each field of the record has its box on the drawn page and its row beside it, with who read it."""
    page = _shown(str(HELD))
    for words in ("发文字号", "枫教函〔2026〕18号", "成文日期", "pdfium + pypdf", "document-number-several"):
        assert words in page
    boxes = re.findall(r'class="box [^"]*" id="([^"]*)"', page)
    rows = re.findall(r'<tr id="([^"]*)"', page)
    assert len(boxes) >= len(rows) >= 14
    assert page.count("data:image/jpeg;base64,") == 2
    for place in re.findall(r'style="left:([\d.-]+)%;top:([\d.-]+)%;width:([\d.]+)%;height:([\d.]+)%"', page):
        left, top, width, height = map(float, place)
        assert 0 <= left <= left + width <= 100
        assert 0 <= top <= top + height <= 100


def test_the_drawn_page_stands_alone() -> None:
    """No script, nothing from anywhere else; what stands in the letter is text, not markup."""
    page = _shown(str(GOOD), str(LETTERS / "19-not-a-pdf.pdf"))
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="(?!data:|#)', page)
    assert "19-not-a-pdf.pdf" in page
    assert "没有可以画出的页面" in page


def test_the_drawn_page_is_only_for_who_asked() -> None:
    """Without a place of its own it goes to a file that nobody else can open, and the command says where."""
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", "read", str(GOOD), *TABLES, "--show", "--json"],
        cwd=ROOT,
        env={**os.environ, "FUWEN_LANG": "zh-CN"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    page = Path(done.stderr.strip().split("：", 1)[1])
    try:
        assert page.stat().st_mode & 0o077 == 0
        assert json.loads(done.stdout)["file"] == GOOD.name
    finally:
        page.unlink()
