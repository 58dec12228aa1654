"""Reads the sources of the samples: the words of each letter, what was done to the file, and what must become of it."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from samples.letter import Letter

_SAMPLES = Path(__file__).parent
SOURCES = _SAMPLES / "sources"
_INVENTED = _SAMPLES / "authorities.json"


class Treatment(StrEnum):
    """What was done to the file before it was dropped."""

    SIGNED = "signed"
    SCANNED = "scanned"  # printed, sealed, scanned and then signed
    FAXED = "faxed"  # the same, and hardly legible
    UNSIGNED = "unsigned"
    MODIFIED = "modified"  # a page exchanged after the signature
    TRUNCATED = "truncated"
    ENCRYPTED = "encrypted"
    NOT_A_PDF = "not a PDF"
    EMPTY = "empty"
    AGAIN = "again"  # a file of the set, dropped once more


@dataclass(frozen=True, slots=True)
class Expected:
    """One line of expected.json: a file, where it is dropped, and what must become of it."""

    file: str
    drop_key: str
    wave: int
    """What is dropped in wave 2 waits until wave 1 is settled."""
    fate: str
    """published, held, rejected or unchanged."""
    codes: tuple[str, ...]
    """The findings that decide."""
    note: str


@dataclass(frozen=True, slots=True)
class Specimen:
    """One source file."""

    expected: Expected
    treatment: Treatment
    signer: str
    signed_at: datetime | None
    pades: bool
    letter: Letter | None
    tampered: Letter | None
    """For MODIFIED: what the file shows after the exchange."""


@dataclass(frozen=True, slots=True)
class Authority:
    """An invented office, as far as making samples needs to know it; authorities.json says more."""

    name: str
    signer: str


def authorities() -> list[Authority]:
    """The offices of authorities.json, in its order."""
    entries = json.loads(_INVENTED.read_text(encoding="utf-8"))
    return [Authority(entry["name"], entry["signer"]) for entry in entries]


def _letter(values: dict[str, Any]) -> Letter:
    lines = {**values, "body": [line for line in values["body"].splitlines() if line]}
    elements: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in lines.items()}
    return Letter(**elements)


def _tampered(values: dict[str, Any], replacements: dict[str, str]) -> Letter | None:
    if not replacements:
        return None
    body = values["body"]
    for old, new in replacements.items():
        if old not in body:
            raise ValueError(f"nothing to replace: {old}")
        body = body.replace(old, new)
    return _letter({**values, "body": body})


def read_specimen(path: Path) -> Specimen:
    """One source file. Raises KeyError or ValueError if it is not complete."""
    source = tomllib.loads(path.read_text(encoding="utf-8"))
    expected = Expected(
        source["file"],
        source["drop_key"],
        source.get("wave", 1),
        source["fate"],
        tuple(source.get("codes", ())),
        source["note"],
    )
    values = source.get("letter")
    return Specimen(
        expected=expected,
        treatment=Treatment(source["treatment"]),
        signer=source.get("signer", ""),
        signed_at=source.get("signed_at"),
        pades=source.get("pades", False),
        letter=_letter(values) if values else None,
        tampered=_tampered(values, source.get("replace", {})) if values else None,
    )


def specimens() -> list[Specimen]:
    """Every source, by file name."""
    return [read_specimen(path) for path in sorted(SOURCES.glob("*.toml"))]
