"""`python -m benchmarks [--quick] [--json FILE] [--markdown FILE] [PART…]`: measure, and say on what."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.machine import machine
from benchmarks.table import Table

_BEGIN, _END = "<!-- measured: begin -->", "<!-- measured: end -->"


def main() -> int:
    """Print each table as soon as it is measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"of {', '.join(_parts())}; all but search if left out"
    )
    parser.add_argument("--quick", action="store_true", help="fewer rounds: under a minute")
    parser.add_argument("--json", type=Path, metavar="FILE", help="the same for programs")
    parser.add_argument(
        "--markdown", type=Path, metavar="FILE", help="replace what stands between the marks in this document"
    )
    args = parser.parse_args()
    unknown = set(args.parts) - set(_parts())
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    facts = machine()
    print("\n".join(f"{name}: {value}" for name, value in facts.items()), flush=True)
    tables = list(_measured(args.parts or [part for part in _parts() if part != "search"], quick=args.quick))
    if args.json:
        found = {"machine": facts, "tables": [table.as_json() for table in tables]}
        args.json.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if args.markdown:
        _write_between_marks(args.markdown, _markdown(facts, tables))
    return 0


def _parts() -> dict[str, Callable[[bool], Iterator[Table]]]:
    return {
        "reading": _reading,
        "publication": _publication,
        "private-data": _private_data,
        "pipeline": _pipeline,
        "search": _search,
    }


def _measured(parts: list[str], *, quick: bool) -> Iterator[Table]:
    for part in parts:
        for table in _parts()[part](quick):
            print(f"\n{table.as_text()}", flush=True)
            yield table


# Loaded one after the other: what one part imports is no burden on another, and --help is instant.
def _reading(quick: bool) -> Iterator[Table]:  # noqa: FBT001
    from benchmarks.reading import reading_tables

    return reading_tables(quick=quick)


def _publication(quick: bool) -> Iterator[Table]:  # noqa: FBT001
    from benchmarks.publication import publication_tables

    return publication_tables(quick=quick)


def _private_data(quick: bool) -> Iterator[Table]:  # noqa: FBT001
    from benchmarks.private_data import private_data_tables

    return private_data_tables(quick=quick)


def _search(quick: bool) -> Iterator[Table]:  # noqa: FBT001
    from benchmarks.search import search_tables

    return search_tables(quick=quick)


def _pipeline(quick: bool) -> Iterator[Table]:  # noqa: FBT001
    from benchmarks.pipeline import pipeline_tables

    return pipeline_tables(quick=quick)


def _markdown(facts: dict[str, str], tables: list[Table]) -> str:
    lines = ["| | |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in facts.items())]
    return "\n\n".join(["\n".join(lines), *(table.as_markdown() for table in tables)])


def _write_between_marks(path: Path, measured: str) -> None:
    before, begin, rest = path.read_text(encoding="utf-8").partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not (begin and end):
        raise SystemExit(f"{path} has no lines {_BEGIN} and {_END}")
    path.write_text(f"{before}{_BEGIN}\n\n{measured}\n\n{_END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
