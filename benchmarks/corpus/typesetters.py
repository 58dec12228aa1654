"""The programs that set the letters. Each takes many letters at once, because starting one costs more than a letter."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus.drawn import letter_pdf
from benchmarks.corpus.layout import FACES, Layout
from benchmarks.corpus.letter import Letter
from benchmarks.corpus.web_page import letter_html
from benchmarks.corpus.word_file import letter_docx

_SECONDS_PER_LETTER = 60
_AT_ONCE = 40
_WEASYPRINT = """
import json, sys, weasyprint
for source, target in json.load(sys.stdin):
    weasyprint.HTML(filename=source).write_pdf(target)
"""


@dataclass(frozen=True, slots=True)
class Order:
    """One letter to be set."""

    letter: Letter
    layout: Layout
    target: Path
    encoding: str = ""
    html: str = ""
    """Where the letter is set in a way of its own."""


@dataclass(frozen=True, slots=True)
class Typesetter:
    """A program, and whether this machine has it."""

    name: str
    missing: str
    """What to install, in words; empty where it is there."""
    outlines: tuple[str, ...]
    """Kinds of font files that it can use."""


def typesetters(tools: Path) -> dict[str, Typesetter]:
    """Every program by its name; `tools` is the virtual environment of the benchmark."""
    soffice, chromium = shutil.which("soffice"), shutil.which("chromium") or shutil.which("google-chrome")
    every = (
        Typesetter("libreoffice", "" if soffice else "apt install libreoffice-writer-nogui", (".ttf", ".ttc")),
        Typesetter("chromium", "" if chromium else "apt install chromium", (".ttf", ".ttc")),
        Typesetter(
            "weasyprint",
            "" if (tools / "bin" / "python").exists() else "make bench-reading sets it up",
            (".ttf", ".ttc"),
        ),
        Typesetter("reportlab", "", (".ttf", ".ttc")),
    )
    return {each.name: each for each in every}


def faces(typesetter: str) -> tuple[str, ...]:
    """The families that are installed here and that the program can use."""
    there = (name for name, path in FACES.items() if Path(path).exists())
    # ReportLab sets TrueType outlines only, and the Noto faces have others.
    return tuple(name for name in there if typesetter != "reportlab" or not name.startswith("Noto"))


def typeset(name: str, orders: Sequence[Order], tools: Path) -> None:
    """Set every letter. Raises CalledProcessError if the program fails."""
    for start in range(0, len(orders), _AT_ONCE):
        batch = orders[start : start + _AT_ONCE]
        with tempfile.TemporaryDirectory(prefix="fuwen-corpus-") as folder:
            _SET[name](batch, Path(folder), tools)


def _libreoffice(orders: Sequence[Order], folder: Path, _tools: Path) -> None:
    """From docx by way of its own format, where hanging punctuation can be forbidden.

    LibreOffice loses a sign that hangs over the edge of a justified line, on the page as well as in the file.
    """
    sources = _written(orders, folder, "docx")
    drafts = _converted(sources, folder / "drafts", "fodt")
    for draft in drafts:
        text = draft.read_text(encoding="utf-8")
        draft.write_text(text.replace('punctuation-wrap="hanging"', 'punctuation-wrap="simple"'), encoding="utf-8")
    for pdf, order in zip(_converted(drafts, folder / "out", "pdf"), orders, strict=True):
        shutil.move(pdf, order.target)


def _converted(sources: Sequence[Path], folder: Path, kind: str) -> list[Path]:
    profile = f"-env:UserInstallation=file://{folder.parent}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(folder)]
    _run([*command, *map(str, sources)], len(sources))
    return [folder / f"{source.stem}.{kind}" for source in sources]


def _weasyprint(orders: Sequence[Order], folder: Path, tools: Path) -> None:
    sources = _written(orders, folder, "html")
    pairs = [(str(source), str(order.target)) for source, order in zip(sources, orders, strict=True)]
    _run([str(tools / "bin" / "python"), "-c", _WEASYPRINT], len(orders), stdin=json.dumps(pairs))


def _chromium(orders: Sequence[Order], folder: Path, _tools: Path) -> None:
    program = shutil.which("chromium") or "google-chrome"
    for source, order in zip(_written(orders, folder, "html"), orders, strict=True):
        _run(
            [
                program,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                f"--user-data-dir={folder}/profile",
                "--no-pdf-header-footer",
                f"--print-to-pdf={order.target}",
                source.as_uri(),
            ],
            1,
        )


def _reportlab(orders: Sequence[Order], _folder: Path, _tools: Path) -> None:
    for order in orders:
        order.target.write_bytes(letter_pdf(order.letter, order.layout, order.encoding))


_SET = {"libreoffice": _libreoffice, "chromium": _chromium, "weasyprint": _weasyprint, "reportlab": _reportlab}


def _written(orders: Iterable[Order], folder: Path, kind: str) -> list[Path]:
    paths = []
    for number, order in enumerate(orders):
        path = folder / f"{number:03}.{kind}"
        if kind == "docx":
            path.write_bytes(letter_docx(order.letter, order.layout))
        else:
            path.write_text(order.html or letter_html(order.letter, order.layout), encoding="utf-8")
        paths.append(path)
    return paths


def _run(command: Sequence[str], letters: int, stdin: str = "", environment: Mapping[str, str] | None = None) -> None:
    subprocess.run(
        ["nice", "-n", "15", *command],
        input=stdin.encode(),
        check=True,
        capture_output=True,
        timeout=120 + letters * _SECONDS_PER_LETTER,
        env=environment,
    )
