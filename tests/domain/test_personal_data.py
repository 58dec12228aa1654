"""Personal data is found however it is written, named by class, and never repeated."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.gate.personal_data import personal_data
from tests.domain.factory import judge, with_text

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _found(text: str) -> list[tuple[str, str]]:
    return [(datum.code.removeprefix("personal-data-"), datum.masked) for datum in personal_data(text)]


@st.composite
def resident_ids(draw: st.DrawFn) -> str:
    """A well-formed number of nobody: serial 000 is not given out."""
    day = draw(st.dates(min_value=date(1930, 1, 1), max_value=date(2024, 12, 31)))
    first = f"{draw(st.sampled_from(['11', '31', '44', '53', '65']))}0000{day:%Y%m%d}000"
    total = sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True))
    return first + "10X98765432"[total % 11]


def _wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if char.isascii() and char != " " else char for char in text)


@settings(max_examples=500)
@given(
    number=resident_ids(),
    wide=st.booleans(),
    spaced=st.booleans(),
    before=st.sampled_from(["", "证号：", "（", "本人"]),
)
def test_resident_id_is_found(number: str, before: str, *, wide: bool, spaced: bool) -> None:
    """Full-width, in groups, anywhere in a sentence: found once, and masked."""
    written = f"{number[:6]} {number[6:14]} {number[14:]}" if spaced else number
    found = _found(f"登记人{before}{_wide(written) if wide else written}，已核对。")
    assert [kind for kind, _ in found] == ["resident-id"]
    assert number[6:14] not in found[0][1]


@settings(max_examples=500)
@given(
    number=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    form=st.sampled_from(["{0}{1}{2}", "{0} {1} {2}", "{0}-{1}-{2}", "+86 {0}{1}{2}", "86-{0}{1}{2}"]),
    wide=st.booleans(),
)
def test_mobile_is_found_and_masked(number: str, form: str, *, wide: bool) -> None:
    """A mobile number is found in every usual grouping, and only its ends are shown."""
    written = form.format(number[:3], number[3:7], number[7:])
    found = _found(f"请拨打{_wide(written) if wide else written}。")
    assert found == [("mobile", f"{number[:3]}****{number[-4:]}")]


@pytest.mark.parametrize(
    "text",
    [
        "已遮盖的号码138****1234。",
        "统一社会信用代码91310000MA1FL00000。",
        "柳府〔2024〕11号、第153047号提案。",
        "项目编号13800001234已归档。",
        "共支出13800001234元。",
        "总投资15000000000元，其中财政12000000000元。",
        "成文日期2024年5月17日，索引号SY310107202400001。",
        "网址https://www.example.gov.cn/2024/0517/13900000000.html可查。",
        "办公邮箱office@liuqiao.gov.cn。",
        "会议在3号楼2单元会议室召开。",
        "面积1380.0012平方米，人口12万。",
        "沪宁高速、京A座大楼。",
    ],
)
def test_ordinary_figures_are_not_personal(text: str) -> None:
    """Numbers of documents, projects, money and places are no personal data."""
    assert _found(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("身份证号110105491231002。", "resident-id"),
        ("手机1 3 8 0 0 0 0 1 2 3 4。", "mobile"),
        ("手机1380 000 1234。", "mobile"),
        ("开户银行账号4000000000000002。", "bank-card"),
        ("港澳居民来往内地通行证H12345678。", "passport"),
        ("家庭住址：云溪区杏花路12弄3号201室。", "home-address"),
        ("车牌沪AD12345。", "plate"),
        ("邮箱someone@mail.example。", "email"),
        ("QQ：123456789。", "account"),
    ],
)
def test_class_is_named(text: str, kind: str) -> None:
    """Each kind of personal data has its own class."""
    assert kind in [found for found, _ in _found(text)]


@settings(max_examples=200)
@given(number=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_finding_never_repeats_the_number(number: str) -> None:
    """Neither the sentence nor the raw string nor a detail of a finding holds what it warns of."""
    judged = judge(with_text(f"请联系{number}。"))
    finding = next(finding for finding in judged.findings if finding.code == "personal-data-mobile")
    said = f"{finding.message()}{finding.message('en')}{finding.raw}{dict(finding.details)}"
    assert number not in said
    assert f"{number[:3]}****{number[-4:]}" in said
