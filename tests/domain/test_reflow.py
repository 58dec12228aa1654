"""Lines become paragraphs again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.reading.letter import read_letter
from domain.reading.page import PageText, TextRun
from domain.reading.paragraph import Role
from domain.reading.passage import tidy
from domain.reading.place import Box
from tests.domain.typesetting import BOTTOM, COLUMNS, PITCH, SIZE, Sheets, broken, letter, run, width

_WORDS = st.sampled_from(
    [
        "推进",
        "落实",
        "社区",
        "居民",
        "停车",
        "电梯",
        "菜场",
        "河道",
        "养老",
        "平台",
        "机制",
        "改造",
        "方案",
        "资金",
        "不断",
        "进一步",
    ]
)
_ATOMS = st.one_of(
    _WORDS,
    _WORDS,
    _WORDS,
    st.integers(2, 99999).map(str),
    st.sampled_from(["TOP", "GDP", "5G", "MaaS", "K3+200", "12.5%", "2024年3月", "《办法》", "——"]),
    st.lists(_WORDS, min_size=1, max_size=6).map(lambda words: "“" + "".join(words) + "”"),
)
_CLAUSES = st.lists(_ATOMS, min_size=2, max_size=9).map("".join)
_PARAGRAPHS = st.lists(_CLAUSES, min_size=1, max_size=7).map(lambda clauses: "我们" + "，".join(clauses) + "。")
_BODIES = st.lists(_PARAGRAPHS, min_size=1, max_size=9)


def _texts(pages: tuple[PageText, ...]) -> list[str]:
    return [paragraph.text for paragraph in read_letter(pages).paragraphs]


@given(_BODIES)
@settings(max_examples=60)
def test_typeset_then_read_gives_the_same_paragraphs(body: list[str]) -> None:
    """Whatever is broken by lines and pages, in mid-word, mid-number or mid-quotation, is whole again."""
    pages = letter(*body).at_right("2024年5月17日").pages()
    assert _texts(pages) == ["王一禾委员：", *body, "2024年5月17日"]


@given(
    _BODIES,
    st.sampled_from(
        [
            "— {} —",
            "- {} -",
            "{}",
            "第 {} 页",
            "第 {} 页 共 {} 页",
            "{}/{}",
            "Page {} of {}",
            "－{}－",
            "一{}-",
            "一{}一",
        ]
    ),
)
@settings(max_examples=40)
def test_a_page_number_is_never_part_of_a_paragraph(body: list[str], number: str) -> None:
    """Page numbers of every style go, and what they stood between is one paragraph."""
    pages = letter(*body, sheets=Sheets(number=number)).at_right("2024年5月17日").pages()
    assert _texts(pages) == ["王一禾委员：", *body, "2024年5月17日"]


@given(st.lists(_PARAGRAPHS, min_size=1, max_size=3))
@settings(max_examples=30)
def test_paragraphs_parted_by_gaps_need_no_indent(body: list[str]) -> None:
    """Letters that part paragraphs by a wider gap are read as well, if some paragraph shows the usual one."""
    sheets = letter(salutation=None)
    texts = ["王一禾委员：", "我们持续推进社区停车和养老服务的各项工作，" * 3 + "取得成效。", *body, "感谢您的支持。"]
    for text in texts:
        sheets.paragraph(text, indent=0)
        sheets.baseline -= PITCH * 0.6
    # Where a page ends after a full line and a full stop, nothing on it says whether the paragraph goes on.
    assume(len(sheets.runs) == 1)
    assert _texts(sheets.pages()) == texts


def test_a_number_broken_anywhere_is_one_number() -> None:
    """A program that breaks lines within a number does not make two of it."""
    sheets = letter("现将办理情况答复如下：")
    sheets.text("全" * 24 + "12", sheets.left + 2 * SIZE).text("345户居民受益。", sheets.left)
    assert _texts(sheets.pages())[-1] == "全" * 24 + "12345户居民受益。"


def test_latin_words_keep_their_space_and_chinese_ones_get_none() -> None:
    """Smart City is two words even if the line ends between them; 采 纳 is one."""
    text = "我们与 Smart City 联盟和 Green Harbour 公司合作，" * 4 + "共同推进。"
    assert _texts(letter(text).pages())[-1].replace(" ", "") == text.replace(" ", "")
    assert "Smart City" in _texts(letter(text).pages())[-1]
    assert tidy("采 纳\u3000解 决") == "采纳解决"
    assert tidy("Smart  City\n工 程") == "Smart City 工程"


@pytest.mark.parametrize(
    ("before", "after", "whole"),
    [
        ("ISO", "9001", "ISO 9001"),
        ("GB/T", "50180—2018", "GB/T 50180—2018"),
        ("https://www.example.gov.cn/fw/", "a40067.html", "https://www.example.gov.cn/fw/a40067.html"),
    ],
)
def test_a_word_and_its_number_stay_two_where_a_line_ends_between_them(before: str, after: str, whole: str) -> None:
    """No program parts ISO9001, so a line that ends after ISO ended at a space; a web address has none."""
    sheets = letter("现将办理情况答复如下：")
    room = COLUMNS * SIZE - 2 * SIZE - width(before)
    sheets.text("全" * int(room / SIZE) + before, sheets.left + 2 * SIZE).text(after + "已经实施。", sheets.left)
    assert _texts(sheets.pages())[-1] == "全" * int(room / SIZE) + whole + "已经实施。"


@pytest.mark.parametrize(("known", "whole"), [("", "WiFi"), ("已有WiFi，", "WiFi"), ("已有Wi Fi，", "Wi Fi")])
def test_what_stands_within_a_line_tells_what_a_broken_word_is(known: str, whole: str) -> None:
    """Where a program breaks lines within words, the same word elsewhere in the letter says how it is written."""
    sheets = letter(f"{known}现将办理情况答复如下：")
    sheets.text("全" * 24 + "5678", sheets.left + 2 * SIZE).text("9户居民受益。", sheets.left)
    sheets.text("全" * 25 + "Wi", sheets.left + 2 * SIZE).text("Fi已经覆盖。", sheets.left)
    assert _texts(sheets.pages())[-1] == "全" * 25 + whole + "已经覆盖。"


def test_a_character_of_another_font_stands_where_it_was_drawn() -> None:
    """〇 that the font lacks is drawn last, in another font, into the hole that the others left for it."""
    sheets = letter("现答复如下。")
    sheets.baseline -= PITCH
    whole = run("二〇二四年七月十八日", sheets.left + 15 * SIZE, sheets.baseline)
    lefts, rights = whole.lefts[:1] + whole.lefts[2:], whole.rights[:1] + whole.rights[2:]
    holed = TextRun("二二四年七月十八日", lefts, rights, whole.baseline, SIZE)
    hole = TextRun("〇", whole.lefts[1:2], whole.rights[1:2], whole.baseline, SIZE, font="Other")
    sheets.runs[-1] += [holed, hole]
    assert _texts(sheets.pages())[-1] == "二〇二四年七月十八日"


@pytest.mark.parametrize("number", ["12", "1", "7"])
def test_the_last_figure_of_a_paragraph_is_no_page_number(number: str) -> None:
    """A last line that is only a figure stays, where it stands at the margin below its paragraph."""
    sheets = Sheets(number="")
    letter("现答复如下：", sheets=sheets)
    sheets.baseline = 139.0
    sheets.text("全" * 26, sheets.left + 2 * SIZE).text(number, sheets.left)
    assert _texts(sheets.pages())[-1] == "全" * 26 + number


def test_a_heading_that_fills_its_line_is_parted_from_the_text_below() -> None:
    """Its last character stands where lines end; what shows the paragraph below is that it goes on at the margin."""
    heading = "3.夯实公共服务设施，盘活资金，保障各项民生，工作取得实效"
    body = "针对" + "推进各项工作，" * 9 + "取得成效。"
    sheets = letter(body)
    sheets.text(heading, sheets.left + 2 * SIZE)
    sheets.paragraph(body)
    assert width(heading) >= (COLUMNS - 3) * SIZE
    assert _texts(sheets.pages())[-2:] == [heading, body]


def test_a_last_page_of_short_paragraphs_keeps_them_apart() -> None:
    """Where every line of a page begins a paragraph, its margin is that of the other pages."""
    body = "我们" + "推进各项工作" * 17 + "取得成效。"
    assert (len(body) - 26) % 28 == 27  # its last line is all but full, so only the indent below it tells
    ends = ["感谢您对甲水区民生工作的关心和支持。", "特此答复。", "联系人：陈明远", "联系电话：0123-4567890"]
    sheets = letter(body).next_page()
    for text in ends[:2]:
        sheets.paragraph(text)
    sheets.at_right("2024年5月17日")
    for text in ends[2:]:
        sheets.paragraph(text)
    assert _texts(sheets.pages()) == ["王一禾委员：", body, *ends[:2], "2024年5月17日", *ends[2:]]


def test_running_heads_go() -> None:
    """What repeats at the head of the pages is no part of the letter."""
    sheets = letter(*["我们持续推进社区停车和养老服务的各项工作，进一步完善机制，不断听取居民意见。" * 4] * 6)
    pages = sheets.pages()
    head = Sheets(number="", baseline=810.0).text("石桥镇人民政府答复件", skip=0).runs[0]
    marked = tuple(PageText(page.page, page.width, page.height, (*head, *page.runs)) for page in pages)
    assert len(pages) > 1
    assert _texts(marked) == _texts(pages)


def test_a_damaged_date_at_the_foot_of_a_page_is_no_page_number() -> None:
    """It is figures and nothing else, as the page numbers are, and of their size; it stays to be reported."""
    sheets = letter("我们已经完成改造。").next_page()
    sheets.number = "{}"
    sheets.baseline = BOTTOM + PITCH + 1
    pages = sheets.at_right("2024517").pages()
    pages = tuple(
        replace(page, runs=tuple(replace(each, size=SIZE) if each.text in "12" else each for each in page.runs))
        for page in pages
    )
    assert _texts(pages)[-1] == "2024517"


@pytest.mark.parametrize("number", ["—{}/3—", "<{}>", "({}/3)", "{}|3"])
def test_a_number_of_no_known_style_goes_because_every_page_has_it(number: str) -> None:
    body = "我们持续推进社区停车和养老服务的各项工作，" * 60 + "取得成效。"
    pages = letter(body, sheets=Sheets(number=number)).at_right("2024年5月17日").pages()
    assert len(pages) > 1
    assert _texts(pages) == ["王一禾委员：", body, "2024年5月17日"]


def test_an_empty_page_with_its_note_goes() -> None:
    """（此页无正文） is no paragraph."""
    sheets = letter("现答复如下：我们同意您的意见。").next_page().text("（此页无正文）")
    sheets.at_right("甲水区石桥镇人民政府").at_right("2024年5月17日")
    assert _texts(sheets.pages()) == [
        "王一禾委员：",
        "现答复如下：我们同意您的意见。",
        "甲水区石桥镇人民政府",
        "2024年5月17日",
    ]


def test_left_and_right_pages_may_have_different_margins() -> None:
    """Indents are measured on each page for itself."""
    text = "我们持续推进社区停车和养老服务的各项工作，进一步完善机制，不断听取居民意见。" * 5
    pages = letter(*[text] * 6).pages()
    moved = tuple(
        PageText(page.page, page.width, page.height, tuple(_moved(page, 20.0 if page.page % 2 == 0 else 0.0)))
        for page in pages
    )
    assert len(pages) > 2
    assert _texts(moved) == ["王一禾委员：", *[text] * 6]


def _moved(page: PageText, by: float) -> list[TextRun]:

    return [
        replace(run, lefts=tuple(x + by for x in run.lefts), rights=tuple(x + by for x in run.rights))
        for run in page.runs
    ]


def test_a_table_is_one_paragraph_of_rows_and_cells() -> None:
    """The cells of a row are parted by tabs, the rows by line ends; the text around it stays outside."""
    sheets = letter("进度如下：").table([["街镇", "完工", "在建"], ["石桥镇", "21", "19"], ["柳岸街道", "17", "8"]], 3)
    paragraphs = read_letter(sheets.paragraph("从表中可以看出进度均衡。").pages()).paragraphs
    assert [paragraph.role for paragraph in paragraphs] == [Role.SALUTATION, Role.BODY, Role.TABLE, Role.BODY]
    assert paragraphs[2].text == "街镇\t完工\t在建\n石桥镇\t21\t19\n柳岸街道\t17\t8"


def test_a_table_over_two_pages_is_one_table_with_one_head() -> None:
    """Its rows follow each other, and the repeated head is there once."""
    sheets = letter("进度如下：").next_page().table([["街镇", "完工"], ["石桥镇", "21"]], 2)
    sheets.next_page().table([["街镇", "完工"], ["柳岸街道", "17"]], 2)
    assert _texts(sheets.pages())[-1] == "街镇\t完工\n石桥镇\t21\n柳岸街道\t17"


def test_a_row_cut_by_the_end_of_a_page_is_one_row() -> None:
    """Its cells go on below; a cell that is empty because the one above holds for both rows begins a row of its own."""
    head, full = ["序号", "街镇", "完工"], "优化公共服务基础"  # eight characters fill a cell of a third of the line
    sheets = letter("进度如下：").next_page().table([head, ["1", full, "21"]], 3)
    cut = sheets.next_page().table([["", "设施", ""], ["2", "柳岸街道", "17"]], 3)
    assert _texts(cut.pages())[-1] == f"序号\t街镇\t完工\n1\t{full}设施\t21\n2\t柳岸街道\t17"
    sheets = letter("进度如下：").next_page().table([head, ["1", "石桥镇", "21"]], 3)
    whole = sheets.next_page().table([["", "柳岸街道", "17"]], 3)
    assert _texts(whole.pages())[-1].endswith("1\t石桥镇\t21\n\t柳岸街道\t17")


def test_a_numbered_row_that_is_empty_below_is_a_row_of_its_own() -> None:
    """The number fills its narrow cell; it does not go on in the next row's."""
    sheets = letter("进度如下：").next_page().table([["序号", "街镇", "完工"], ["一二三四五六七八", "石桥镇", "21"]], 3)
    sheets.next_page().table([["十三", "", ""]], 3)
    assert _texts(sheets.pages())[-1].endswith("一二三四五六七八\t石桥镇\t21\n十三\t\t")


def test_a_signature_with_its_date_at_the_other_end_of_the_line_is_over() -> None:
    """The line is full to the edge, and what follows at the same distance is no part of it."""
    sheets = letter("我们已经完成改造，感谢您的关心。", "此复。").text("甲水区石桥镇人民政府")
    sheets.beside("2024年5月17日", sheets.left + COLUMNS * SIZE - width("2024年5月17日"))
    assert _texts(sheets.text("（此件公开发布）").pages())[-3:] == [
        "甲水区石桥镇人民政府",
        "2024年5月17日",
        "（此件公开发布）",
    ]


def test_a_merged_cell_is_not_cut() -> None:
    """Text that runs over two columns, where no line parts them, is one cell."""
    sheets = letter("进度如下：").table([["街镇", "完工", "在建"], ["石桥镇", "21", "19"]], 3)
    top = sheets.baseline - PITCH / 3
    wide = 28 * SIZE / 3
    sheets.text("合计", sheets.left + 4, skip=1).beside("共四十处其中在建十九处", sheets.left + wide + 4)
    for x in (sheets.left, sheets.left + wide, sheets.left + 3 * wide):
        sheets.strokes[-1].append(Box(1, x - 0.2, top - PITCH, x + 0.2, top))
    sheets.strokes[-1].append(Box(1, sheets.left, top - PITCH - 0.2, sheets.left + 3 * wide, top - PITCH + 0.2))
    assert _texts(sheets.pages())[-1].split("\n")[-1] == "合计\t共四十处其中在建十九处\t"


def test_a_frame_around_the_page_is_no_table() -> None:
    """Not even with the red line of the header across."""
    sheets = letter("现答复如下：我们同意您的意见。")
    for box in (
        (60, 60, 60.5, 800),
        (535, 60, 535.5, 800),
        (60, 60, 535, 60.5),
        (60, 800, 535, 800.5),
        (60, 640, 535, 641),
    ):
        sheets.strokes[0].append(Box(1, *box))
    assert [paragraph.role for paragraph in read_letter(sheets.pages()).paragraphs] == [Role.SALUTATION, Role.BODY]


def test_a_list_that_is_set_in_as_a_whole_keeps_its_items() -> None:
    """Every line of an item is indented, as word processors set lists."""
    items = ["1." + "我们推进社区停车和养老服务" * 4, "2." + "我们改造老旧电梯和菜场设施" * 4]
    sheets = letter("现答复如下：", "我们持续推进各项工作，" * 8 + "取得成效。")
    for item in items:
        sheets.paragraph(item + "。", indent=2, hanging=2)
    assert _texts(sheets.pages())[-2:] == [item + "。" for item in items]


def test_boxes_tell_where_a_paragraph_stands_on_each_page() -> None:
    """One box for each page that it touches."""
    text = "我们持续推进社区停车和养老服务的各项工作，进一步完善机制，不断听取居民意见。" * 14
    paragraph = read_letter(letter(text).pages()).paragraphs[-1]
    assert [box.page for box in paragraph.boxes] == [1, 2]
    assert all(box.right - box.left <= 28 * SIZE + 1 for box in paragraph.boxes)
    assert width(text) > 28 * SIZE


_LONG = "我们会同街道逐户走访，听取居民对停车和充电的意见，形成清单并逐项推进" * 3 + "。"


def test_a_passage_set_in_on_both_sides_is_a_column_of_its_own() -> None:
    """A quoted proposal fills lines that end well before the edge of the page's text."""
    sheets = letter("您提出的建议收悉，现答复如下：")
    for index, line in enumerate(broken(_LONG, 22 * SIZE, 24 * SIZE)):
        sheets.text(line, sheets.left + (4 if index == 0 else 2) * SIZE)
    assert _texts(sheets.paragraph(_LONG).pages())[-2:] == [_LONG, _LONG]


def test_the_further_lines_of_an_item_may_hang_under_its_first_word() -> None:
    items = [f"{number}.{_LONG}" for number in (1, 2)]
    sheets = letter("您提出的建议收悉，现答复如下：")
    for item in items:
        sheets.paragraph(item, indent=0, hanging=2)
    assert _texts(sheets.paragraph(_LONG).pages())[-3:] == [*items, _LONG]


def test_equal_lines_of_a_signature_do_not_make_the_edge_of_the_text() -> None:
    """In a short letter they are as many as the lines that are full."""
    sheets = letter("感谢您的关心和支持。").at_right("云溪区财政局").at_right("云溪区民政局").at_right("云溪区水务局")
    assert _texts(sheets.at_right("2024年5月17日").pages())[-4:-1] == ["云溪区财政局", "云溪区民政局", "云溪区水务局"]


@pytest.mark.parametrize(
    ("first", "rest", "role"),
    [("云溪区发展和改革委员", "会", Role.SIGNATURE), ("2024年5月17", "日", Role.DATE)],
)
def test_a_signature_or_date_that_runs_on_by_a_character_is_one(first: str, rest: str, role: Role) -> None:
    sheets = letter("感谢您的关心和支持。").at_right(first).at_right(rest, free=9)
    paragraphs = read_letter(sheets.pages()).paragraphs
    assert (paragraphs[-1].text, paragraphs[-1].role) == (first + rest, role)


@pytest.mark.parametrize("rise", [6.0, -4.0])
def test_a_raised_or_lowered_figure_stays_on_its_line(rise: float) -> None:
    """The 2 of m² and of CO₂ is small and off the baseline."""
    sheets = letter().text("新增绿地5万m", None)
    right = sheets.runs[-1][-1].rights[-1]
    sheets.runs[-1].append(run("2", right, sheets.baseline + rise, SIZE * 0.6))
    sheets.runs[-1].append(run("，惠及居民3万人。", right + SIZE * 0.3, sheets.baseline))
    assert _texts(sheets.pages())[-1] == "新增绿地5万m2，惠及居民3万人。"


@pytest.mark.parametrize("size", [0.0, 0.03, 0.2])
def test_letters_too_small_for_any_eye_are_lines_all_the_same(size: float) -> None:
    """Everything is measured in characters, and a character has an extent, whatever the file says of its font."""
    runs = tuple(
        run(f"第{number}行写得很小的文字", 80.0, 700.0 - number * size, max(size, 0.01)) for number in range(12)
    )
    page = PageText(1, 595.0, 842.0, tuple(replace(each, size=size) for each in runs))
    assert "".join("".join(_texts((page,))).split()).count("写得很小的文字") == len(runs)
