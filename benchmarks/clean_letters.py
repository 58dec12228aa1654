"""`python -m benchmarks.clean_letters [PDF…]`: letters that hide nothing must not be held for hiding something.

One letter is set by each program that this machine has (the corpus's typesetters, and AbiWord from the same docx), and
whatever PDFs are named are judged as well. Exit status 0 if none has a finding about hidden content.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from adapters.isolation.reading_limits import ReadingLimits
from adapters.pdf.trust import TrustAnchors
from adapters.record.original import read_original
from benchmarks.corpus.layout import plan_layout
from benchmarks.corpus.letter import write_letter
from benchmarks.corpus.make import TOOLS
from benchmarks.corpus.typesetters import Order, faces, typeset, typesetters
from benchmarks.corpus.word_file import letter_docx
from benchmarks.table import Table
from config.rules import load_rules
from domain.gate.lifting import CONCERNS, Concern
from domain.gate.review import draft, review

_NOW, _TODAY = datetime(2026, 12, 31, tzinfo=UTC), date(2026, 12, 31)


def main() -> int:
    """Set, judge, say."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.clean_letters", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="PDF")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fuwen-clean-") as folder:
        rows = [(name, path.name, ", ".join(_hidden(path)) or "-") for name, path in _letters(Path(folder), args.files)]
    columns = ("program", "file", "findings about hidden content")
    print(Table("clean_letters", "Letters that hide nothing", columns, rows).as_text())
    return 0 if all(found == "-" for _, _, found in rows) else 1


def _letters(folder: Path, files: list[Path]) -> Iterator[tuple[str, Path]]:
    for name, program in typesetters(TOOLS).items():
        if program.missing:
            print(f"{name} is left out: {program.missing}", file=sys.stderr)
            continue
        target = folder / f"{name}.pdf"
        typeset(name, [Order(write_letter("clean-0000"), plan_layout("clean-0000", faces(name)), target)], TOOLS)
        yield name, target
    if shutil.which("abiword"):
        source = folder / "abiword.docx"
        source.write_bytes(letter_docx(write_letter("clean-0000"), plan_layout("clean-0000", faces("libreoffice"))))
        subprocess.run(["abiword", "--to=pdf", str(source)], check=True, capture_output=True, timeout=300)
        yield "abiword", source.with_suffix(".pdf")
    for path in files:
        yield "given", path


def _hidden(path: Path) -> list[str]:
    rules = load_rules()
    evidence = read_original(path.read_bytes(), TrustAnchors(), ReadingLimits(), _NOW)
    decided = review(evidence, draft(evidence.raw, rules), rules, _TODAY)
    of_concern = (one for one in decided.findings if CONCERNS.get(one.code) is Concern.HIDDEN_CONTENT)
    return [f"{one.code} {dict(one.details)}" for one in of_concern]


if __name__ == "__main__":
    sys.exit(main())
