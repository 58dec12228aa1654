"""What a recogniser confuses is set right where the place proves it, and nothing else is touched."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.reading.recognised_text import repaired
from domain.reading.recognition import RecognisedLine, recognised_page


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("砚府[2024]29号", "砚府〔2024〕29号"),
        ("砚府【2O24】l7号", "砚府〔2024〕17号"),
        ("（枫教（2025)36号）", "（枫教〔2025〕36号）"),
        ("2O24年l0月3l日", "2024年10月31日"),
        ("第l53o62号提案的答复", "第153062号提案的答复"),
        ("公开属性：主动公开・全文", "公开属性：主动公开·全文"),
        ("公开属性:主动公开.摘要", "公开属性：主动公开·摘要"),
        ("(一)明确街区的功能定位", "（一）明确街区的功能定位"),
        ("签发人:岑叙白", "签发人：岑叙白"),
        ("区教育局丶区财政局", "区教育局、区财政局"),
        ("2022一2024年", "2022—2024年"),
        ("（2023一", "（2023—"),
        ("措施。—一在街道", "措施。——在街道"),
        ("—一针对群众", "——针对群众"),
        ("达81.51%;在松陵路", "达81.51%；在松陵路"),
        ("阿依古丽•买买提委员:", "阿依古丽·买买提委员："),
        ("新的目标—一让居民满意", "新的目标——让居民满意"),
        ("(V1.0)》，对线路", "（V1.0）》，对线路"),
        ("联系电话:021-1234", "联系电话：021-1234"),
    ],
)
def test_a_confusion_that_the_place_proves_is_mended(read: str, printed: str) -> None:
    assert repaired(read) == printed


@pytest.mark.parametrize(
    "text",
    [
        "一一答复如下，2024年共建成Oslo式站点3处。",
        "二〇二四年五月二十日",
        "用于GB/T 9704（2012）的S1线、B座和I期工程",
        "比例为3:1，网址http://example.cn/a",
        "面积1,200平方米",
        "第来信号",
        "第9B269号、第15306Z号建议",
    ],
)
def test_what_no_place_proves_is_left_alone(text: str) -> None:
    assert repaired(text) == text


@given(st.text(alphabet="砚府〔〕[]()（）2O0lI号年月日第:：,，一—·•公开主动全文 A", max_size=30))
def test_the_number_of_characters_stays(text: str) -> None:
    """Each character keeps the place where it was seen; and a second look changes nothing more."""
    assert len(repaired(text)) == len(text)


def _line(text: str) -> RecognisedLine:
    step = 16.0
    centres = tuple(80 + step * (index + 0.5) for index in range(len(text)))
    return RecognisedLine(text, centres, 80.6, 80 + step * len(text) - 0.6, 600.0, 18.0, 0.999)


def test_a_traditional_form_among_simplified_ones_is_the_recognisers() -> None:
    page = recognised_page(1, 595, 842, [_line("沿江产業发展带的建设工作已经全部列入区政府的重点项目清单之中")])
    assert page.runs[0].text == "沿江产业发展带的建设工作已经全部列入区政府的重点项目清单之中"


def test_a_page_in_traditional_characters_stays_so() -> None:
    text = "關於對區政協會議第一百號提案的答覆與辦理結果說明"
    assert recognised_page(1, 595, 842, [_line(text)]).runs[0].text == text


def test_each_character_has_its_place() -> None:
    page = recognised_page(1, 595, 842, [_line("感谢您对本区教育工作的关心与支持")])
    run = page.runs[0]
    assert run.size == pytest.approx(16, abs=0.3)
    assert run.lefts[0] == pytest.approx(80, abs=0.3)
    assert run.rights[-1] == pytest.approx(80 + 16 * 16, abs=0.3)
    assert run.baseline < 600 < run.baseline + run.size


@pytest.mark.parametrize(
    ("read", "gap", "printed"),
    [
        ("资金保障。—夯实存量资源", 3.0, "资金保障。——夯实存量资源"),
        ("松陵—雁湖公路已经通车", 2.0, "松陵—雁湖公路已经通车"),
        ("2022—2024年以来开展试点", 3.0, "2022—2024年以来开展试点"),
    ],
)
def test_a_dash_as_long_as_two_characters_is_two(read: str, gap: float, printed: str) -> None:
    """Recognisers say one for both; how far apart its neighbours stand tells which it is."""
    at, step = read.index("—"), 16.0
    centres = [100 + step * index + (gap - 2) * step * (index > at) for index in range(len(read))]
    line = RecognisedLine(read, tuple(centres), 92.0, centres[-1] + 8, 500.0, 18.0, 0.99)
    assert recognised_page(1, 595, 842, [line]).runs[0].text == printed


def test_a_short_line_is_as_large_as_the_text_that_it_ends() -> None:
    """Figures and two characters measure badly; the last line of a paragraph is no smaller print."""
    full = [_line("感谢您对本区教育工作的关心与支持感谢您对本区教育工作") for _ in range(5)]
    short = RecognisedLine(
        "16万元。", (95.0, 101.0, 110.0, 124.0, 136.0), 91.0, 147.0, 400.0, 14.5, 0.99, ink_height=12.0
    )
    figures = RecognisedLine("80.7%。", (84.0, 92.0, 98.0, 106.0, 116.0, 126.0), 80.0, 136.0, 380.0, 13.0, 0.99)
    figures = replace(figures, ink_height=11.2)
    sizes = {run.size for run in recognised_page(1, 595, 842, [*full, short, figures]).runs}
    assert len(sizes) == 1
