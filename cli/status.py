"""`fuwen status`: how many documents met which fate, and whether all of them did."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from cli.speech import words

if TYPE_CHECKING:
    from adapters.record.vault import Vault
    from domain.gate.rules import Rules

_CHINA = ZoneInfo("Asia/Shanghai")
_NAMES = {
    "received": ("收到", "received"),
    "published": ("已公开", "published"),
    "unchanged": ("未变", "unchanged"),
    "held": ("搁置", "held"),
    "rejected": ("退回", "rejected"),
    "open": ("办理中", "on the way"),
    "lost": ("下落不明", "unaccounted for"),
    "decided": ("其中由人决定", "of these decided by a person"),
    "overdue": ("搁置且已逾期", "held and overdue"),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare them."""
    parser.add_argument("--json", action="store_true", help=words("JSON 输出", "print JSON"))
    parser.add_argument(
        "--day",
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help=words("只看某一天（北京时间）收到的", "only what was received on that day, Asia/Shanghai"),
    )


def run(args: argparse.Namespace) -> int:
    """Print the counts; 1 if a document is unaccounted for."""
    from adapters.record.vault import Vault
    from cli.running import settings_here
    from config.rules import load_rules
    from tasks.premises import bucket

    settings = settings_here()
    vault = Vault(bucket(settings, "vault"))
    today = datetime.now(UTC).astimezone(_CHINA).date()
    counted = vault.counts_of(args.day) if args.day else vault.counts(today)
    counts: dict[str, Any] = dict(counted.as_json())
    counts["overdue"] = sum(
        args.day is None or _day_of(vault, document_id) == args.day
        for document_id in _overdue(vault, load_rules(settings.config_dir), today)
    )
    if args.json:
        sys.stdout.write(json.dumps(counts | {"balanced": counted.balanced}) + "\n")
    else:
        for name, number in counts.items():
            print(f"{number:>8}  {words(*_NAMES[name])}")
    return 0 if counted.balanced else 1


def _day_of(vault: Vault, document_id: str) -> date | None:
    receipt = vault.receipt(document_id)
    return receipt.day if receipt else None


def _overdue(vault: Vault, rules: Rules, today: date) -> Iterator[str]:
    """Held documents that should have been public by now: 20 working days from the date of issue."""
    for document_id in vault.held_documents():
        sheet = vault.sheet(document_id)
        # Only of a letter that says 主动公开 the sheet shows the fields; no other is ever late.
        issued = sheet.fields.get("date_of_issue") if sheet else None
        if issued and _due(rules, date.fromisoformat(issued)) < today:
            yield document_id


def _due(rules: Rules, issued: date) -> date:
    from domain.gate.working_days import UnknownYearError

    try:
        return rules.calendar.due(issued, rules.publication_days)
    except UnknownYearError:
        # The calendar lacks the year: by the longest that 20 working days can take, holidays at both ends included.
        return issued + timedelta(days=45)
