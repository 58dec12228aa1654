"""The fields of a letter, in the forms in which offices write them."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from domain.reading.letter import read_letter
from domain.reading.page import PageText
from domain.reading.paragraph import Role
from domain.reading.place import Seen
from domain.reading.raw_reply import RawReply
from tests.domain.typesetting import SIZE, Sheets, letter, run

_BODY = "您提出的关于增设候车亭的提案收悉，经研究，现答复如下：我们将在今年年底以前完成全部站点的改造。"


def _read(sheets: Sheets) -> RawReply:
    return read_letter(sheets.pages())


def _texts(seen: Iterable[Seen]) -> list[str]:
    return [each.text for each in seen]


def _text(seen: Seen | None) -> str | None:
    return seen.text if seen else None


def _signed(sheets: Sheets, date: str = "2024年5月17日") -> Sheets:
    return sheets.at_right("甲水区石桥镇人民政府").at_right(date)


# --- marks on top -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marks", "results", "disclosures"),
    [
        (["办理结果：采 纳 解 决", "公开属性：主动公开·全文"], ["采纳解决"], ["主动公开·全文"]),
        (["办理结果:(C)"], ["C"], []),
        (["类别:B"], ["B"], []),
        (["办复类别: A"], ["A"], []),
        (["A类)"], ["A"], []),
        (["（ B 类）"], ["B"], []),
        (["〔A〕", "〔公开〕"], ["A"], ["公开"]),
        (["甲类"], ["甲"], []),
        (["是否同意公开:是"], [], ["同意公开"]),
        (["是否同意公开：(是)"], [], ["同意公开"]),
        (["是否同意公开：否"], [], ["不同意公开"]),
        (["是否依申请公开：是"], [], ["是否依申请公开：是"]),
        (["办理结果：A 公开属性：主动公开"], ["A"], ["主动公开"]),
        (["同意公开"], [], ["同意公开"]),
        (["公开属性："], [], [""]),
        (["公开属性：待定"], [], ["待定"]),
        (["公开属性：主动公开", "公开属性：依申请公开"], [], ["主动公开", "依申请公开"]),
        (["解决或采纳"], ["解决或采纳"], []),
        (["公开方式：主动公开（摘要）"], [], ["主动公开（摘要）"]),
        (["000012", "特急", "公开属性：主动公开"], [], ["主动公开"]),
    ],
)
def test_marks_above_the_masthead(marks: list[str], results: list[str], disclosures: list[str]) -> None:
    """Each form in which offices print the result and the disclosure attribute is found, with its value alone."""
    raw = _read(letter(_BODY, marks=marks))
    assert _texts(raw.result_marks) == results
    assert _texts(raw.disclosure_marks) == disclosures


@pytest.mark.parametrize(
    ("line", "number", "results", "disclosures"),
    [
        ("平交复函[2017]19号B类", "平交复函[2017]19号", ["B"], []),
        ("石教提复〔2022〕46号A类 同意公开", "石教提复〔2022〕46号", ["A"], ["同意公开"]),
        ("石教字﹝2022﹞12号 A类 同意公开", "石教字﹝2022﹞12号", ["A"], ["同意公开"]),
        ("石公提复〔2022〕12号(A类)", "石公提复〔2022〕12号", ["A"], []),
        ("石政建复〔2022〕号(B类)", "石政建复〔2022〕号", ["B"], []),
        ("石教提复〔2022〕46号 类 同意公开", "石教提复〔2022〕46号", ["类"], ["同意公开"]),
    ],
)
def test_marks_glued_to_the_document_number(line: str, number: str, results: list[str], disclosures: list[str]) -> None:
    """What follows the number on its line is a mark of its own."""
    raw = _read(letter(_BODY, number=line))
    assert _texts(raw.document_numbers) == [number]
    assert _texts(raw.result_marks) == results
    assert _texts(raw.disclosure_marks) == disclosures


@pytest.mark.parametrize(
    ("note", "disclosures"),
    [
        ("（此件公开发布）", ["此件公开发布"]),
        ("(依申请公开)", ["依申请公开"]),
        ("注:“主动公开”。", ["主动公开"]),
        ("（此件公开发布）（联系人：赵某；联系电话：55550000）", ["此件公开发布"]),
        ("（更正后重新印发，此件公开发布）", ["此件公开发布"]),
        ("（联系人：赵某，依申请公开）", ["依申请公开"]),
        ("（经代表同意在网上公开要点）", ["经代表同意在网上公开要点"]),
        ("公开属性：不予公开", ["不予公开"]),
    ],
)
def test_marks_below_the_date(note: str, disclosures: list[str]) -> None:
    """A note at the end is a mark as much as a line on top."""
    raw = _read(_signed(letter(_BODY)).paragraph(note))
    assert _texts(raw.disclosure_marks) == disclosures
    assert [paragraph.text for paragraph in raw.paragraphs if paragraph.role is Role.NOTE] == [note]


def test_two_notes_on_one_line_are_two() -> None:
    """（此件公开发布）（联系人：…） says two things."""
    raw = _read(_signed(letter(_BODY)).paragraph("（此件公开发布）（联系人：赵某，电话：55550000）"))
    assert _texts(raw.notes) == ["（此件公开发布）", "（联系人：赵某，电话：55550000）"]
    assert len(raw.contacts) == 1


def test_every_mention_of_the_attribute_is_kept() -> None:
    """What decides publication is collected from everywhere."""
    sheets = _signed(letter(_BODY, marks=["公开属性：主动公开·全文"])).paragraph("（依申请公开）")
    assert _texts(_read(sheets).disclosure_marks) == ["主动公开·全文", "依申请公开"]


def test_a_mark_in_a_running_head_counts() -> None:
    """A head that repeats on every page is no paragraph, but it may be a mark."""
    pages = letter(*[_BODY * 3] * 7).pages()
    head = run("公开属性：依申请公开", 300.0, 800.0)
    marked = tuple(PageText(page.page, page.width, page.height, (head, *page.runs)) for page in pages)
    assert len(pages) > 1
    raw = read_letter(marked)
    assert _texts(raw.disclosure_marks)[:1] == ["依申请公开"]
    assert not any("公开属性" in paragraph.text for paragraph in raw.paragraphs)


@pytest.mark.parametrize(
    ("head", "unknown"),
    [("甲水区政务公开", False), ("甲水区政府信息公开专栏", False), ("暂不政务公开", True), ("公开与否另定", True)],
)
def test_the_name_of_a_site_is_no_mark(head: str, unknown: bool) -> None:
    """甲水区政务公开 at the head of a page says nothing of the letter; whatever else speaks of 公开 might."""
    sheets = letter("现答复如下。", marks=["公开属性：主动公开", head])
    marks = [seen.text for seen in read_letter(sheets.pages()).disclosure_marks]
    assert marks == ["主动公开", *([head] if unknown else [])]


def test_a_mark_in_the_title_counts() -> None:
    """（B类） at the end of the title is a result, and no part of the title."""
    raw = _read(letter(_BODY, title=["关于区政协十五届三次会议第42号提案的答复函(B类)"], title_size=18))
    assert _texts(raw.result_marks) == ["B"]
    assert _text(raw.title) == "关于区政协十五届三次会议第42号提案的答复函"


@pytest.mark.parametrize(
    "sentence",
    [
        "我们建议将检测结果主动公开，涉及商业秘密和个人隐私的内容依申请公开，并保守国家秘密。",
        "凡属于机密、秘密的资料，按照规定管理；“内部资料”一律不外借。",
        "各单位应当按照公开属性：主动公开、依申请公开、不予公开的要求，逐件提出意见，由办公室统一审核。",
        "一、关于推进办理结果公开的情况",
        "二、不公开的情形",
    ],
)
def test_the_same_words_in_a_sentence_are_no_mark(sentence: str) -> None:
    """Prose decides nothing."""
    raw = _read(_signed(letter(_BODY, sentence, "感谢您的支持。")))
    assert not raw.disclosure_marks
    assert not raw.secrecy_marks
    assert not raw.result_marks


@pytest.mark.parametrize(
    "mark",
    [
        "机密",
        "机 密",
        "秘密★1年",
        "绝密★启用前",
        "密级：秘密",
        "内部资料",
        "内部资料，注意保存",
        "不公开",
        "（内部使用）",
        "机密★长期",
    ],
)
@pytest.mark.parametrize("place", ["top", "end", "slanted", "second page"])
def test_a_secrecy_mark_is_found_wherever_it_stands(mark: str, place: str) -> None:
    """On top, in the note at the end, as a watermark, at the head of a later page."""
    sheets = letter(*[_BODY * 2] * (9 if place == "second page" else 2), marks=[mark] if place == "top" else ())
    _signed(sheets)
    if place == "end":
        sheets.paragraph(mark)
    if place == "slanted":
        sheets.runs[0].append(run(mark, 200.0, 400.0, 40.0, upright=False))
    if place == "second page":
        sheets.runs[1].append(run(mark, 420.0, 760.0))
    assert len(_read(sheets).secrecy_marks) >= 1


# --- document number, signatory, title ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        ("石府〔2024〕11号", ["石府〔2024〕11号"]),
        ("石政发【2024】275号", ["石政发【2024】275号"]),
        ("石交函[2019]3号", ["石交函[2019]3号"]),
        ("建复字〔2023〕第29号", ["建复字〔2023〕第29号"]),
        ("石府﹝2024﹞11号", ["石府﹝2024﹞11号"]),
        ("石教字〔2019〕来信号", ["石教字〔2019〕来信号"]),
        ("石交政发〔202527", ["石交政发〔202527"]),
        ("石 府 〔2024〕 11 号", ["石府〔2024〕11号"]),
        ("石府（2024）11号", ["石府（2024）11号"]),
    ],
)
def test_document_numbers_in_every_style(line: str, numbers: list[str]) -> None:
    """Damaged or not, the number is kept as it was written, never mended."""
    assert _texts(_read(letter(_BODY, number=line)).document_numbers) == numbers


def test_a_number_over_three_lines_is_one() -> None:
    """普绿容 / 〔2019〕 / 44号."""
    sheets = Sheets().centred("石绿容").centred("〔2019〕").centred("44号")
    raw = _read(letter(_BODY, number=None, masthead=None, sheets=sheets))
    assert _texts(raw.document_numbers) == ["石绿容〔2019〕44号"]


def test_a_number_in_front_of_the_title_is_no_part_of_it() -> None:
    """嘉菊管[2025]18号对区七届人大…"""
    raw = _read(letter(_BODY, number=None, title=["石府[2025]18号对区七届人大", "六次会议第9号建议的答复"]))
    assert _texts(raw.document_numbers) == ["石府[2025]18号"]
    assert _text(raw.title) == "对区七届人大六次会议第9号建议的答复"


@pytest.mark.parametrize(
    "end", ["（B类）（石府〔2025〕18号）", "[石府〔2025〕18号]（B类）", "（B类）〔石府[2025]18号〕"]
)
def test_class_and_number_behind_the_title_are_no_part_of_it(end: str) -> None:
    """In either order, in brackets of any style."""
    raw = _read(letter(_BODY, number=None, title=["对区七届人大六次会议", f"第9号建议的答复{end}"]))
    assert _text(raw.title) == "对区七届人大六次会议第9号建议的答复"
    assert _texts(raw.document_numbers) in (["石府〔2025〕18号"], ["石府[2025]18号"])
    assert _texts(raw.result_marks) == ["B"]


def test_two_document_numbers_are_two() -> None:
    """Which one is right is for review to say."""
    sheets = letter(_BODY, number=None, title=(), salutation=None, sheets=Sheets().centred("石府〔2024〕11号"))
    sheets = letter(_BODY, masthead=None, number="石府函〔2024〕3号", sheets=Sheets().centred("石府〔2024〕11号"))
    assert _texts(_read(sheets).document_numbers) == ["石府〔2024〕11号", "石府函〔2024〕3号"]


def test_a_number_quoted_in_the_body_or_title_is_not_the_letters_own() -> None:
    """Only what stands in its own place names the document."""
    body = "按照《关于加强管理的意见》（石府〔2023〕8号）的规定，我们推进各项工作。"
    raw = _read(letter(_BODY, body, number=None, title=["对落实国办发〔2014〕46号文件建议的答复"]))
    assert not raw.document_numbers


@pytest.mark.parametrize(("name", "text"), [("陈明远", "陈明远"), ("李 想", "李想"), ("李想 陈明远", "李想、陈明远")])
def test_the_signatory_beside_the_number(name: str, text: str) -> None:
    """文号 and 签发人 share a line."""
    sheets = Sheets().centred("甲水区石桥镇人民政府文件", 30, 0xE60012, skip=2)
    sheets.text("石府〔2024〕11号", sheets.left + SIZE).beside(f"签发人：{name}", sheets.left + 17 * SIZE)
    raw = _read(letter(_BODY, masthead=None, number=None, sheets=sheets))
    assert _text(raw.signatory) == text
    assert _texts(raw.document_numbers) == ["石府〔2024〕11号"]
    assert _text(raw.masthead) == "甲水区石桥镇人民政府文件"


@pytest.mark.parametrize(
    ("title", "meeting", "numbers", "kind"),
    [
        ("对区政协十五届三次会议第153047号提案的答复", "区政协十五届三次会议", ["153047"], "提案"),
        ("关于市十六届人大二次会议第 36 号建议的答复函", "市十六届人大二次会议", ["36"], "建议"),
        ("关于对政协丙县第十届委员会第一次会议第5号提案的答复", "政协丙县第十届委员会第一次会议", ["5"], "提案"),
        (
            "丙县水务局关于县第十六届人民代表大会第二次会议第21-013号建议的答复",
            "县第十六届人民代表大会第二次会议",
            ["21-013"],
            "建议",
        ),
        ("对市政协第十三届一次会议第144033提案的答复", "市政协第十三届一次会议", ["144033"], "提案"),
        (
            "关于政协第十四届全国委员会第二次会议第02403号（医疗卫生类173号）提案答复的函",
            "政协第十四届全国委员会第二次会议",
            ["02403"],
            "提案",
        ),
        ("对区七届人大六次会议第T007号代表建议的答复", "区七届人大六次会议", ["T007"], "建议"),
        ("关于省十四届人大二次会议温36号建议的答复", "省十四届人大二次会议", ["温36"], "建议"),
        ("对区政协九届二次会议第9B111号提案的再次答复", "区政协九届二次会议", ["9B111"], "提案"),
        ("关于市十六届政协二次会议第12、15号提案的答复", "市十六届政协二次会议", ["12", "15"], "提案"),
        ("关于县政协十届三次会议第12号、第15号提案的会办意见", "县政协十届三次会议", ["12", "15"], "提案"),
        ("对区政协十一届三次会议第2024266“关于加快网络覆盖的提案”的复函", "区政协十一届三次会议", ["2024266"], "提案"),
        ("对区七届人大六次会议第36代表建议的答复", "区七届人大六次会议", ["36"], "建议"),
        ("关于加强候车亭建设的提案的答复", None, [], "提案"),
    ],
)
def test_what_the_title_says_of_the_submission(title: str, meeting: str | None, numbers: list[str], kind: str) -> None:
    """Meeting, numbers and kind in every word order; numbers stay strings."""
    lines = [title[at : at + 18] for at in range(0, len(title), 18)]
    raw = _read(letter(_BODY, title=lines))
    assert _text(raw.title) == title.replace(" ", "") or _text(raw.title) == title
    assert (_text(raw.submission.meeting), _texts(raw.submission.numbers)) == (meeting, numbers)
    assert _text(raw.submission.kind) == kind


def test_a_title_as_small_as_the_text_is_still_the_title() -> None:
    """Centred, from 对 to 答复."""
    raw = _read(letter(_BODY, title_size=SIZE, masthead=None))
    assert _text(raw.title) == "对区政协十五届三次会议第153047号提案的答复"
    assert _texts(raw.addressees) == ["王一禾委员"]


def test_a_title_with_its_last_word_on_a_line_of_its_own() -> None:
    """…的 / 答 复."""
    raw = _read(letter(_BODY, title=["对区政协十五届三次会议第153047号提案的", "答  复"]))
    assert _text(raw.title) == "对区政协十五届三次会议第153047号提案的答复"


def test_a_spaced_title_line_is_no_masthead_though_it_ends_like_one() -> None:
    """Programs that space all letters out put spaces into 关 于; the title begins there all the same."""
    first = "关 于 政 协 甲 水 区 第 十 二 届 委 员 会 第 五 次 会"
    raw = _read(letter(_BODY, title=[first, "议第153047号提案的答复"], title_size=18))
    assert _text(raw.title) == "关于政协甲水区第十二届委员会第五次会议第153047号提案的答复"
    assert _text(raw.masthead) == "甲水区石桥镇人民政府文件"


def test_a_title_set_with_wide_lines_is_one() -> None:
    """A page grid may push two lines of a title more than two and a half sizes apart."""
    sheets = Sheets().centred("甲水区石桥镇人民政府文件", 30, 0xE60012, skip=2)
    sheets.centred("关于市政协三届五次会议关于改", 22, skip=2).centred("善停车的提案的复函", 22, skip=2)
    raw = _read(letter(_BODY, masthead=None, number=None, title=[], sheets=sheets))
    assert _text(raw.title) == "关于市政协三届五次会议关于改善停车的提案的复函"


def test_a_black_masthead_is_found_by_its_place() -> None:
    """A reader that sees no colours knows it by size and by 文件."""
    sheets = Sheets().centred("甲水区石桥镇人民政府文件", 30, skip=2)
    raw = _read(letter(_BODY, masthead=None, sheets=sheets))
    assert _text(raw.masthead) == "甲水区石桥镇人民政府文件"
    assert _text(raw.title) == "对区政协十五届三次会议第153047号提案的答复"


# --- addressees ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("salutation", "addressees"),
    [
        ("王一禾委员：", ["王一禾委员"]),
        ("尊敬的王一禾代表：", ["王一禾代表"]),
        ("王一禾代表您好：", ["王一禾代表"]),
        ("王一禾、李想委员：", ["王一禾委员", "李想委员"]),
        ("王一禾等3位委员：", ["王一禾等3位委员"]),
        ("王一禾、李想等代表:", ["王一禾、李想等代表"]),
        ("阿依古丽·买买提代表：", ["阿依古丽·买买提代表"]),
        ("区建管委：", ["区建管委"]),
        ("柳岸街道:", ["柳岸街道"]),
        ("区发展和改革局、区民政局：", ["区发展和改革局", "区民政局"]),
        ("民盟甲水区委：", ["民盟甲水区委"]),
        ("王一禾委员", ["王一禾委员"]),
    ],
)
def test_addressees(salutation: str, addressees: list[str]) -> None:
    """One or several, persons or bodies, with a colon of either width or none."""
    raw = _read(letter(_BODY, salutation=salutation))
    assert _texts(raw.addressees) == addressees
    assert raw.paragraphs[0].role is Role.SALUTATION
    assert raw.paragraphs[0].text == salutation


def test_many_addressees_over_two_lines() -> None:
    """A row of names goes on in the next line."""
    names = ["王一禾", "李想", "陈明远", "赵文静", "周海涛", "吴晓云", "郑立新", "孙亦凡", "林知夏"]
    raw = _read(letter(_BODY, salutation="、".join(names) + "委员："))
    assert _texts(raw.addressees) == [name + "委员" for name in names]


def test_without_an_addressee_none_is_invented() -> None:
    """The first paragraph is then the body."""
    raw = _read(letter(_BODY, salutation=None))
    assert raw.addressees == ()
    assert [paragraph.role for paragraph in raw.paragraphs] == [Role.BODY]


# --- the end ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "date",
    [
        "2024年5月17日",
        "2026年07月03日",
        "2024-06-14",
        "2021/10/28",
        "二〇二四年五月十七日",
        "2018717",
        "2026年13月40日",
        "2019-10-14 14:25:49",
    ],
)
def test_the_date_is_kept_as_it_was_written(date: str) -> None:
    """Also where it is damaged or impossible: nothing is guessed."""
    raw = _read(_signed(letter(_BODY), date))
    assert _text(raw.date_of_issue) == date
    assert _text(raw.signature_block) == "甲水区石桥镇人民政府"
    assert [paragraph.role for paragraph in raw.paragraphs[-2:]] == [Role.SIGNATURE, Role.DATE]


def test_inner_spaces_of_a_date_are_gone_but_kept_in_raw() -> None:
    """2019年 10月14日."""
    raw = _read(_signed(letter(_BODY), "2019年 10月14日"))
    assert raw.date_of_issue is not None
    assert (raw.date_of_issue.text, raw.date_of_issue.raw) == ("2019年10月14日", "2019年 10月14日")


def test_a_date_alone_has_no_signature() -> None:
    """Some offices print the date only."""
    raw = _read(letter(_BODY, "感谢您的支持。").at_right("2024年5月17日"))
    assert raw.signature_block is None
    assert _text(raw.date_of_issue) == "2024年5月17日"
    assert raw.paragraphs[-2].text == "感谢您的支持。"


def test_a_date_in_the_text_is_not_the_date_of_issue() -> None:
    """Only the line in its own place is."""
    assert _read(letter(_BODY, "工程于2023年3月1日开工。")).date_of_issue is None


def test_the_imprint_on_one_line_is_two_things() -> None:
    """印发机关 at the left, 印发日期 at the right."""
    sheets = _signed(letter(_BODY)).text("抄送：区政协提案委，区政府办公室。")
    sheets.text("石桥镇党政办").beside("2024年5月18日印发", sheets.left + 19 * SIZE)
    raw = _read(sheets)
    assert _text(raw.distributing_office) == "石桥镇党政办"
    assert _text(raw.date_of_distribution) == "2024年5月18日"
    assert _texts(raw.copied_to) == ["区政协提案委", "区政府办公室"]
    assert [(each.role, each.text) for each in raw.paragraphs[-3:]] == [
        (Role.COPIED_TO, "抄送：区政协提案委，区政府办公室。"),
        (Role.IMPRINT, "石桥镇党政办"),
        (Role.IMPRINT, "2024年5月18日印发"),
    ]
    assert _text(raw.date_of_issue) == "2024年5月17日"


def test_the_imprint_on_two_lines() -> None:
    """桃浦镇党政办 / 2024年5月17日印发."""
    raw = _read(_signed(letter(_BODY)).text("石桥镇党政办").text("2024年5月18日印发"))
    assert _text(raw.distributing_office) == "石桥镇党政办"
    assert _text(raw.date_of_distribution) == "2024年5月18日"


@pytest.mark.parametrize(
    "line",
    [
        "联系人及电话：赵某 55550000",
        "联 系 人：赵某 联系电话：55550000",
        "（联系人:赵某,联系电话:55550000）",
        "承办人：赵某",
        "经办人：赵某",
    ],
)
def test_contacts_are_known_as_such(line: str) -> None:
    """They are personal data, so they are told apart from the text."""
    raw = _read(_signed(letter(_BODY)).paragraph(line))
    assert len(raw.contacts) == 1
    assert raw.paragraphs[-1].role is Role.NOTE


def test_attachments_are_listed() -> None:
    """附件说明, 7.3.4."""
    sheets = letter(_BODY).paragraph("附件：1.改造站点一览表").text("2.候车亭样式图", Sheets().left + 5 * SIZE)
    raw = _read(_signed(sheets))
    assert _texts(raw.attachments) == ["改造站点一览表", "候车亭样式图"]


def test_headings_have_their_level() -> None:
    """一、 （一） 1."""
    raw = _read(
        _signed(
            letter(
                _BODY, "一、总体情况", "（一）工作进展", "1.站点排查", "今年已经完成全部排查工作，共排查站点三百个。"
            )
        )
    )
    assert [paragraph.role for paragraph in raw.paragraphs[2:6]] == [
        Role.HEADING1,
        Role.HEADING2,
        Role.HEADING3,
        Role.BODY,
    ]


def test_evidence_leads_back_to_the_page() -> None:
    """Every value knows its page and where it stands there."""
    raw = _read(_signed(letter(*[_BODY * 3] * 8)))
    assert raw.date_of_issue is not None
    assert raw.date_of_issue.box is not None
    assert raw.date_of_issue.page == 3 or raw.date_of_issue.page == 2
    assert raw.title is not None
    assert raw.title.raw == "对区政协十五届三次会议\n第153047号提案的答复"


def test_no_pages_give_nothing() -> None:
    """An empty letter has no field."""
    assert read_letter(()) == RawReply()
    assert read_letter((PageText(1, 595.0, 842.0),)) == RawReply()
