"""The one place that spells object keys. ASCII only: some stores turn other characters into something else.

Public keys are the portal's contract (docs/published-objects.md): they never change their meaning.
"""

from __future__ import annotations

import re

SLOTS_PER_PAGE = 64
"""Rows of one catalogue page. Changing it would move every reply to another page."""

_ENTRIES_PER_FOLDER = 1000
_REPLY_ID = re.compile(r"[0-9]{6}-[a-z2-7]{12}")
_SHA256 = re.compile(r"[0-9a-f]{64}")

# --- public bucket ----------------------------------------------------------------------------------------------------

CHECKPOINT = "log/checkpoint"
"""The commit: how far the log has come, signed."""
LOG_APPLIED = "log/applied.json"
LOG_KEYS = "log/keys.json"
LOG_WRITER = "log/writer.json"
LOG_ENTRIES = "log/entries/"
SITE = "site.json"
"""What the office says of its site; written at set-up, and again by a rebuild."""
CATALOGUE = "catalogue/"
PAGES = "r/"
SEARCH = "search/"
ORIGINALS = "digests/"
FEEDS = "feed/"
ACTIVITIES = "feed/activity.json"
ATOM = "feed/replies.atom"
MONTHS = "feed/monthly.json"
DATA_CATALOGUE = "feed/dcat.jsonld"
CAPABILITIES = "feed/capabilitylist.xml"
CHANGE_LISTS = "feed/changelists.xml"
RESOURCE_LISTS = "feed/resourcelists.xml"
CHANGE_LIST = "changelist.xml"
"""At the root, because that is where clients of ResourceSync look for it."""
SOURCE_DESCRIPTION = ".well-known/resourcesync"
SITEMAP = "sitemap.xml"
"""Sitemaps lie at the root: one may name only what lies beside or below it."""
ROBOTS = "robots.txt"
DERIVED = (CATALOGUE, PAGES, SEARCH, ORIGINALS, FEEDS, CHANGE_LIST, SOURCE_DESCRIPTION, "sitemap", ROBOTS)
"""Beginnings of keys under which everything can be made again, and nothing else lies."""


def is_reply_id(text: str) -> bool:
    """Whether this is the public name of a reply, such as `310107-q4t7m2zk7c3a`."""
    return _REPLY_ID.fullmatch(text) is not None


def reply_folder(reply_id: str) -> str:
    """Everything of one reply and nothing of any other: what a withdrawal empties."""
    return f"doc/{_reply(reply_id)}/"


def artifact_key(reply_id: str, sha256: str, suffix: str) -> str:
    """Where the reply's artifact with this content lies. `suffix` without a dot, such as `pdf`."""
    return f"{reply_folder(reply_id)}{_digest(sha256)}.{suffix}"


def manifest_key(reply_id: str, version: int) -> str:
    """The object that makes version `version` (from 1) of the reply exist."""
    return f"doc/{_reply(reply_id)}/v{_positive(version)}/manifest.json"


def envelope_key(reply_id: str, version: int) -> str:
    """The manifest once more, in a signed DSSE envelope."""
    return f"doc/{_reply(reply_id)}/v{_positive(version)}/manifest.dsse.json"


def proof_key(reply_id: str, version: int) -> str:
    """The proof that the change log holds this version."""
    return f"doc/{_reply(reply_id)}/v{_positive(version)}/proof"


def page_key(reply_id: str, version: int | None = None) -> str:
    """The page for people: of the reply for ever, or of one version of it."""
    return f"{PAGES}{_reply(reply_id)}" + (f"-v{_positive(version)}" if version is not None else "") + ".html"


def current_key(reply_id: str) -> str:
    """The pointer to the version that counts now."""
    return f"doc/{_reply(reply_id)}/current.json"


def log_entry_key(sequence: int) -> str:
    """Entry `sequence` (from 1) of the change log."""
    return f"{LOG_ENTRIES}{_positive(sequence) // _ENTRIES_PER_FOLDER:09d}/{sequence:012d}.json"


def catalogue_page_key(page: int) -> str:
    """Catalogue page `page` (from 0)."""
    return f"{CATALOGUE}{page:06d}.json"


def activity_page_key(page: int) -> str:
    """Page `page` (from 0) of the activities."""
    return f"{FEEDS}activity/{page:06d}.json"


def atom_archive_key(page: int) -> str:
    """Archive `page` (from 0) of the Atom feed."""
    return f"{FEEDS}archive/{page:06d}.atom"


def change_list_key(page: int) -> str:
    """Closed change list `page` (from 0)."""
    return f"{FEEDS}changes/{page:06d}.xml"


def resource_list_key(page: int) -> str:
    """Resource list `page` (from 0)."""
    return f"{FEEDS}resources/{page:06d}.xml"


def sitemap_key(page: int) -> str:
    """Sitemap `page` (from 0)."""
    return f"sitemap-{page:06d}.xml"


def monthly_key(month: str, part: int) -> str:
    """The ledger of a month such as `2026-06`: part 1, and as many more as it needs."""
    return f"{FEEDS}monthly/{month}" + (f"-{_positive(part)}" if part != 1 else "") + ".csv"


def page_of_slot(slot: int) -> int:
    """The catalogue page on which the slot (from 0) stands."""
    return slot // SLOTS_PER_PAGE


def schema_key(name: str) -> str:
    """Where the JSON Schema `name`, such as `manifest-1`, is published."""
    return f"schemas/{name}.json"


# --- vault bucket -----------------------------------------------------------------------------------------------------

OPEN = "open/"
HELD = "held/"
RECEIPTS = "receipts/"
LEDGER = "ledger/"
LEDGER_TOTAL = "ledger-total.json"


def original_key(sha256: str) -> str:
    """The bytes of an original as they were received."""
    return f"originals/{_digest(sha256)[:2]}/{sha256}"


def receipt_key(document_id: str) -> str:
    """What was received, from where, and when."""
    return f"{RECEIPTS}{document_id}.json"


def open_key(document_id: str) -> str:
    """The marker of a document that has been received and has no outcome yet."""
    return f"{OPEN}{document_id}.json"


def outcome_key(document_id: str) -> str:
    """The fate of a document, written once."""
    return f"outcomes/{document_id}.json"


def held_key(document_id: str) -> str:
    """The sheet that a reviewer is given; there as long as the document waits for a person."""
    return f"{HELD}{document_id}.json"


def document_of_held_key(key: str) -> str:
    """The document that a sheet is about."""
    return key.removeprefix(HELD).removesuffix(".json")


def decisions_prefix(document_id: str) -> str:
    """What persons decided about the document, in order."""
    return f"decisions/{document_id}/"


def decision_key(document_id: str, number: int) -> str:
    """Decision `number` (from 1) about the document, written once."""
    return f"{decisions_prefix(document_id)}{_positive(number):04d}.json"


def decided_key(document_id: str) -> str:
    """The fate of a document that had been held, and what led to it, written once."""
    return f"decided/{document_id}.json"


def review_prefix(document_id: str) -> str:
    """What a reviewer is shown of the original; private, and gone once it is decided."""
    return f"review/{document_id}/"


def review_page_key(document_id: str, page: int) -> str:
    """The picture of a page (from 1) with boxes around what was read."""
    return f"{review_prefix(document_id)}page-{_positive(page):03d}.svg"


def review_document_key(document_id: str) -> str:
    """All pages with all fields and findings, as one HTML page."""
    return f"{review_prefix(document_id)}pages.html"


def record_key(document_id: str) -> str:
    """What was read and found: private."""
    return f"records/{document_id}.json"


def identity_key(identity: str) -> str:
    """Which reply an identity (hex SHA-256) belongs to."""
    return f"identities/{_digest(identity)}.json"


def intent_key(document_id: str) -> str:
    """What a document was about to be published as, so that a repeated run does the very same."""
    return f"intents/{document_id}.json"


def publication_key(reply_id: str, version: int, manifest_sha256: str) -> str:
    """Which document became this version of the reply, if this is the manifest that made it exist.

    The digest is part of the key because two documents may try to become the same version: neither may put its own
    record in the place of the other's.
    """
    return f"publications/{_reply(reply_id)}/v{_positive(version)}/{_digest(manifest_sha256)}.json"


def notice_key(reply_id: str, original_sha256: str) -> str:
    """What is to be said of a correction by the original with this digest."""
    return f"notices/{_reply(reply_id)}/{_digest(original_sha256)}.json"


WITHDRAWALS = "withdrawals/"
UNFINISHED_WITHDRAWALS = "open-withdrawals/"


def withdrawal_key(reply_id: str, version: int) -> str:
    """Who took the reply down by this version, when and why: private, for it names persons."""
    return f"{WITHDRAWALS}{_reply(reply_id)}/v{_positive(version)}.json"


def withdrawal_mark(day: str, reply_id: str, version: int) -> str:
    """An object whose name says that the reply was taken down on that day (ISO date, Asia/Shanghai)."""
    return f"{withdrawal_day_prefix(day)}{_reply(reply_id)}-v{_positive(version)}"


def withdrawal_day_prefix(day: str) -> str:
    """The marks of one day."""
    return f"{WITHDRAWALS}days/{day}/"


def unfinished_withdrawal_key(reply_id: str) -> str:
    """The marker of a withdrawal whose content may still lie there."""
    return f"{UNFINISHED_WITHDRAWALS}{_reply(reply_id)}.json"


def ledger_day_prefix(day: str) -> str:
    """The marks of all documents received on `day` (ISO date, Asia/Shanghai)."""
    return f"{LEDGER}{day}/"


def ledger_key(day: str, document_id: str, mark: str) -> str:
    """An empty object whose name says that the document of that day was received, or what became of it."""
    return f"{ledger_day_prefix(day)}{document_id}.{mark}"


def ledger_mark(key: str) -> tuple[str, str]:
    """Document and mark that a ledger key names."""
    document_id, _, mark = key.rpartition("/")[2].rpartition(".")
    return document_id, mark


def document_of_open_key(key: str) -> str:
    """The document that an open marker stands for."""
    return key.removeprefix(OPEN).removesuffix(".json")


# --- inbox bucket -----------------------------------------------------------------------------------------------------


def is_correction(key: str, prefix: str) -> bool:
    """Whether a file dropped under this key is meant as a correction; `prefix` is the setting, such as `更正/`."""
    return key.startswith(prefix)


def corrected_reply(key: str, prefix: str) -> str | None:
    """The reply that the folder names, as in `更正/310107-q4t7m2zk7c3a/NAME.pdf`; None where no folder names one."""
    folder = key.removeprefix(prefix).split("/")[0] if is_correction(key, prefix) else ""
    return folder if is_reply_id(folder) else None


def _digest(sha256: str) -> str:
    if _SHA256.fullmatch(sha256) is None:
        raise ValueError("not a lower-case hex SHA-256")
    return sha256


def _reply(reply_id: str) -> str:
    if not is_reply_id(reply_id):
        raise ValueError("not a reply id")
    return reply_id


def _positive(number: int) -> int:
    if number < 1:
        raise ValueError("versions and log entries are counted from 1")
    return number
