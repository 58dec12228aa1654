"""Make the corpus: `python -m benchmarks.corpus.make --part train --letters 100`.

Lazy: what is there and was made by the same code stays. The train part is what one may look at while the reader is
mended, the test part is what is reported; no seed is in both.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from random import Random

import pypdfium2

from benchmarks.corpus.damage import CONDITIONS, KAI, damage
from benchmarks.corpus.fresh import fresh_letter
from benchmarks.corpus.layout import KAI_FACES, plan_layout
from benchmarks.corpus.letter import Letter, write_letter
from benchmarks.corpus.typesetters import Order, faces, typeset, typesetters

ROOT = Path(__file__).resolve().parents[2] / ".fuwen" / "corpus"
TOOLS = ROOT / "tools"
PARTS = ("train", "test", "fresh")
FRESH = "fresh"
"""Made last, in ways that the rules had not seen."""
_SOURCES = {
    "libreoffice": "word_file.py",
    "chromium": "web_page.py",
    "weasyprint": "web_page.py",
    "reportlab": "drawn.py",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """One letter of the corpus: where it is, and in which state."""

    seed: str
    typesetter: str
    condition: str
    folder: Path

    @property
    def pdf(self) -> Path:
        return self.folder / f"{self.seed}.pdf"

    @property
    def truth(self) -> Path:
        return self.folder / f"{self.seed}.json"


def plan(part: str, letters: int, conditions: Sequence[str] = ("text",)) -> list[Piece]:
    """The letters of a part. A longer plan begins with the shorter one."""
    names = ("weasyprint", "chromium") if part == FRESH else tuple(_SOURCES)
    pieces = []
    for condition in conditions:
        for index in range(letters):
            seed = f"{part}-{condition}-{index:04}"
            typesetter = "reportlab" if condition in CONDITIONS["reportlab"] else names[index % len(names)]
            pieces.append(Piece(seed, typesetter, condition, ROOT / part))
    return pieces


def make(pieces: Sequence[Piece]) -> tuple[list[Piece], list[str]]:
    """Set what is not there yet. The letters that are there, and what is missing on this machine, in words."""
    programs = typesetters(TOOLS)
    skipped, there = [], []
    for name, program in programs.items():
        own = [piece for piece in pieces if piece.typesetter == name]
        if not own:
            continue
        if program.missing or not faces(name):
            what = program.missing or "apt install fonts-noto-cjk fonts-arphic-uming fonts-wqy-zenhei fonts-lxgw-wenkai"
            skipped.append(f"{len(own)} letters of {name} are left out: {what}")
            continue
        old = [piece for piece in own if not _is_current(piece)]
        for piece in old:
            piece.folder.mkdir(parents=True, exist_ok=True)
        orders = {piece: _order(piece) for piece in old}
        typeset(name, list(orders.values()), TOOLS)
        for piece, order in orders.items():
            damage(piece.pdf, piece.condition, Random(f"damage {piece.seed}"))
            _write_truth(piece, order)
        there += own
    return sorted(there, key=lambda piece: piece.seed), skipped


def _order(piece: Piece) -> Order:
    if piece.folder.name == FRESH:
        letter, layout, html = fresh_letter(piece.seed, piece.typesetter)
        return Order(letter, layout, piece.pdf, html=html)
    return Order(
        _writable(write_letter(piece.seed), piece.condition),
        plan_layout(piece.seed, _faces(piece)),
        piece.pdf,
        piece.condition if piece.condition in CONDITIONS["reportlab"] else "",
    )


def _faces(piece: Piece) -> tuple[str, ...]:
    there = faces(piece.typesetter)
    return tuple(face for face in there if face in KAI_FACES) if piece.condition in KAI else there


def _writable(letter: Letter, condition: str) -> Letter:
    """GBK has no small brackets; who writes in it takes the large ones."""
    for unit in letter.units if condition == "gbk" else ():
        unit.text, unit.shown = (text.replace("﹝", "〔").replace("﹞", "〕") for text in (unit.text, unit.shown))
    return letter


def _write_truth(piece: Piece, order: Order) -> None:
    with pypdfium2.PdfDocument(piece.pdf) as document:
        pages = len(document)
    letter, layout = order.letter, order.layout
    numbers = [layout.numbering.format(n=number, m=pages) for number in range(1, pages + 1)] if layout.numbering else []
    truth = {
        "seed": piece.seed,
        "typesetter": piece.typesetter,
        "condition": piece.condition,
        "pages": pages,
        "page_numbers": numbers,
        "running": layout.running,
        "authority": letter.authority,
        "traits": letter.traits,
        "layout": asdict(layout),
        "hold": letter.hold,
        "fields": asdict(letter.fields),
        "units": [asdict(unit) for unit in letter.units],
        "made_by": _code(piece),
    }
    piece.truth.write_text(json.dumps(truth, ensure_ascii=False, indent=1), encoding="utf-8")


def _is_current(piece: Piece) -> bool:
    if not piece.pdf.exists() or not piece.truth.exists():
        return False
    return bool(json.loads(piece.truth.read_text(encoding="utf-8"))["made_by"] == _code(piece))


def _code(piece: Piece) -> str:
    names = ["prose.py", "letter.py", "layout.py", "typesetters.py", _SOURCES[piece.typesetter]]
    if piece.folder.name == FRESH:
        names.append("fresh.py")
    damaged = ("damage.py",) if piece.condition != "text" else ()
    return _digest((*names, *damaged), () if piece.folder.name == FRESH else _faces(piece))


@cache
def _digest(names: tuple[str, ...], faces: tuple[str, ...]) -> str:
    """Of the code, and of the faces that it could choose from."""
    folder = Path(__file__).parent
    code = b"".join((folder / name).read_bytes() for name in names)
    return hashlib.sha256(code + "\n".join(faces).encode()).hexdigest()[:16]


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the letters of the reading benchmark.")
    parser.add_argument("--part", choices=PARTS, default="train")
    parser.add_argument("--letters", type=int, default=100, help="of each condition")
    parser.add_argument("--conditions", default="text", help="separated by commas")
    options = parser.parse_args()
    there, skipped = make(plan(options.part, options.letters, options.conditions.split(",")))
    print(*skipped, f"{len(there)} letters in {ROOT / options.part}", sep="\n")


if __name__ == "__main__":
    main()
