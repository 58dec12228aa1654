"""Whether the letter speaks of what a person must look at before it is public."""

from __future__ import annotations

from collections.abc import Iterator

from domain.gate.case import Case
from domain.gate.finding import Finding, find
from domain.gate.topics import topic_words
from domain.reading.place import Seen


def sensitive_topics(case: Case) -> Iterator[Finding]:
    """The first place of each topic; one is enough for a person to look."""
    told: set[str] = set()
    for topic in case.rules.topics:
        for seen in _texts(case):
            word = next(topic_words(seen.text, topic), None)
            if word is not None and topic.code not in told:
                told.add(topic.code)
                yield find(topic.code, Seen(word, word, seen.box), words=word)


def _texts(case: Case) -> Iterator[Seen]:
    if case.raw.title is not None:
        yield case.raw.title
    for paragraph in case.raw.paragraphs:
        yield Seen(paragraph.text, paragraph.text, paragraph.boxes[0] if paragraph.boxes else None)


CHECKS = (sensitive_topics,)
