"""Whether what the letter says in one place agrees with what it says in another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.gate.case import Case
from domain.gate.finding import Finding, find
from domain.gate.rules import SubmissionBodyRule
from domain.handling_result import read_result, result_mark
from domain.reading.paragraph import Paragraph, Role
from domain.reading.place import Seen
from domain.reading.spelling import bare
from domain.reply import ReplyKind, SubmissionKind
from domain.submission import body_kind, named_numbers

_OPINIONS = (ReplyKind.JOINT_OPINION, ReplyKind.ASSISTING_OPINION)
_OTHER = {SubmissionKind.PROPOSAL: "代表", SubmissionKind.SUGGESTION: "委员"}
_DEPUTY_BEHIND_NAME = re.compile(r"(?:代表|委员|先生|女士)(?:们|您好|你好)?[)]?$")
_UNIT = re.compile(
    r"(?:局|委|厅|部|办|办公室|街道|街道办事处|镇|乡|镇人民政府|人民政府|区政府|县政府|市政府|公安局|中心|公司|院|单位)$"
)
_PARTY = re.compile(r"民革|民盟|民建|民进|农工|致公|九三|台盟|工商联|界别|党派|无党派|政协|专委会|委员会$")
_SEVERAL = re.compile(r"等(?P<count>[0-9]+)[位名]")
_LETTERS = {letter: number for number, letter in enumerate("ABCDEFGH", 1)}


def document_number_year(case: Case) -> Iterator[Finding]:
    """The number's year is that of the date of issue; around New Year it may be one off."""
    number, day = case.draft.document_number, case.draft.date_of_issue
    if number is None or day is None or number.year == day.year:
        return
    january, december = day.month == 1, day.month == 12
    if (january and number.year == day.year - 1) or (december and number.year == day.year + 1):
        return
    yield find(
        "document-number-year", next(iter(case.raw.document_numbers), None), year=str(number.year), date=day.isoformat()
    )


def number_scheme(case: Case) -> Iterator[Finding]:
    """Term, session and year within the number are those of the title, where the body's scheme is registered."""
    rule, found = _body_rule(case), case.draft.submission
    if rule is None or rule.scheme is None or found is None:
        return
    for seen, number in zip(case.raw.submission.numbers, found.numbers, strict=False):
        match = rule.scheme.pattern.fullmatch(number)
        parts = match.groupdict() if match else {}
        session = _LETTERS.get(parts.get("session_letter") or "") or parts.get("session")
        wrong_term = parts.get("term") is not None and int(parts["term"]) != found.term
        wrong_session = session is not None and int(session) != found.session
        if match is None or wrong_term or wrong_session:
            yield find(
                "number-scheme-mismatch",
                seen,
                written=number,
                scheme=rule.scheme.name,
                term=str(found.term or "…"),
                session=str(found.session or "…"),
            )
        elif parts.get("year") is not None:
            yield from _number_year(case, number, parts["year"])


def _number_year(case: Case, number: str, written: str) -> Iterator[Finding]:
    day = case.draft.date_of_issue
    year = int(written) + (2000 if len(written) == 2 else 0)
    # A submission of one year may be answered in the next, never before.
    if day is not None and not year <= day.year <= year + 1:
        yield find(
            "submission-year",
            next(iter(case.raw.submission.numbers), None),
            written=number,
            year=str(year),
            date=day.isoformat(),
        )


def session_year(case: Case) -> Iterator[Finding]:
    """The session is one that is answered in the year of issue, where the body's sessions are registered."""
    rule, found, day = _body_rule(case), case.draft.submission, case.draft.date_of_issue
    if rule is None or found is None or found.term is None or found.session is None or day is None:
        return
    years = rule.sessions.get((found.term, found.session))
    if years is not None and not years[0] <= day.year <= years[1]:
        yield find(
            "session-year-mismatch",
            case.raw.submission.meeting,
            body=found.body or "",
            term=str(found.term),
            session=str(found.session),
            years=str(years[0]) if years[0] == years[1] else f"{years[0]}–{years[1]}",
            date=day.isoformat(),
        )


def number_in_text(case: Case) -> Iterator[Finding]:
    """The first paragraph, which says what was received, names no other number than the title."""
    found = case.draft.submission
    opening = next((each for each in case.draft.paragraphs if each.role is Role.BODY), None)
    if found is None or not found.numbers or opening is None:
        return
    for number in dict.fromkeys(named_numbers(opening.text)):
        if number not in found.numbers:
            yield find("submission-number-mismatch", _seen(opening), written=number, title="、".join(found.numbers))


def submission_word(case: Case) -> Iterator[Finding]:
    """人大 receives 建议, 政协 receives 提案; some places call both 建议."""
    found, word = case.draft.submission, case.raw.submission.kind
    kind = body_kind(found.body) if found else None
    if found is None or kind is None or word is None or bare(word.text) == kind.value:
        return
    if kind is SubmissionKind.PROPOSAL and _calls_both_suggestions(case):
        return
    yield find("submission-kind-mismatch", word, word=word.text, body=found.body or "", kind=kind.value)


_QUOTED = re.compile(r"《[^《》]*》|“[^“”]*”|\"[^\"]*\"")
_RECEIVED = re.compile(
    r"(?P<word>提案|建议)(?:\([^()]*\)|（[^（）]*）)?,?(?:已|均已|我局|我镇|我委|我办)?(?:收悉|收到|悉)"
)


def received_word(case: Case) -> Iterator[Finding]:
    """What the first paragraph says was received is what the body of the title receives: 提案 or 建议."""
    found = case.draft.submission
    opening = next((each for each in case.draft.paragraphs if each.role is Role.BODY), None)
    if found is None or found.kind is None or opening is None or _calls_both_suggestions(case):
        return
    match = _RECEIVED.search(_QUOTED.sub("", bare(opening.text)))
    if match is not None and match["word"] != found.kind.value:
        yield find("received-kind-mismatch", _seen(opening), word=match["word"], kind=found.kind.value)


def _calls_both_suggestions(case: Case) -> bool:
    area = case.authority.area_code if case.authority else ""
    return area.startswith(case.rules.proposals_called_suggestions or ("-",))


def distributing_office(case: Case) -> Iterator[Finding]:
    """The office that distributes belongs to the authority that issues: they share a name or a place (7.4.3)."""
    office, issuer = case.draft.distributing_office, case.draft.issuing_authority
    if not office or not issuer:
        return
    names = (issuer, *(case.authority.short_names if case.authority else ()))
    told = _GENERIC.sub("", bare(office))
    if len(told) >= 2 and not any(_share(told, bare(name)) for name in names):
        yield find("distributing-office-mismatch", case.raw.distributing_office, office=office, authority=issuer)


_GENERIC = re.compile(
    r"人民政府|党委|党政|党群|政府|办公室|办公厅|办事处|委员会|街道|综合|秘书|行政|文秘|科|室|处|股|厅|办|局|委|印发|省|市|区|县|镇|乡"
)


def _share(office: str, issuer: str) -> bool:
    return any(office[index : index + 2] in issuer for index in range(len(office) - 1))


def addressee_word(case: Case) -> Iterator[Finding]:
    """A proposal is answered to a 委员, a suggestion to a 代表."""
    found = case.draft.submission
    if found is None or found.kind is None or case.draft.kind in _OPINIONS:
        return
    wrong = _OTHER[found.kind]
    for seen in case.raw.addressees:
        if re.search(rf"{wrong}(?:们|您好|你好)?[:]?$", bare(seen.text)) and not _PARTY.search(bare(seen.text)):
            yield find("addressee-kind-mismatch", seen, kind=found.kind.value, addressee=wrong)
            return


def kind_and_addressee(case: Case) -> Iterator[Finding]:
    """An opinion goes to the lead unit; a reply goes to a person, a party or a group."""
    if case.draft.kind is None:
        return
    opinion = case.draft.kind in _OPINIONS
    for seen in case.raw.addressees:
        words = bare(seen.text).rstrip(":")
        person = _DEPUTY_BEHIND_NAME.search(words) is not None
        unit = not person and _UNIT.search(words) is not None and not _PARTY.search(words)
        if (opinion and person) or (not opinion and unit):
            found = "代表或委员" if person else "单位"
            yield find("kind-addressee-mismatch", seen, kind=case.draft.kind.value, found=found)
            return


def addressee_count(case: Case) -> Iterator[Finding]:
    """等3位 behind three names or fewer; more names than people cannot be right."""
    joined = "、".join(bare(seen.text) for seen in case.raw.addressees)
    match = _SEVERAL.search(joined)
    if match is None:
        return
    names = len([name for name in re.split(r"[、,]", joined[: match.start()]) if name])
    if names > int(match["count"]):
        yield find("addressee-count", case.raw.addressees[0], count=match["count"], names=str(names))


def kind_policy(case: Case) -> Iterator[Finding]:
    """Opinions between authorities, and further replies, are for a person to decide."""
    if case.draft.kind in _OPINIONS:
        yield find("joint-handling-opinion", case.raw.title, kind=case.draft.kind.value)
    first = case.first_reply
    if case.draft.kind is ReplyKind.FURTHER_REPLY and case.predecessor is None and (first is None or first.withdrawn):
        yield find("further-reply-without-first", case.raw.title)


def result(case: Case) -> Iterator[Finding]:
    """Every result mark is explained by a table that holds for this authority, and all mean the same."""
    authority, found = case.authority, case.draft.submission
    tables = case.rules.result_tables(authority, found.body if found else None)
    meanings = set()
    for mark in case.raw.result_marks:
        explained = read_result(mark.raw, mark.text, tables)
        meanings.add(explained.normalised or result_mark(mark.text))
        if explained.normalised is None:
            yield find("result-unknown", mark, mark=mark.text)
    if len(meanings) > 1:
        marks = "、".join(f"“{mark.text}”" for mark in case.raw.result_marks)
        yield find("result-contradictory", case.raw.result_marks[-1], marks=marks)
    if not case.raw.result_marks and len(tables) > len(case.rules.results):
        yield find("result-missing")


def _seen(paragraph: Paragraph) -> Seen:
    return Seen(paragraph.text, "", paragraph.boxes[0] if paragraph.boxes else None)


def _body_rule(case: Case) -> SubmissionBodyRule | None:
    found, authority = case.draft.submission, case.authority
    if found is None or found.body is None or authority is None:
        return None
    return case.rules.body(authority.area_code, found.body)


CHECKS = (
    document_number_year,
    number_scheme,
    session_year,
    number_in_text,
    submission_word,
    received_word,
    distributing_office,
    addressee_word,
    kind_and_addressee,
    addressee_count,
    kind_policy,
    result,
)
