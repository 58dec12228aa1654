"""Which reply it is: the same letter, corrected, keeps its identity; two letters never share one."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace

from domain.reading.spelling import bare
from domain.reply import Draft, Reply, ReplyKind

# A corrected title may say 答复函 for 答复: still the same reply. A further reply or an opinion is another document.
_FAMILY = {
    ReplyKind.REPLY: "lead",
    ReplyKind.REPLY_LETTER: "lead",
    ReplyKind.LETTER_IN_REPLY: "lead",
    ReplyKind.REPLY_TEXT: "lead",
    ReplyKind.SUMMARY: "summary",
    ReplyKind.JOINT_OPINION: "joint",
    ReplyKind.ASSISTING_OPINION: "assisting",
    ReplyKind.FURTHER_REPLY: "further",
}
_ID_CHARACTERS = 12


def reply_identity(draft: Draft | Reply) -> str | None:
    """Lower-case hex SHA-256 of what makes the reply this one; None while a part of that is not known.

    Over canonical JSON of issuing authority, kind, and the submission's body, term, session and numbers. The area code
    is not part of it: an authority has one only once it is registered, and the same reply must not become another one
    by that. Two authorities of one name meet as `duplicate-identity`, which publishes nothing.
    """
    canonical = identity_text(draft)
    return hashlib.sha256(canonical.encode()).hexdigest() if canonical else None


def first_reply(draft: Draft) -> Draft | None:
    """The reply that a further reply (再次答复) follows, as far as its identity goes; None for any other letter."""
    return replace(draft, kind=ReplyKind.REPLY) if draft.kind is ReplyKind.FURTHER_REPLY else None


def identity_text(draft: Draft | Reply) -> str | None:
    """The canonical JSON behind `reply_identity`: sorted keys, no white space, UTF-8."""
    submission = draft.submission
    if submission is None or draft.kind is None or not draft.issuing_authority:
        return None
    if not submission.body or submission.term is None or submission.session is None or not submission.numbers:
        return None
    parts = {
        "body": bare(submission.body),
        "issuing_authority": bare(draft.issuing_authority),
        "kind": _FAMILY[draft.kind],
        "numbers": sorted({bare(number) for number in submission.numbers}),
        "session": submission.session,
        "term": submission.term,
    }
    return json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def reply_id(area_code: str, identity: str) -> str:
    """The public name of the reply: area code, and 12 base32 characters of its identity.

    Raises ValueError if the identity is no hex digest.
    """
    letters = base64.b32encode(bytes.fromhex(identity)).decode().lower()
    return f"{area_code}-{letters[:_ID_CHARACTERS]}"
