"""Prepare what a reviewer is given: the sheet, and the pages with boxes around what was read and found."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from adapters.isolation.reader_pool import PreviewUnavailableError
from adapters.pdf.evidence_page import evidence_page
from adapters.pdf.page_pictures import PagePicture
from adapters.pdf.page_svg import page_svg
from adapters.record.vault import Receipt
from adapters.store.short_links import ShortLinks
from domain.fate import Held
from domain.gate.review import draft
from domain.gate.review_sheet import ReviewSheet, Whereabouts, review_sheet
from domain.publication.object_keys import review_document_key, review_page_key
from domain.sheet_told import PageLinks, pages_to_show
from tasks.premises import premises
from tasks.read_original import original_at_hand
from tasks.review_reply import Judgement, today

_SVG, _HTML = "image/svg+xml", "text/html; charset=utf-8"


def prepare_review(receipt: Receipt, judgement: Judgement, outcome: Held, record: dict[str, Any]) -> ReviewSheet:
    """Put sheet and pictures into the vault. Again writes the same. Raises StoreError, OSError."""
    here, evidence = premises(), judgement.evidence
    sheet = review_sheet(
        Whereabouts(receipt.document_id, receipt.bucket, receipt.key, receipt.version),
        evidence,
        draft(evidence.raw, here.rules),
        # Publication itself may have refused: then the outcome says more than the review.
        replace(judgement.review, findings=outcome.findings),
        here.rules,
        today(),
        judgement.decisions,
        judgement.complaints,
    )
    drawn = _pictures(receipt) if evidence.pages else ()
    for picture in drawn:
        body = page_svg(record, picture).encode()
        here.vault.bucket.put(review_page_key(receipt.document_id, picture.page), body, content_type=_SVG)
    if drawn:
        body = evidence_page([(record, drawn)]).encode()
        here.vault.bucket.put(review_document_key(receipt.document_id), body, content_type=_HTML)
    sheet = replace(sheet, pictures=len(drawn))
    here.vault.hold(sheet)
    return sheet


def page_links(links: ShortLinks, sheet: ReviewSheet) -> PageLinks:
    """Links to what was drawn for the reviewer of this sheet."""
    if not sheet.pictures:
        return PageLinks(links.seconds // 60)
    shown = [page for page in pages_to_show(sheet) if page <= sheet.pictures]
    return PageLinks(
        minutes=links.seconds // 60,
        document=links.to(review_document_key(sheet.document_id), _HTML),
        pages={page: links.to(review_page_key(sheet.document_id, page), _SVG) for page in shown},
    )


def _pictures(receipt: Receipt) -> tuple[PagePicture, ...]:
    with original_at_hand(receipt) as path:
        try:
            return premises().readers.pictures(path)
        except PreviewUnavailableError:
            return ()  # the findings say what is wrong with the file
