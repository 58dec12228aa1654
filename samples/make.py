"""Makes the samples: `python -m samples.make` writes samples/letters and samples/expected.json.

The same sources give the same bytes. Nothing but the Python packages of the development environment is needed.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from samples.page import unsigned_pdf
from samples.scanning import FAX, OFFICE, scanned
from samples.signing import replace_page, sign
from samples.specimens import Expected, Specimen, Treatment, specimens

SAMPLES = Path(__file__).parent
LETTERS = SAMPLES / "letters"
EXPECTED = SAMPLES / "expected.json"
_SCANNERS = {Treatment.SCANNED: OFFICE, Treatment.FAXED: FAX}
_PASSWORD = "fuwen-sample"
_NOT_A_PDF = "这是一份从聊天窗口里复制出来的文字，被改名成了 .pdf。\n对提案的答复正文请见附件。\n"


def _typeset(specimen: Specimen) -> bytes:
    if specimen.letter is None:
        raise ValueError(f"{specimen.expected.file} has no letter")
    password = _PASSWORD if specimen.treatment is Treatment.ENCRYPTED else ""
    pdf = unsigned_pdf(specimen.letter, password=password)
    scanner = _SCANNERS.get(specimen.treatment)
    return scanned(pdf, scanner) if scanner else pdf


def _signed(specimen: Specimen) -> bytes:
    if specimen.signed_at is None:
        raise ValueError(f"{specimen.expected.file} has no time of signature")
    return sign(_typeset(specimen), specimen.signer, specimen.signed_at, pades=specimen.pades)


def _modified(specimen: Specimen) -> bytes:
    if specimen.tampered is None:
        raise ValueError(f"{specimen.expected.file} does not say what was exchanged")
    return replace_page(_signed(specimen), unsigned_pdf(specimen.tampered), page=1)


def pdf_of_specimen(specimen: Specimen) -> bytes:
    """The bytes that are dropped in the inbox."""
    match specimen.treatment:
        case Treatment.UNSIGNED | Treatment.ENCRYPTED:
            return _typeset(specimen)
        case Treatment.MODIFIED:
            return _modified(specimen)
        case Treatment.TRUNCATED:
            whole = _signed(specimen)
            return whole[: len(whole) * 2 // 5]
        case Treatment.NOT_A_PDF:
            return _NOT_A_PDF.encode()
        case Treatment.EMPTY:
            return b""
        case _:
            return _signed(specimen)


def expected_json(expected: list[Expected]) -> str:
    """The text of expected.json."""
    return json.dumps([asdict(each) for each in expected], ensure_ascii=False, indent=2) + "\n"


def main() -> None:
    """Write every file and remove what is no longer made."""
    LETTERS.mkdir(exist_ok=True)
    every = specimens()
    made = set()
    for specimen in every:
        if specimen.treatment is not Treatment.AGAIN:
            path = LETTERS / specimen.expected.file
            path.write_bytes(pdf_of_specimen(specimen))
            made.add(path)
            sys.stdout.write(f"{path.name} {path.stat().st_size} bytes\n")
    for stale in set(LETTERS.iterdir()) - made:
        stale.unlink()
    EXPECTED.write_text(expected_json([each.expected for each in every]), encoding="utf-8")


if __name__ == "__main__":
    main()
