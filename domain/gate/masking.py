"""The rendition without private data: the same letter with the standard masks, and a record of every mask.

What the record says of a mask is where it is and how much it covers, never what stood there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from domain.gate.personal_data import PersonalDatum, personal_data_in
from domain.gate.private_handling import HANDLING, Handling
from domain.reading.paragraph import Paragraph
from domain.reply import Reply

HandlingOf = Callable[[str], Handling]
"""What is done with a class, by its code; `domain.gate.rules.Rules.handling` of one authority."""

_NOTHING_LEFT = "***"
_ROUNDS = 4
"""A mask may part figures that another class then claims; so many looks have always been enough."""


class NotMaskedError(Exception):
    """Private data was still there after masking: a mistake of ours. Nothing is published."""


@dataclass(frozen=True, slots=True)
class Match:
    """Private data in one paragraph or field of a letter."""

    index: int
    """Which of the texts, from 0."""
    datum: PersonalDatum


@dataclass(frozen=True, slots=True)
class Mask:
    """One mask, as it is recorded."""

    code: str
    """The finding code of the class."""
    place: str
    """`paragraph`, or the name of the field: `title`, `addressees`."""
    index: int
    """Which paragraph, or which value of the field, from 0."""
    page: int | None
    """None for a field."""
    start: int
    """Where it begins, in the text as it was before this mask was set."""
    characters: int
    """How many characters of the letter it covers."""


@dataclass(frozen=True, slots=True)
class MaskedParagraphs:
    """The paragraphs with their masks set."""

    paragraphs: tuple[Paragraph, ...]
    masks: tuple[Mask, ...]


@dataclass(frozen=True, slots=True)
class MaskedReply:
    """The reply with its masks set: all that a masked publication may show."""

    reply: Reply
    masks: tuple[Mask, ...]


def standing(code: str) -> Handling:
    """What is done with a class where no table says otherwise."""
    return HANDLING[code]


def private_matches(texts: Sequence[str], handling: HandlingOf = standing) -> tuple[Match, ...]:
    """The private data in a row of texts that must not stay: also what is broken over the end of one and the next."""
    return tuple(
        Match(index, datum) for index, datum in personal_data_in(texts) if handling(datum.code) is not Handling.PUBLISH
    )


def mask_paragraphs(
    paragraphs: Sequence[Paragraph], matches: Iterable[Match], handling: HandlingOf = standing
) -> MaskedParagraphs:
    """The paragraphs with each match replaced by its mask. `matches` are those of the paragraphs' texts."""
    texts = [paragraph.text for paragraph in paragraphs]
    masked, masks = _masked(texts, tuple(matches), "paragraph", handling)
    return MaskedParagraphs(
        tuple(replace(each, text=text) for each, text in zip(paragraphs, masked, strict=True)),
        tuple(replace(mask, page=paragraphs[mask.index].page) for mask in masks),
    )


def masked_paragraphs(paragraphs: Sequence[Paragraph], handling: HandlingOf = standing) -> MaskedParagraphs:
    """The paragraphs without private data. Raises NotMaskedError if any is left."""
    masks: list[Mask] = []
    current = tuple(paragraphs)
    for _ in range(_ROUNDS):
        matches = private_matches([paragraph.text for paragraph in current], handling)
        if not matches:
            return MaskedParagraphs(current, tuple(masks))
        done = mask_paragraphs(current, matches, handling)
        current, masks = done.paragraphs, [*masks, *done.masks]
    raise NotMaskedError("private data was left after masking")


def masked_reply(reply: Reply, handling: HandlingOf = standing) -> MaskedReply:
    """The reply without private data in any field that is shown. Raises NotMaskedError if any is left."""
    text = masked_paragraphs(reply.paragraphs, handling)
    masks = list(text.masks)

    def field(place: str, values: Sequence[str]) -> tuple[str, ...]:
        current = list(values)
        for _ in range(_ROUNDS):
            # Each value by itself: a row of names is no sentence.
            matches = [
                Match(index, match.datum)
                for index, value in enumerate(current)
                for match in private_matches([value], handling)
            ]
            if not matches:
                return tuple(current)
            current, own = _masked(current, tuple(matches), place, handling)
            masks.extend(own)
        raise NotMaskedError("private data was left after masking")

    def one(place: str, value: str | None) -> str | None:
        return field(place, [value])[0] if value else value

    return MaskedReply(
        replace(
            reply,
            title=field("title", [reply.title])[0],
            signatory=one("signatory", reply.signatory),
            addressees=field("addressees", reply.addressees),
            distributing_office=one("distributing_office", reply.distributing_office),
            copied_to=field("copied_to", reply.copied_to),
            paragraphs=text.paragraphs,
        ),
        tuple(masks),
    )


def _masked(
    texts: Sequence[str], matches: tuple[Match, ...], place: str, handling: HandlingOf
) -> tuple[list[str], list[Mask]]:
    masked, masks = list(texts), []
    # From the end, so that the offsets before stay true.
    for match in sorted(matches, key=lambda each: (each.index, each.datum.start), reverse=True):
        datum, text = match.datum, masked[match.index]
        shown = _NOTHING_LEFT if handling(datum.code) is Handling.STRIP else datum.masked
        masked[match.index] = text[: datum.start] + shown + text[datum.end :]
        masks.append(Mask(datum.code, place, match.index, None, datum.start, datum.end - datum.start))
    return masked, masks[::-1]
