"""A document can cost itself and nothing else: not the pool, not the machine, not another document."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pypdf import PageObject, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, PdfObject, StreamObject
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from adapters.isolation.reader_pool import PreviewUnavailableError, ReaderPool
from adapters.isolation.reading_limits import ReadingLimits
from adapters.pdf.page_pictures import JPEG_START
from adapters.pdf.preview import first_page_jpeg
from adapters.pdf.trust import TrustAnchors, load_trust
from adapters.record.original import read_original
from domain.gate.evidence import Evidence, SignatureStatus
from tests.adapters.signed_pdfs import NOW, Authority, plain_pdf, sign

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
LETTERS = [path for path in sorted((ROOT / "samples" / "letters").glob("*.pdf")) if "scan" not in path.stem]
"""Those with a text layer: pictures of pages are read by another child, which is compared in `test_ocr`."""
LIMITS = ReadingLimits()

linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture(scope="module")
def trust() -> TrustAnchors:
    return load_trust(ROOT / "samples" / "trust")


@pytest.fixture(scope="module")
def pool(trust: TrustAnchors) -> Iterator[ReaderPool]:
    with ReaderPool(2, LIMITS, trust) as pool:
        yield pool


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    return _file(tmp_path, plain_pdf())


def _file(folder: Path, data: bytes) -> Path:
    path = folder / "letter.pdf"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.stem)
def test_a_child_learns_what_is_learned_in_process(pool: ReaderPool, trust: TrustAnchors, path: Path) -> None:
    """Nothing that reading needs is out of a confined child's reach: not a module, not a table, not a font."""
    now = datetime(2026, 7, 1, tzinfo=UTC)
    assert pool.read(path, now) == read_original(path.read_bytes(), trust, LIMITS, now)


def test_a_letter_that_does_not_embed_its_fonts_loses_nothing_in_a_child(pool: ReaderPool, tmp_path: Path) -> None:
    """pdfium needs the system's fonts to tell two equal lines from one line drawn twice."""
    path = _file(tmp_path, _without_fonts("感谢您对本区教育工作的关心与支持。", lines=12))
    now = datetime(2026, 7, 1, tzinfo=UTC)
    assert pool.read(path, now) == read_original(path.read_bytes(), TrustAnchors(), LIMITS, now)
    assert pool.preview(path) == first_page_jpeg(path.read_bytes(), LIMITS)


def test_trust_anchors_that_were_renewed_count_from_the_next_document_on(trust: TrustAnchors) -> None:
    path = ROOT / "samples" / "letters" / "01-yanxi-153062.pdf"
    with ReaderPool(1, LIMITS, TrustAnchors(), renewed=iter((None, trust)).__next__) as pool:
        verdicts = [pool.read(path, NOW).signature.status for _ in range(2)]
    assert verdicts == [SignatureStatus.UNTRUSTED, SignatureStatus.VALID]


def test_a_letter_with_compressed_tables_needs_no_further_module(pool: ReaderPool, tmp_path: Path) -> None:
    """pyHanko loads its filters when it first meets a compressed stream, as every letter of newer programs has."""
    target = io.BytesIO()
    source = PdfFileReader(io.BytesIO(plain_pdf()))
    copy_into_new_writer(source, writer_kwargs={"stream_xrefs": True}).write(target)  # type: ignore[no-untyped-call]
    assert b"/XRef" in target.getvalue()
    assert "reading-bounds-exceeded" not in _codes(pool.read(_file(tmp_path, target.getvalue())))


def test_a_signature_is_judged_as_of_the_given_time(tmp_path: Path) -> None:
    authority = Authority()
    path = _file(tmp_path, sign(plain_pdf(), authority.issue()))
    with ReaderPool(1, LIMITS, authority.trust) as pool:
        assert pool.read(path, NOW).signature.status is SignatureStatus.VALID
        assert pool.read(path, NOW.replace(year=2099)).signature.status is SignatureStatus.UNTRUSTED


def test_the_orchestrating_process_imports_no_parser() -> None:
    code = "import sys, adapters.isolation.reader_pool; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert not {"pypdf", "pypdfium2", "pyhanko", "PIL", "asn1crypto"} & set(modules.split())


def test_many_threads_get_each_their_own_answer(pool: ReaderPool) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(pool.read, LETTERS * 2))
    assert [answer.sha256 for answer in answers] == [pool.read(path).sha256 for path in LETTERS] * 2


@linux
def test_a_child_cannot_open_connect_start_or_grow(pool: ReaderPool) -> None:
    assert pool.confinement().complete, pool.confinement()


class TestBounds:
    """Each bound ends one document, says so, and the next document is read as if nothing had been."""

    @pytest.mark.parametrize(
        "tight",
        [
            replace(LIMITS, total_seconds=0.02),
            replace(LIMITS, stall_seconds=0.02),
            replace(LIMITS, memory_bytes=64 * 1024 * 1024),
            replace(LIMITS, result_bytes=100),
        ],
        ids=["time", "silence", "memory", "result"],
    )
    def test_a_document_beyond_it_is_held(self, tmp_path: Path, tight: ReadingLimits) -> None:
        path = _file(tmp_path, plain_pdf(150))
        with ReaderPool(1, tight, TrustAnchors()) as pool:
            evidence = pool.read(path)
        assert _codes(evidence) == ["reading-bounds-exceeded"]
        assert evidence.signature.status is SignatureStatus.INDETERMINATE
        assert (evidence.size_bytes, evidence.pages) == (path.stat().st_size, 0)

    def test_processor_time_is_bounded_and_the_next_document_is_read(self, tmp_path: Path, letter: Path) -> None:
        busy = tmp_path / "busy.pdf"
        busy.write_bytes(_nested_forms())
        with ReaderPool(1, replace(LIMITS, cpu_seconds=1), TrustAnchors()) as pool:
            for _ in range(2):
                with pytest.raises(PreviewUnavailableError, match="CPU"):
                    pool.preview(busy)
                assert pool.read(letter).pages == 1

    def test_a_file_beyond_the_size_limit_is_not_even_opened(self, tmp_path: Path) -> None:
        with ReaderPool(1, replace(LIMITS, max_bytes=10), TrustAnchors()) as pool:
            assert _codes(pool.read(_file(tmp_path, plain_pdf()))) == ["file-too-large"]


class TestPreview:
    """The first page as a picture, or a plain no."""

    def test_a_letter_has_a_picture(self, pool: ReaderPool, letter: Path) -> None:
        picture = pool.preview(letter)
        assert picture.startswith(JPEG_START)

    def test_the_same_letter_has_the_same_picture(self, pool: ReaderPool, letter: Path) -> None:
        assert pool.preview(letter) == pool.preview(letter)

    def test_what_is_no_pdf_has_none(self, pool: ReaderPool, tmp_path: Path) -> None:
        with pytest.raises(PreviewUnavailableError):
            pool.preview(_file(tmp_path, b"text"))


@linux
class TestProcesses:
    """Processes come back when they are needed and go when nobody needs them."""

    def test_a_zygote_that_was_killed_is_replaced(self, letter: Path) -> None:
        others = _children(os.getpid())
        with ReaderPool(1, LIMITS, TrustAnchors()) as pool:
            assert pool.read(letter).pages == 1
            [zygote] = _children(os.getpid()) - others
            os.kill(zygote, signal.SIGKILL)
            assert pool.read(letter).pages == 1
            [another] = _children(os.getpid()) - others
            assert another != zygote

    def test_closing_leaves_no_process(self, letter: Path) -> None:
        others = _children(os.getpid())
        pool = ReaderPool(2, LIMITS, TrustAnchors())
        pool.read(letter)
        assert len(_children(os.getpid()) - others) == 2
        pool.close()
        assert _children(os.getpid()) == others

    def test_a_pool_that_is_killed_leaves_no_process(self, tmp_path: Path) -> None:
        """Neither the zygote nor the child that is in the middle of a document."""
        busy = _file(tmp_path, _nested_forms())
        code = (
            "import sys; from pathlib import Path\n"
            "from adapters.isolation.reader_pool import ReaderPool, ReadingLimits, TrustAnchors\n"
            f"ReaderPool(1, ReadingLimits(), TrustAnchors()).preview(Path({str(busy)!r}))"
        )
        owner = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
        try:
            [zygote] = _eventually(lambda: _children(owner.pid))
            [child] = _eventually(lambda: _busy_children(zygote))
        finally:
            owner.kill()
            owner.wait()
        _eventually(lambda: not _is_running(zygote) and not _is_running(child))


def _codes(evidence: Evidence) -> list[str]:
    return [finding.code for finding in evidence.findings]


def _without_fonts(line: str, lines: int) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    target = io.BytesIO()
    canvas = Canvas(target, invariant=1)
    canvas.setFont("STSong-Light", 16)
    for number in range(lines):
        canvas.drawString(70, 700 - 28 * number, line)
    canvas.save()
    return target.getvalue()


def _nested_forms(depth: int = 24) -> bytes:
    """A page that draws a form that draws a form twice, and so on: 2 to the power of `depth` drawings."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    inner = _form(page, b"0 0 m 9 9 l S", None, writer)
    for _ in range(depth):
        inner = _form(page, b"/X Do /X Do", inner, writer)
    page[NameObject("/Contents")] = _form(page, b"/X Do", inner, writer)
    page[NameObject("/Resources")] = _resources(inner)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _form(page: PageObject, drawing: bytes, inner: PdfObject | None, writer: PdfWriter) -> PdfObject:
    form = StreamObject()
    form.update({NameObject("/Subtype"): NameObject("/Form"), NameObject("/BBox"): page.mediabox})
    form.set_data(drawing)
    if inner is not None:
        form[NameObject("/Resources")] = _resources(inner)
    return writer._add_object(form)


def _resources(form: PdfObject) -> DictionaryObject:
    return DictionaryObject({NameObject("/XObject"): DictionaryObject({NameObject("/X"): form})})


def _eventually(ask: Callable[[], T], seconds: float = 30) -> T:
    deadline = time.monotonic() + seconds
    while not (answer := ask()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)
    return answer


def _stat(pid: str) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ["X", "0"]


def _children(pid: int) -> set[int]:
    found = [entry.name for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return {int(name) for name in found if _stat(name)[0] not in "ZX" and int(_stat(name)[1]) == pid}


def _busy_children(pid: int) -> set[int]:
    """Children that have computed for a while: not the short one that proves the confinement."""
    return {child for child in _children(pid) if sum(int(ticks) for ticks in _stat(str(child))[11:13]) > 30}


def _is_running(pid: int) -> bool:
    return _stat(str(pid))[0] not in "ZX"
