"""A TOML table that an operator wrote, and plain words about the line that is wrong."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn


class RulesError(Exception):
    """A table cannot be used. The message names file and line and says what is wrong, in both languages at once."""


@dataclass(frozen=True, slots=True)
class TableFile:
    """One file and what it holds."""

    path: Path
    text: str
    data: Mapping[str, Any]

    @classmethod
    def read(cls, path: Path) -> TableFile:
        """Read a file. Raises RulesError if it is no UTF-8 or no TOML."""
        try:
            text = path.read_text(encoding="utf-8")
            return cls(path, text, tomllib.loads(text))
        except UnicodeDecodeError as error:
            raise RulesError(f"{path}: 不是 UTF-8 编码 (not UTF-8)") from error
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"line ([0-9]+)", str(error))
            where = f"{path}:{line[1]}" if line else str(path)
            raise RulesError(f"{where}: 不是有效的 TOML ({error})") from error

    def row(self) -> Row:
        """The keys at the top of the file."""
        return Row(self, 1, {key: value for key, value in self.data.items() if not isinstance(value, dict)})

    def rows(self, name: str) -> Iterator[Row]:
        """Each `[[name]]`. Raises RulesError if it is written otherwise."""
        rows = self.data.get(name, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise RulesError(f"{self.path}:{self._line(name)}: 应写作 [[{name}]] (must be [[{name}]])")
        headers = [number for number, line in self._lines() if re.match(rf"\s*\[\[\s*{name}\s*\]\]", line)]
        for index, row in enumerate(rows):
            yield Row(self, headers[index] if index < len(headers) else 1, row)

    def table(self, name: str) -> Row:
        """The keys under `[name]`; none if there is no such table. Raises RulesError if it is no table."""
        table = self.data.get(name, {})
        line = self._line(name)
        if not isinstance(table, dict):
            raise RulesError(f"{self.path}:{line}: 应写作 [{name}] (must be a table)")
        return Row(self, line, table)

    def only(self, *names: str) -> None:
        """Raises RulesError for a name that nobody reads: a typing error must not go unnoticed."""
        for name in self.data:
            if name not in names:
                raise RulesError(f"{self.path}:{self._line(name)}: 不认识“{name}” (unknown name)")

    def _lines(self) -> Iterator[tuple[int, str]]:
        return enumerate(self.text.splitlines(), 1)

    def _line(self, name: str) -> int:
        wanted = re.compile(rf"\s*\[*\s*[\"']?{re.escape(name)}")
        return next((number for number, line in self._lines() if wanted.match(line)), 1)


@dataclass(frozen=True, slots=True)
class Row:
    """The keys of one table, each asked for by the kind of value that it must have."""

    file: TableFile
    line: int
    """Where the table begins, the first line is 1."""
    data: Mapping[str, Any]

    def wrong(self, key: str, reason: str) -> NoReturn:
        """Raises RulesError for the line of this key."""
        raise RulesError(f"{self.file.path}:{self._line_of(key)}: {reason}")

    def only(self, *keys: str) -> None:
        """Raises RulesError for a key that nobody reads."""
        for key in self.data:
            if key not in keys:
                self.wrong(key, f"不认识“{key}” (unknown key)")

    def text(self, key: str, default: str | None = None) -> str:
        """A string. Raises RulesError if it is missing without a default, empty, or something else."""
        value = self.data.get(key, default)
        if not isinstance(value, str) or not value:
            self.wrong(key, f"“{key}”应是非空文字 (must be a non-empty string)")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings, empty if missing. Raises RulesError if it is something else."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
            self.wrong(key, f"“{key}”应是文字列表 (must be a list of strings)")
        return tuple(value)

    def number(self, key: str, default: float) -> float:
        """A number. Raises RulesError if it is something else."""
        value = self.data.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong(key, f"“{key}”应是数字 (must be a number)")
        return value

    def _line_of(self, key: str) -> int:
        wanted = re.compile(rf'\s*["\']?{re.escape(key)}["\']?\s*=')
        lines = self.file.text.splitlines()
        for number in range(self.line, len(lines)):
            if wanted.match(lines[number]):
                return number + 1
            if lines[number].lstrip().startswith("["):
                break
        if self.line <= len(lines) and wanted.match(lines[self.line - 1]):
            return self.line
        return self.line
