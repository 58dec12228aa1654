"""`fuwen read FILE…`: a dry run without any store. Nothing is written but the page that `--show` asks for."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from cli.speech import Language, say, words
from cli.system_reason import system_reason

if TYPE_CHECKING:
    from rich.table import Table

    from adapters.isolation.reader_pool import ReaderPool
    from adapters.pdf.page_pictures import PagePicture
    from domain.gate.rules import Rules

_CHINA = ZoneInfo("Asia/Shanghai")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare them."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help=words("PDF 文件", "a PDF file"))
    parser.add_argument("--json", action="store_true", help=words("每行一个 JSON 对象", "one JSON object a line"))
    parser.add_argument(
        "--show",
        action="store_true",
        help=words(
            "画出各页和读到字段的位置，写成一个网页", "draw the pages and where each field was read, as an HTML file"
        ),
    )
    parser.add_argument(
        "--show-to", type=Path, metavar="HTML", help=words("同上，写到这个文件", "the same, written to this file")
    )
    parser.add_argument(
        "--trust-anchors", type=Path, metavar="DIR", help=words("信任锚目录", "folder of trusted certificates")
    )
    parser.add_argument("--crls", type=Path, metavar="DIR", help=words("吊销列表目录", "folder of revocation lists"))
    parser.add_argument("--config", type=Path, metavar="DIR", help=words("规则表目录", "folder of the office's tables"))


def run(args: argparse.Namespace) -> int:
    """Read each file; 0 if every one would be published, 1 if not or if one could not be opened."""
    from adapters.isolation.reader_process import ReaderProcess

    started = ReaderProcess()  # its parsers load while we load everything else
    from adapters.isolation.reader_pool import ReaderPool
    from config.rules import load_rules
    from config.settings import Settings
    from tasks.reading_bounds import reading_limits, trust_anchors

    settings = Settings()
    trust = trust_anchors(settings, args.trust_anchors, args.crls)
    with ReaderPool(1, reading_limits(settings), trust, started) as pool:
        rules = load_rules(args.config or settings.config_dir)
        records = [_read(path, pool, rules, as_json=args.json) for path in args.files]
        if args.show or args.show_to:
            drawn = [
                (record, _pictures(path, pool)) for path, record in zip(args.files, records, strict=True) if record
            ]
            _write_page(drawn, args.show_to)
    return 0 if all(record is not None and record["fate"] == "publish" for record in records) else 1


def _pictures(path: Path, pool: ReaderPool) -> Sequence[PagePicture]:
    """The pages, drawn; none where they cannot be drawn, which the page then says."""
    from adapters.isolation.reader_pool import PreviewUnavailableError

    try:
        return pool.pictures(path)
    except (OSError, PreviewUnavailableError):
        return ()


def _write_page(drawn: Sequence[tuple[dict[str, Any], Sequence[PagePicture]]], target: Path | None) -> None:
    from adapters.pdf.evidence_page import evidence_page

    if target is None:
        # Only this person can open it: the letter may be one that is not public.
        handle, name = tempfile.mkstemp(prefix="fuwen-", suffix=".html")
        os.close(handle)
        target = Path(name)
    target.write_text(evidence_page(drawn, Language.of_environment().value), encoding="utf-8")
    say(f"已画出：{target}", f"Drawn: {target}", error=True)


def _read(path: Path, pool: ReaderPool, rules: Rules, *, as_json: bool) -> dict[str, Any] | None:
    """The record of one file, shown or printed; None where it cannot be opened."""
    from domain.gate.review import draft, review
    from domain.record import read_record

    now = datetime.now(UTC)
    try:
        evidence = pool.read(path, now)
    except OSError as error:
        reason = system_reason(error)
        say(f"{path}：打不开（{reason}）。", f"{path} cannot be opened ({reason}).", error=True)
        return None
    drafted = draft(evidence.raw, rules)
    decided = review(evidence, drafted, rules, now.astimezone(_CHINA).date())
    record = read_record(path.name, evidence, drafted, decided, Language.of_environment())
    if as_json:
        sys.stdout.write(json.dumps(record, ensure_ascii=False, separators=(", ", ": ")) + "\n")
        sys.stdout.flush()
    else:
        _show(record)
    return record


_FATES = {
    "publish": ("可以公开", "would be published"),
    "hold": ("搁置，由人决定", "would be held for a person"),
    "reject": ("退回，不予公开", "would be rejected"),
}
_GRADES = {
    "reject": ("退回", "reject", "red"),
    "hold": ("搁置", "hold", "yellow"),
    "warn": ("提醒", "warning", "cyan"),
}


def _show(record: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    colour = {"publish": "green", "hold": "yellow", "reject": "red"}[record["fate"]]
    console.print(Text.assemble((record["file"], "bold"), "  ", (words(*_FATES[record["fate"]]), f"bold {colour}")))
    fields = _columns(Table(show_header=False, box=None, padding=(0, 2, 0, 2)))
    for name, value in _fields(record):
        fields.add_row(Text(name, style="dim"), Text(value))
    console.print(fields)
    reasons = _columns(Table(show_header=False, box=None, padding=(0, 2, 0, 2)))
    for finding in record["findings"]:
        zh, en, style = _GRADES[finding["grade"]]
        reasons.add_row(Text(words(zh, en), style=style), Text(f"{finding['message']} [{finding['code']}]"))
    console.print(reasons)
    console.print()


def _columns(table: Table) -> Table:
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")  # Chinese has no spaces to wrap at
    return table


def _fields(record: dict[str, Any]) -> list[tuple[str, str]]:
    reply, submission = record["reply"], record["reply"]["submission"] or {}
    result, disclosure = reply["handling_result"] or {}, reply["disclosure"] or {}
    numbers = "、".join(submission.get("numbers", ()))
    rows = [
        (words("标题", "title"), reply["title"]),
        (words("发文字号", "document number"), reply["document_number"]),
        (words("发文机关", "issuing authority"), reply["issuing_authority"]),
        (words("主送", "addressees"), "、".join(reply["addressees"])),
        (words("建议提案", "submission"), f"{submission.get('body') or ''} {numbers}".strip()),
        (words("办理结果", "handling result"), result.get("raw")),
        (words("公开属性", "disclosure"), disclosure.get("raw")),
        (words("成文日期", "date of issue"), reply["date_of_issue"]),
        (words("签名", "signature"), record["signature"]["detail"]),
        (words("篇幅", "size"), words(f"{record['pages']} 页", f"{record['pages']} pages") if record["pages"] else ""),
    ]
    return [(name, value or words("（未读到）", "(not found)")) for name, value in rows]
