"""What a letter of this kind must say of itself (GB/T 9704-2012, 7.2 and 7.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.document_number import DocumentNumber
from domain.gate.case import Case
from domain.gate.finding import Finding, find
from domain.issuing_authority import masthead_name, same_authority, signature_name, signing_names
from domain.reading.spelling import bare


def title(case: Case) -> Iterator[Finding]:
    """There is a title, and it says what kind of document this is."""
    if case.draft.title is None:
        if not case.unread:
            yield find("title-missing")
    elif case.draft.kind is None:
        yield find("kind-unknown", case.raw.title)


_NAMED = re.compile(r"(?:尊敬的)?(?P<name>.+?)(?:代表|委员)(?:们)?:?")
_NO_PERSON = re.compile(r"[·•・、,()]|等|各位|[委会组局厅部办处团党界盟社院镇乡]")
_LONGEST_NAME = 4
"""Characters of a name without a dot; more may be two names whose separation was lost."""


def addressee(case: Case) -> Iterator[Finding]:
    """Somebody is addressed."""
    if not any(case.draft.addressees) and not case.unread:
        yield find("addressee-missing")
    for seen in case.raw.addressees:
        match = _NAMED.fullmatch(bare(seen.text))
        if match and len(match["name"]) > _LONGEST_NAME and not _NO_PERSON.search(match["name"]):
            yield find("addressee-unclear", seen, addressee=seen.text)


def authority(case: Case) -> Iterator[Finding]:
    """One authority issued it, and masthead and signature block agree where both are there."""
    places = (case.raw.masthead, case.raw.signature_block)
    joint = next((place for place in places if len(signing_names(place)) > 1), None)
    if joint is not None:
        yield find("joint-issuers", joint, names="、".join(signing_names(joint)))
    if case.draft.issuing_authority is None:
        if not case.unread and joint is None:
            yield find("authority-missing")
        return
    masthead = masthead_name(case.raw.masthead)
    signer = signature_name(case.raw.signature_block)
    if masthead and signer and not same_authority(masthead, signer, case.rules):
        yield find("authority-mismatch", case.raw.signature_block, masthead=masthead, signature=signer)
    if case.authority is None:
        yield find("authority-unregistered", name=case.draft.issuing_authority)


def document_number(case: Case) -> Iterator[Finding]:
    """Exactly one number, and it is whole."""
    numbers = case.raw.document_numbers
    if not numbers and case.draft.document_number is None and not case.unread:
        yield find("document-number-missing")
    for seen in numbers:
        if DocumentNumber.read(seen.text) is None:
            yield find("document-number-damaged", seen, written=seen.text)
    if len({str(DocumentNumber.read(seen.text) or bare(seen.text)) for seen in numbers}) > 1:
        yield find("document-number-several", numbers[-1], numbers="、".join(seen.text for seen in numbers))


def issuer_code(case: Case) -> Iterator[Finding]:
    """The issuer code is one that the authority registered."""
    number, authority = case.draft.document_number, case.authority
    if number and authority and authority.issuer_codes and number.issuer_code not in authority.issuer_codes:
        seen = next(iter(case.raw.document_numbers), None)
        yield find("issuer-code-mismatch", seen, issuer_code=number.issuer_code, authority=authority.name)


def submission(case: Case) -> Iterator[Finding]:
    """The title says which suggestion or proposal of which meeting is answered."""
    if case.unread:
        return
    found = case.draft.submission
    parts = {
        "会议": found is None or found.body is None,
        "届": found is None or found.term is None,
        "次": found is None or found.session is None,
        "编号": found is None or not found.numbers,
    }
    missing = [part for part, absent in parts.items() if absent]
    if missing and case.draft.title is not None:
        yield find("submission-missing", case.raw.title, parts="、".join(missing))


CHECKS = (title, addressee, authority, document_number, issuer_code, submission)
