"""What is masked is masked for good: nothing private is found again, and the record never says what stood there."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.private_corpus import look_alikes, positives
from domain.gate.masking import Mask, masked_paragraphs, masked_reply, private_matches
from domain.gate.personal_data import personal_data
from domain.gate.private_handling import HANDLING, MAY_STAY, Handling, may_be_handled
from domain.reading.paragraph import Role
from tests.domain.factory import judge, paragraph

_POSITIVES = tuple(positives(11, 12))
_LOOK_ALIKES = tuple(look_alikes(12, 4))


def _everything(_code: str) -> Handling:
    return Handling.MASK


@settings(max_examples=200)
@given(seed=st.integers(0, 2**32), strip=st.booleans())
def test_nothing_private_is_left(seed: int, *, strip: bool) -> None:
    """Sentences of every class, run together in any order: after masking none is found, of any class."""
    dice = random.Random(seed)
    told = [dice.choice(_POSITIVES if dice.random() < 0.7 else _LOOK_ALIKES).text for _ in range(dice.randrange(1, 9))]
    cut = dice.randrange(len(told) + 1)
    texts = ["".join(told[:cut]), *told[cut:]]
    done = masked_paragraphs(
        [paragraph(Role.BODY, text) for text in texts], lambda _code: Handling.STRIP if strip else Handling.MASK
    )
    assert not private_matches([each.text for each in done.paragraphs], _everything)
    assert not [datum for each in done.paragraphs for datum in personal_data(each.text)]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("身份证号11010519491231002x。", "身份证号11*************02X。"),
        ("证号110105 19491231 002X。", "证号11*************02X。"),
        ("请拨打138 0000 1234。", "请拨打138****1234。"),
        ("（+86）13800001234", "（+86）138****1234"),
        ("银行卡6222020000000000000。", "银行卡***************0000。"),
        ("护照号码E12345678。", "护照号码E*****678。"),
        ("家住云溪区柳桥镇杏花路12弄3号201室，出行不便。", "家住云溪区柳桥镇****，出行不便。"),
        ("户籍地址：云溪区杏花新村3号楼。", "户籍地址：云溪区****。"),
        ("家住杏花小区3号楼201室。", "家住****。"),
        ("邮箱someone@mail.example。", "邮箱s***@mail.example。"),
        ("车牌沪AD12345。", "车牌沪A******。"),
        ("微信：liuqiao_2024联系", "微信：l***********联系"),
        ("委员联系电话：021-55550000", "委员联系电话：021-****0000"),
        ("联系电话：021-55550000", "联系电话：021-55550000"),
    ],
)
def test_mask_has_its_standard_form(text: str, masked: str) -> None:
    """What is left to see follows the rule of the class; an office landline stays."""
    assert masked_paragraphs([paragraph(Role.BODY, text)]).paragraphs[0].text == masked


def test_every_mask_is_recorded_without_what_it_covers() -> None:
    """Class, place and how many characters; nothing of the value."""
    done = masked_paragraphs([paragraph(Role.BODY, "没有。"), paragraph(Role.NOTE, "（电话：13800001234）", 2)])
    assert done.masks == (Mask("personal-data-mobile", "paragraph", 1, 2, 4, 11),)
    assert "1380" not in repr(done.masks)


def test_number_broken_over_two_paragraphs_is_masked_in_both() -> None:
    """Where the reader took one number for the end of a paragraph and the beginning of the next."""
    done = masked_paragraphs([paragraph(Role.BODY, "请拨打1380"), paragraph(Role.BODY, "0001234咨询。", 2)])
    assert [each.text for each in done.paragraphs] == ["请拨打****", "*******咨询。"]
    assert [mask.page for mask in done.masks] == [1, 2]


def test_strip_leaves_nothing_to_see() -> None:
    """An authority may ask that not even the ends of a number remain."""
    done = masked_paragraphs([paragraph(Role.BODY, "请拨打13800001234。")], lambda _code: Handling.STRIP)
    assert done.paragraphs[0].text == "请拨打***。"


def test_every_field_of_a_reply_is_masked() -> None:
    """Title, addressees and copies are shown as well as the paragraphs."""
    reply = judge().reply
    assert reply is not None
    private = replace(
        reply,
        title="关于13800001234来电的答复",
        addressees=("沈岚汀委员", "某人13900001234"),
        copied_to=("区政府办（电话13700001234）",),
    )
    done = masked_reply(private)
    assert not re.search(r"1[3-9][0-9]{9}", repr(done.reply))
    assert {mask.place for mask in done.masks} == {"title", "addressees", "copied_to"}
    assert masked_reply(done.reply).masks == ()


def test_reply_without_private_data_stays_what_it_is() -> None:
    """Nothing to mask, nothing changed."""
    reply = judge().reply
    assert reply is not None
    assert masked_reply(reply).reply == reply


@pytest.mark.parametrize("code", HANDLING)
def test_no_table_publishes_what_may_never_be_public(code: str) -> None:
    """Only office lines, contact names, e-mail and plates may be published as they are."""
    assert may_be_handled(code, Handling.PUBLISH) == (code in MAY_STAY)
    assert all(may_be_handled(code, each) for each in Handling if each is not Handling.PUBLISH)
