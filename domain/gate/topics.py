"""Topics that a person looks at before they are public: minors, patients, complainants, cases, and the like.

The words are an operator's table; what stands beside them is told here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

TOPICS = (
    "topic-minor",
    "topic-patient",
    "topic-complainant",
    "topic-company-amount",
    "topic-ongoing-case",
    "topic-ethnic-religious-foreign",
)
"""Their finding codes."""


class Beside(StrEnum):
    """What must stand in the same sentence for the word to count."""

    NOTHING = ""
    NAME = "name"
    """A person's name right behind the word: 投诉人王某."""
    AMOUNT = "amount"
    """A sum of money."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Words of one topic, all under the same condition."""

    code: str
    words: tuple[str, ...]
    beside: Beside = Beside.NOTHING


_SENTENCE = re.compile(r"[^。；！？!?;\n]+")
_SURNAME = (
    "[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭"
    "廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文]"
)
_NAMED = re.compile(
    rf"[:为是即]?(?:{_SURNAME}(?:某{{1,2}}|[×*xX]{{1,2}})|{_SURNAME}[一-鿿]{{1,2}}(?=[，,、：:（(反来于在向称的等和与]|先生|女士|同志|$))"
)
_AMOUNT = re.compile(r"[0-9][0-9,.]*(?:余|多)?(?:万|亿|百万|千万)?元")


def topic_words(text: str, topic: Topic) -> Iterator[str]:
    """Each word of the topic that stands in the text under its condition."""
    for sentence in _SENTENCE.findall(text):
        for word in topic.words:
            if _counts(sentence, word, topic.beside):
                yield word


def _counts(sentence: str, word: str, beside: Beside) -> bool:
    at = sentence.find(word)
    while at >= 0:
        if beside is Beside.NOTHING:
            return True
        if beside is Beside.AMOUNT and _AMOUNT.search(sentence):
            return True
        if beside is Beside.NAME and _NAMED.match(sentence, at + len(word)):
            return True
        at = sentence.find(word, at + 1)
    return False
