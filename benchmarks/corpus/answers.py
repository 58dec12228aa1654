"""What each reader said of each letter, kept on disk: a measurement that broke off goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.corpus.make import ROOT, Piece

FOLDER = ROOT / "results" / "answers"


class Answers:
    """Of one reader. An answer counts for the letter's very bytes and for the reader's very code."""

    def __init__(self, reader: str, code: Iterable[Path], folder: Path = FOLDER, *, again: bool = False) -> None:
        """`code` are the files that the reader consists of; `again` forgets what it has said so far."""
        digest = hashlib.sha256()
        for path in sorted(code):
            digest.update(path.read_bytes())
        self._code = digest.hexdigest()[:16]
        self._path = folder / f"{reader}.jsonl"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if again:
            self._path.unlink(missing_ok=True)
        lines = self._path.read_text(encoding="utf-8").splitlines() if self._path.exists() else []
        self._known: dict[str, dict[str, Any]] = dict(map(json.loads, lines))

    def of(self, piece: Piece) -> dict[str, Any] | None:
        """The answer, if there is one."""
        return self._known.get(self._key(piece))

    def add(self, piece: Piece, answer: dict[str, Any]) -> None:
        """Keep an answer."""
        key = self._key(piece)
        self._known[key] = answer
        with self._path.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps([key, answer], ensure_ascii=False) + "\n")

    def _key(self, piece: Piece) -> str:
        return f"{piece.seed} {hashlib.sha256(piece.pdf.read_bytes()).hexdigest()[:16]} {self._code}"
