"""`fuwen review`: what waits for a person, and the person's decision, without Prefect."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cli.speech import Language, say, words

if TYPE_CHECKING:
    from adapters.record.vault import Vault
    from domain.gate.review_sheet import ReviewSheet

_FIELDS = {
    "--kind": "kind",
    "--title": "title",
    "--document-number": "document_number",
    "--authority": "issuing_authority",
    "--addressees": "addressees",
    "--date-of-issue": "date_of_issue",
    "--body": "submission_body",
    "--term": "submission_term",
    "--session": "submission_session",
    "--numbers": "submission_numbers",
    "--result": "handling_result",
}
_VERDICTS = {
    "--publish": ("publish", "公开（按原件）", "publish it as it was received"),
    "--masked": ("publish-masked", "遮盖后公开，不公开原件", "publish a masked rendition, not the original"),
    "--reject": ("reject", "不予公开，原件留库", "keep it private"),
    "--send-back": ("send-back", "退回重报", "send it back to the issuing office"),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare them."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="list|show|decide")
    described = {
        "list": words("列出待审的文件", "list what waits for a person"),
        "show": words("看一份待审的文件", "show one of them"),
        "decide": words("作出决定", "decide about one of them"),
    }
    listing, showing, deciding = (
        actions.add_parser(name, help=told, description=told) for name, told in described.items()
    )
    listing.add_argument("--json", action="store_true", help=words("每行一个 JSON 对象", "one JSON object a line"))
    for each in (showing, deciding):
        each.add_argument("document", metavar="ID", help=words("编号，可只写开头几位", "its id, or how that begins"))
        each.add_argument("--json", action="store_true", help=words("JSON 输出", "print JSON"))
    verdict = deciding.add_mutually_exclusive_group(required=True)
    for flag, (value, zh, en) in _VERDICTS.items():
        verdict.add_argument(flag, dest="decision", action="store_const", const=value, help=words(zh, en))
    deciding.add_argument("--reason", required=True, metavar="TEXT", help=words("理由", "the reason"))
    deciding.add_argument("--name", required=True, dest="reviewer", help=words("审核人姓名", "the reviewer's name"))
    from domain.gate.answer import FIELD_NAMES

    for flag, field in _FIELDS.items():
        zh, en = FIELD_NAMES[field]
        help_text = words(f"更正读错的“{zh}”", f"correct the {en} that was misread")
        deciding.add_argument(flag, dest=field, metavar="TEXT", help=help_text)


def run(args: argparse.Namespace) -> int:
    """Do it; 1 if there is no such document or the decision cannot be carried out."""
    from adapters.record.vault import Vault
    from cli.running import settings_here
    from tasks.premises import bucket, proven_bucket

    # What is only looked at needs no proof of how the store writes.
    opened = proven_bucket if args.action == "decide" else bucket
    vault = Vault(opened(settings_here(), "vault"))
    if args.action == "list":
        return _list(vault, as_json=args.json)
    sheet = _find(vault, args.document)
    if sheet is None:
        return 1
    return _show(sheet, as_json=args.json) if args.action == "show" else _decide(vault, sheet, args)


# --- looking ------------------------------------------------------------------------------------------------------


def _list(vault: Vault, *, as_json: bool) -> int:
    sheets = [sheet for document_id in vault.held_documents() if (sheet := vault.sheet(document_id))]
    sheets.sort(key=lambda sheet: (sheet.due or "9999", sheet.document_id))
    for sheet in sheets:
        if as_json:
            sys.stdout.write(json.dumps(_as_json(sheet), ensure_ascii=False) + "\n")
        else:
            codes = " ".join(dict.fromkeys(each.code for each in sheet.findings if each.grade != "warn"))
            second = words("  待第二人", "  second person") if sheet.lacks_second_person else ""
            print(f"{sheet.document_id[:12]}  {_due(sheet):<24}  {sheet.file}  {codes}{second}")
    if not sheets and not as_json:
        say("没有待审的文件。", "Nothing waits for a person.")
    return 0


def _find(vault: Vault, beginning: str) -> ReviewSheet | None:
    found = [document_id for document_id in vault.held_documents() if document_id.startswith(beginning)]
    if len(found) == 1:
        return vault.sheet(found[0])
    if found:
        say(
            f"有 {len(found)} 份文件的编号以 {beginning} 开头。",
            f"{len(found)} ids begin with {beginning}.",
            error=True,
        )
    else:
        say(f"没有编号为 {beginning} 的待审文件。", f"No document {beginning} waits for a person.", error=True)
    return None


def _show(sheet: ReviewSheet, *, as_json: bool) -> int:
    if as_json:
        sys.stdout.write(json.dumps(_as_json(sheet), ensure_ascii=False) + "\n")
    else:
        print("\n".join(_lines(sheet)))
    return 0


def _lines(sheet: ReviewSheet) -> Iterator[str]:
    from domain.gate.answer import FIELD_NAMES

    english = Language.of_environment() is Language.ENGLISH
    yield f"{sheet.document_id}  {sheet.file}"
    yield f"SHA-256  {sheet.sha256}"
    if sheet.due:
        yield _due(sheet)
    if sheet.disclosure:
        yield words(f"公开属性  {sheet.disclosure}", f"disclosure  {sheet.disclosure}")
    if sheet.two_for:
        yield words("须两人作出同一决定", "two persons must decide the same")
    for each in sheet.findings:
        yield f"  [{each.grade}] {each.en if english else each.zh} {each.code}"
    for before in sheet.decisions:
        yield f"  {before.decided_at}  {before.reviewer}  {before.verdict}  {before.reason}"
    for name, value in sheet.fields.items():
        yield f"  {FIELD_NAMES[name][english]}: {value}"


def _due(sheet: ReviewSheet) -> str:
    if sheet.due is None or sheet.days_left is None:
        return words("期限不明", "due date unknown")
    if sheet.days_left < 0:
        return words(f"{sheet.due} 逾期{-sheet.days_left}个工作日", f"{sheet.due} {-sheet.days_left} working days late")
    return words(f"{sheet.due} 剩{sheet.days_left}个工作日", f"{sheet.due} {sheet.days_left} working days left")


def _as_json(sheet: ReviewSheet) -> dict[str, Any]:
    from domain.evidence_json import to_plain

    plain: dict[str, Any] = to_plain(sheet)
    return {name: plain[name] for name in plain if name not in {"seen", "as_read", "pictures"}} | {"file": sheet.file}


# --- deciding -----------------------------------------------------------------------------------------------------


def _decide(vault: Vault, sheet: ReviewSheet, args: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from domain.gate.answer import read_answer
    from domain.gate.decision import Decision
    from domain.object_version import utc_text

    asked = ("decision", "reason", "reviewer", *_FIELDS.values())
    answer = {name: getattr(args, name) for name in asked if getattr(args, name) is not None}
    decided = read_answer(answer, sheet, utc_text(datetime.now(UTC)))
    if not isinstance(decided, Decision):
        for complaint in decided:
            say(complaint.zh, complaint.en, error=True)
        return 1
    number = vault.decide(decided, sheet.document_id)
    if args.json:
        made = {"document_id": sheet.document_id, "decision": decided.verdict.value, "number": number}
        sys.stdout.write(json.dumps(made) + "\n")
    else:
        say(
            f"决定已存入保管库（第 {number} 个）；正在运行的复文会在下一次清点收件箱时办理。",
            f"The decision is in the vault (number {number}); a running Fuwen carries it out at its next sweep.",
        )
    return 0
