"""One letter from one seed: what is printed, in which role, and what a reader must make of it.

Every pattern stands for one that was seen in real letters; the words are invented. `traits` name the patterns of a
letter, so that what a reader gets wrong can be grouped by its cause.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from benchmarks.corpus.prose import Writer

NUMERALS = ("", *"一二三四五六七八九", "十", *(f"十{each}" for each in "一二三四五六七八九"), "二十")
_DIGITS = "〇一二三四五六七八九"


@dataclass(slots=True)
class Unit:
    """One paragraph of the letter."""

    role: str
    """A word of `domain.reading.paragraph.Role`, or masthead, mark, number, title."""
    text: str
    """What a reader must say."""
    shown: str = ""
    """What is printed, where that differs: letter-spacing, line ends, full-width figures."""
    beside: str = ""
    """What stands at the right end of the same line."""
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def printed(self) -> str:
        return self.shown or self.text


@dataclass(slots=True)
class Fields:
    """What decides about publication. None and empty: the letter does not say it, or not whole."""

    kind: str | None = None
    title: str = ""
    document_number: str | None = None
    signatory: str | None = None
    addressees: list[str] = field(default_factory=list)
    body: str | None = None
    term: int | None = None
    session: int | None = None
    numbers: list[str] = field(default_factory=list)
    result: str | None = None
    """The mark without its label, brackets and the word 类."""
    disclosure: str | None = None
    """主动公开, 依申请公开, 不予公开."""
    extent: str | None = None
    date: str | None = None


@dataclass(slots=True)
class Letter:
    seed: str
    units: list[Unit] = field(default_factory=list)
    fields: Fields = field(default_factory=Fields)
    traits: list[str] = field(default_factory=list)
    authority: str = ""
    hold: str = ""
    """Why it must not be published as it is; empty: it may be."""


def write_letter(seed: str) -> Letter:
    """The letter of this seed."""
    return _Drafting(seed).letter()


@dataclass(slots=True)
class _Marks:
    """Marks by the place where they are printed."""

    top: list[str] = field(default_factory=list)
    glued: str = ""
    title: str = ""
    end: list[str] = field(default_factory=list)


class _Drafting:
    def __init__(self, seed: str) -> None:
        self.chance = Random(seed)
        self.writer = Writer(self.chance, latin=self.chance.choice((0.0, 0.2, 0.6)))
        self.done = Letter(seed)
        self.fields = self.done.fields
        self.level = self.chance.choice(("区", "区", "县", "市"))
        self.place = self.writer.place()
        self.is_proposal = self.chance.random() < 0.55
        self.marks = _Marks()
        self.day = date(2024, 2, 1) + timedelta(days=self.chance.randrange(900))

    def one(self, **choices: int) -> str:
        """One of the named choices by its weight; its name becomes a trait."""
        name = self.chance.choices(list(choices), list(choices.values()))[0]
        self.done.traits.append(name)
        return name

    def add(self, role: str, text: str, shown: str = "", beside: str = "") -> None:
        self.done.units.append(Unit(role, text, shown, beside))

    def letter(self) -> Letter:
        self._who()
        self._what()
        self._result()
        self._disclosure()
        head = self._number()
        title = self._title()
        for mark in self.marks.top:
            self.add("mark", mark)
        self._masthead()
        self.done.units += head
        self.done.units.append(title)
        self._salutation()
        self._body()
        self._end()
        return self.done

    # --- who answers what ---------------------------------------------------------------------------------------

    def _who(self) -> None:
        area = f"{self.place}{self.level}"
        town = self.writer.place()
        form = self.one(bureau=6, town=3, street=2, committee=2)
        self.done.authority, self.code = {
            "bureau": (
                f"{area}{(office := self.writer.pick(('教育', '交通运输', '民政', '水务', '卫生健康', '财政')))}局",
                self.place[0] + office[0],
            ),
            "town": (f"{area}{town}镇人民政府", f"{self.place[0]}{town[0]}府"),
            "street": (f"{area}{town}街道办事处", f"{town}街办"),
            "committee": (f"{area}发展和改革委员会", f"{self.place[0]}发改"),
        }[form]
        self.code += self.writer.pick(("", "函", "复", "提复", "建复", "复函", "提复字", "建提复字", "管"))

    def _what(self) -> None:
        fields, pick, chance = self.fields, self.writer.pick, self.chance
        self.term, self.session = chance.randint(2, 18), chance.randint(1, 6)
        term, session, level = NUMERALS[self.term], NUMERALS[self.session], self.level
        full = f"{self.place}{level}"
        if self.is_proposal:
            self.meeting = pick(
                (
                    f"{level}政协{term}届{session}次会议",
                    f"{level}政协第{term}届{session}次会议",
                    f"政协{full}第{term}届委员会第{session}次会议",
                    f"{level}{term}届政协{session}次会议",
                    f"{level}政协第{term}届委员会第{session}次会议",
                    f"{full}政协第{term}届{session}次会议",
                )
            )
        else:
            self.meeting = pick(
                (
                    f"{level}第{term}届人民代表大会第{session}次会议",
                    f"{level}{term}届人大{session}次会议",
                    f"{level}第{term}届人大{session}次会议",
                    f"{full}第{term}届人民代表大会第{session}次会议",
                    f"{term}届{level}人大{session}次会议",
                )
            )
        fields.term, fields.session = self.term, self.session
        scheme = self.one(
            number_encoded=3, number_plain=4, number_padded=3, number_dashed=1, number_lettered=2, number_year=2
        )
        serial = chance.randint(1, 288)
        number = {
            "number_encoded": f"{self.term:02}{self.session}{serial:03}",
            "number_plain": str(chance.choice((serial, serial * 29 % 9000 + 1))),
            "number_padded": f"{serial:0{chance.choice((3, 4, 5))}}",
            "number_dashed": f"{self.day.year % 100}-{serial:03}",
            "number_lettered": pick((f"T{serial:03}", f"BH{serial:03}", f"温{serial % 90 + 1}", f"9B{serial:03}")),
            "number_year": f"{self.day.year}{serial:0{chance.choice((3, 4))}}",
        }[scheme]
        fields.numbers = [number]

    # --- marks --------------------------------------------------------------------------------------------------

    def _result(self) -> None:
        form = self.one(
            result_words=4, result_letter=2, class_label=2, class_bare=2, class_hex=1, class_glued=2, class_title=1,
            class_end=1, result_none=3,
        )  # fmt: skip
        words = self.writer.pick(
            ("解决采纳", "采纳解决", "解决或采纳", "正在解决", "计划解决", "留作参考", "列入计划拟解决")
        )
        letter = self.writer.pick("AABBCD")
        colon = self.writer.pick("：：:")
        spaced = " ".join(words) if self.chance.random() < 0.4 else words
        self.fields.result = {"result_words": words, "result_none": None}.get(form, letter)
        marks = self.marks
        match form:
            case "result_words":
                marks.top.append(f"办理结果{colon}{spaced}")
            case "result_letter":
                marks.top.append(f"办理结果{colon}({letter})")
            case "class_label":
                marks.top.append(f"类别{colon}{letter}")
            case "class_bare":
                marks.top.append(self.writer.pick((f"({letter}类)", f"（{letter}类）", f"( {letter} 类)")))
            case "class_hex":
                marks.top.append(f"〔{letter}〕")
            case "class_glued":
                marks.glued = self.writer.pick((f"{letter}类", f" {letter}类", f"({letter}类)"))
            case "class_title":
                marks.title = f"（{letter}类）"
            case "class_end":
                marks.end.append(f"办复类别: {letter}")

    def _disclosure(self) -> None:
        form = self.one(
            open_attribute=6, open_extent=4, open_agreed=2, open_asked=2, open_hex=2, open_glued=2, open_note=5,
            open_remark=1, on_application=2, withheld=1, disclosure_none=1,
        )  # fmt: skip
        fields, marks, pick = self.fields, self.marks, self.writer.pick
        fields.disclosure = "主动公开"
        colon = pick("：：:")
        match form:
            case "open_attribute":
                marks.top.append(f"{pick(('公开属性', '公开属性', '公开方式'))}{colon}主动公开")
            case "open_extent":
                fields.extent = pick(("全文", "全文", "摘要"))
                joint = pick(("·{}", "（{}）", "/{}"))
                marks.top.append(f"公开属性{colon}主动公开" + joint.format(fields.extent))
            case "open_agreed":
                marks.top.append("同意公开")
            case "open_asked":
                marks.top.append(pick(("是否同意公开:是", "是否同意公开：（是）", "是否同意公开:(是)")))
            case "open_hex":
                marks.top.append(pick(("〔公开〕", "〔主动公开〕")))
            case "open_glued":
                marks.glued += "  同意公开" if marks.glued else "  主动公开"
            case "open_note":
                marks.end.append(pick(("（此件公开发布）", "(此件公开发布)", "（此件主动公开）", "（主动公开）")))
            case "open_remark":
                marks.end.append("注：“主动公开”。")
            case "on_application":
                fields.disclosure = "依申请公开"
                if self.chance.random() < 0.5:
                    marks.top.append(f"公开属性{colon}依申请公开")
                else:
                    marks.end.append("（依申请公开）")
                self.done.hold = "on application"
            case "withheld":
                fields.disclosure = "不予公开"
                marks.top.append(f"公开属性{colon}不予公开")
                self.done.hold = "withheld"
            case "disclosure_none":
                fields.disclosure = None
                self.done.hold = "no disclosure"
        if fields.extent == "摘要":
            self.done.hold = "summary of a full text"
        if len(marks.top) > 1 and self.chance.random() < 0.3:
            marks.top.reverse()

    # --- head ---------------------------------------------------------------------------------------------------

    def _masthead(self) -> None:
        form = self.one(masthead_document=5, masthead_plain=3, masthead_none=2)
        if form == "masthead_none":
            return
        text = self.done.authority + ("文件" if form == "masthead_document" else "")
        shown = " ".join(text) if self.chance.random() < 0.15 else ""
        self.add("masthead", text, shown)

    def _number(self) -> list[Unit]:
        """The units of the document number; those that stand in the title are left to `_title`."""
        chance, fields = self.chance, self.fields
        brackets = {
            "bracket_hexagonal": "〔〕",
            "bracket_ascii": "[]",
            "bracket_lenticular": "【】",
            "bracket_small": "﹝﹞",
        }
        bracket = self.one(bracket_hexagonal=12, bracket_ascii=3, bracket_lenticular=1, bracket_small=1)
        before, after = brackets[bracket][:1], brackets[bracket][1:]
        serial, year = chance.randint(1, 320), self.day.year
        part = self.one(serial_plain=14, serial_ordinal=2, serial_padded=1, serial_missing=1)
        written = {
            "serial_plain": f"{serial}号",
            "serial_ordinal": f"第{serial}号",
            "serial_padded": f"{serial:03}号",
            "serial_missing": "号",
        }[part]
        whole = f"{self.code}{before}{year}{after}{written}"
        fields.document_number = f"{self.code}〔{year}〕{serial}号"
        if part == "serial_missing":
            fields.document_number = None
            self.done.hold = self.done.hold or "number damaged"
        place = self.one(number_line=8, number_signatory=4, number_before_title=1, number_after_title=1, number_split=1)
        self.number_in_title = ""
        signatory = ""
        if place == "number_signatory" or (place == "number_line" and chance.random() < 0.15):
            fields.signatory = self.writer.person()
            name = " ".join(fields.signatory) if len(fields.signatory) == 2 else fields.signatory
            signatory = f"签发人：{name}"
        if place in {"number_before_title", "number_after_title"} and not self.marks.glued:
            self.number_in_title = f"<{whole}" if place == "number_before_title" else f">{whole}"
            return []
        whole += self.marks.glued
        if place == "number_signatory":
            return [Unit("number", whole, beside=signatory)]
        if place == "number_split" and not self.marks.glued:
            lines = f"{self.code}\n{before}{year}{after}\n{written}"
            return [Unit("number", whole, lines)]
        return [Unit("number", whole), *([Unit("number", signatory)] if signatory else [])]

    def _title(self) -> Unit:
        fields, pick = self.fields, self.writer.pick
        form = self.one(
            kind_reply=10, kind_letter=4, kind_of_letter=2, kind_return=2, kind_text=1, kind_summary=1, kind_joint=2,
            kind_assisting=1, kind_further=1, kind_progress=1,
        )  # fmt: skip
        ending, fields.kind = {
            "kind_reply": ("的答复", "答复"),
            "kind_letter": ("的答复函", "答复函"),
            "kind_of_letter": ("答复的函", "答复函"),
            "kind_return": ("的复函", "复函"),
            "kind_text": ("的复文", "复文"),
            "kind_summary": ("的答复摘要", "答复摘要"),
            "kind_joint": (pick(("的会办意见", "的会办意见的函")), "会办意见"),
            "kind_assisting": ("的协办意见的函", "协办意见"),
            "kind_further": ("的再次答复", "再次答复"),
            "kind_progress": ("办理情况的答复", "答复"),
        }[form]
        if fields.kind in {"会办意见", "协办意见", "再次答复"}:
            self.done.hold = self.done.hold or "kind held by policy"
        if fields.kind == "答复摘要" and fields.extent == "全文":
            self.done.hold = self.done.hold or "summary marked full text"
        if fields.kind == "答复摘要" and fields.extent == "摘要" and self.done.hold == "summary of a full text":
            self.done.hold = ""
        number = self._title_number()
        word = "提案" if self.is_proposal else pick(("建议", "建议", "代表建议"))
        topic = pick(("", "", f"关于{self.writer.topic()}的"))
        quoted = f"“{topic}{word}”" if topic and self.chance.random() < 0.4 else f"{topic}{word}"
        lead = pick(("对", "关于", "关于对"))
        if self.chance.random() < 0.15:
            lead = self.done.authority + pick(("关于", "对"))
            self.done.traits.append("title_names_authority")
        gap = pick(("", "", "", " "))
        text = f"{lead}{self.meeting}{gap}{number}{quoted}{ending}"
        shown = text + self.marks.title
        if self.chance.random() < 0.15 and ending.endswith("答复"):
            shown = shown.replace("答复", "答 复", 1) if "答复" not in text[:-2] else shown
        if self.number_in_title.startswith("<"):
            shown = self.number_in_title[1:] + shown
        elif self.number_in_title:
            shown += (
                f"〔{self.number_in_title[1:]}〕"
                if "〔" not in self.number_in_title
                else f"（{self.number_in_title[1:]}）"
            )
        fields.title = "".join(text.split())
        body = "政协" if self.is_proposal else "人大"
        fields.body = body
        return Unit("title", fields.title, shown)

    def _title_number(self) -> str:
        fields, number = self.fields, self.fields.numbers[0]
        form = self.one(title_number=10, title_number_spaced=3, title_number_bare=1, title_numbers=1, title_none=1)
        match form:
            case "title_number_spaced":
                return f"第 {number} 号"
            case "title_number_bare":
                return f"第{number}"
            case "title_numbers" if number.isdigit():
                other = str(int(number) + self.chance.randint(1, 9)).zfill(len(number))
                fields.numbers.append(other)
                return self.writer.pick((f"第{number}号、第{other}号", f"第{number}、{other}号"))
            case "title_none":
                fields.numbers = []
                self.done.hold = self.done.hold or "no number"
                return ""
        return f"第{number}号"

    def _salutation(self) -> None:
        fields, pick, person = self.fields, self.writer.pick, self.writer.person
        noun = "委员" if self.is_proposal else "代表"
        if fields.kind in {"会办意见", "协办意见"}:
            unit = pick(("建设和管理委员会", "发展改革局", "真溪镇人民政府", "云岭街道办事处", "教育局"))
            fields.addressees = [f"{self.level}{unit}" if "镇" not in unit and "街" not in unit else unit]
            self.add("salutation", f"{fields.addressees[0]}：")
            return
        form = self.one(
            to_one=8, to_dear=4, to_two=3, to_many=2, to_crowd=2, to_dotted=1, to_party=1, to_greeted=2, to_bare=1,
            to_spaced=1,
        )  # fmt: skip
        one = person()
        people = [person() for _ in range(2 if form == "to_two" else self.chance.randint(5, 12))]
        match form:
            case "to_one":
                fields.addressees, text = [one + noun], f"{one}{noun}："
            case "to_dear":
                fields.addressees, text = [one + noun], f"尊敬的{one}{noun}："
            case "to_two":
                fields.addressees, text = [each + noun for each in people], f"{people[0]}、{people[1]}{noun}："
            case "to_many":
                fields.addressees = [each + noun for each in people]
                text = "、".join(fields.addressees if self.chance.random() < 0.5 else people)
                text += "：" if text.endswith(noun) else f"{noun}："
            case "to_crowd":
                crowd = f"{one}等{self.chance.randint(2, 9)}{'位' if self.is_proposal else '名'}{noun}"
                fields.addressees, text = [crowd], f"{crowd}："
            case "to_dotted":
                name = f"阿依{self.writer.place()}·吐尔{self.writer.place()[0]}"
                fields.addressees, text = [name + noun], f"{name}{noun}："
            case "to_party":
                party = pick(("民盟", "民建", "九三学社", "农工党")) + pick((f"{self.level}委", f"{self.level}委会"))
                if not self.is_proposal:
                    party = f"{one}{noun}"
                fields.addressees, text = [party], f"{party}："
            case "to_greeted":
                fields.addressees, text = [one + noun], f"{one}{noun}，您好："
            case "to_bare":
                fields.addressees, text = [one + noun], f"{one}{noun}"
            case _:
                name = " ".join(one) if len(one) == 2 else one
                fields.addressees, text = [one + noun], f"{one}{noun}："
                self.add("salutation", text, f"{name}{noun}：")
                return
        self.add("salutation", text)

    # --- text ---------------------------------------------------------------------------------------------------

    def _body(self) -> None:
        writer, chance = self.writer, self.chance
        word = "提案" if self.is_proposal else "建议"
        quoted = writer.pick(("“关于{}的{}”", "《关于{}的{}》", "关于{}的{}")).format(writer.topic(), word)
        whose = "贵单位转来的" if self.fields.kind in {"会办意见", "协办意见"} else "您提出的"
        told = writer.pick(("答复", "函复", "将有关情况回复"))
        self.add("body", f"{whose}{quoted}收悉。{writer.sentence()}经会同{writer.office()}研究，现{told}如下：")
        for index in range(chance.choice((0, 2, 3, 3, 4))):
            self.add("heading1", f"{NUMERALS[index + 1]}、{writer.heading()}")
            self._section()
        if chance.random() < 0.25:
            self._table()
        for _ in range(chance.choice((1, 1, 2))):
            self.add("body", writer.paragraph())
        self.add(
            "body", f"感谢您对{self.place}{self.level}{writer.pick(('教育', '城市建设', '民生'))}工作的关心和支持。"
        )
        if chance.random() < 0.3:
            self.add("body", writer.pick(("特此答复。", "此复。", "专此函复。", "以上答复，如有不妥，请批评指正。")))

    def _section(self) -> None:
        writer, chance = self.writer, self.chance
        form = chance.choice(("plain", "plain", "second", "runin", "third", "list"))
        forms: dict[str, Callable[[], None]] = {
            "plain": self._plain,
            "second": lambda: self._headed("heading2", "（{}）", NUMERALS[1:]),
            "third": lambda: self._headed("heading3", writer.pick(("{}.", "{}．", "（{}）")), tuple("12345")),
            "runin": self._run_in,
            "list": self._list,
        }
        forms[form]()

    def _plain(self) -> None:
        for _ in range(self.chance.choice((1, 2))):
            self.add("body", self.writer.paragraph())

    def _headed(self, role: str, form: str, counts: tuple[str, ...]) -> None:
        for index in range(self.chance.choice((2, 2, 3))):
            text = form.format(counts[index]) + self.writer.heading()
            self.add(role, text + ("。" if role == "heading2" and self.chance.random() < 0.2 else ""))
            self.add("body", self.writer.paragraph())

    def _run_in(self) -> None:
        """（一） with a sentence behind it in the same paragraph."""
        for index in range(self.chance.choice((2, 3))):
            self.add("body", f"（{NUMERALS[index + 1]}）{self.writer.heading()}。{self.writer.paragraph()}")

    def _list(self) -> None:
        for index in range(self.chance.choice((2, 3))):
            self.add("body", f"{index + 1}.{self.writer.heading()}。{self.writer.sentence()}")

    def _table(self) -> None:
        writer, chance = self.writer, self.chance
        self.done.traits.append("table")
        columns = chance.choice((3, 4))
        head = ("序号", "项目", "责任单位", "完成时限")[:columns]
        rows = [head]
        rows += [
            (str(index + 1), writer.action(), writer.office(), writer.day())[:columns]
            for index in range(chance.randint(2, 7))
        ]
        self.done.units.append(Unit("table", "\n".join("\t".join(row) for row in rows), rows=tuple(rows)))

    # --- end ----------------------------------------------------------------------------------------------------

    def _end(self) -> None:
        chance, pick = self.chance, self.writer.pick
        if chance.random() < 0.12:
            self.done.traits.append("attachments")
            self.done.hold = self.done.hold or "attachment named but absent"
            names = [
                f"{self.writer.place()}{pick(('路', '街'))}{pick(('点位表', '责任清单', '进度表'))}" for _ in range(2)
            ]
            self.add("body", f"附件：{names[0]}")
        form = self.one(signed=8, unsigned=2, signed_on_one_line=1)
        written = self._written_date()
        if form == "signed_on_one_line":
            self.add("signature", self.done.authority, beside=written)
        else:
            if form == "signed":
                self.add("signature", self.done.authority)
            elif not any(unit.role == "masthead" for unit in self.done.units):
                self.done.hold = self.done.hold or "no authority"
            self.add("date", "".join(written.split()) if ":" not in written else written, written)
        for mark in self.marks.end:
            self.add("note", mark)
        self._contacts()
        self._imprint()

    def _written_date(self) -> str:
        day, fields = self.day, self.fields
        form = self.one(
            date_plain=16, date_spaced=1, date_padded=1, date_numerals=2, date_signs=1, date_full_width=1,
            date_damaged=1, date_impossible=1,
        )  # fmt: skip
        fields.date = day.isoformat()
        plain = f"{day.year}年{day.month}月{day.day}日"
        match form:
            case "date_spaced":
                return f"{day.year}年 {day.month}月{day.day}日"
            case "date_padded":
                return f"{day.year}年{day.month:02}月{day.day:02}日"
            case "date_numerals":
                year = "".join(_DIGITS[int(digit)] for digit in str(day.year))
                return f"{year}年{NUMERALS[day.month]}月{_day_numeral(day.day)}日"
            case "date_signs":
                return self.writer.pick((f"{day:%Y-%m-%d}", f"{day.year}/{day.month}/{day.day}"))
            case "date_full_width":
                return plain.translate({ord("0") + each: ord("０") + each for each in range(10)})
            case "date_damaged":
                fields.date = None
                self.done.hold = self.done.hold or "date damaged"
                return f"{day.year}{day.month}{day.day}"
            case "date_impossible":
                fields.date = None
                self.done.hold = self.done.hold or "date impossible"
                return f"{day.year}年13月{day.day}日"
        return plain

    def _contacts(self) -> None:
        form = self.one(contact_none=5, contact_note=2, contact_lines=1, contact_office=1)
        who, phone = self.writer.person(), f"0{self.chance.randint(100, 999)}-{self.chance.randint(2000000, 8999999)}"
        match form:
            case "contact_note":
                self.add("note", f"（联系人：{who}，联系电话：{phone}）")
            case "contact_lines":
                self.add("note", f"联系人：{who}")
                self.add("note", f"联系电话：{phone}")
            case "contact_office":
                self.add("note", f"联系单位及电话：{self.done.authority}办公室　{phone}")

    def _imprint(self) -> None:
        form = self.one(imprint_none=3, imprint_full=4, imprint_short=2, copied_only=1)
        level = self.level
        copied = self.writer.pick(
            (
                f"{level}人大常委会代表工作委员会，{level}政府办公室。",
                f"{level}政协提案委员会，{level}政府督查室。",
                f"{level}人大联工委（2），{level}政府办（2）。",
            )
        )
        if form in {"imprint_full", "copied_only"}:
            self.add("copied_to", f"{self.writer.pick(('抄送', '抄送', '抄报'))}：{copied}")
        if form in {"imprint_full", "imprint_short"}:
            later = self.day + timedelta(days=self.chance.choice((0, 0, 1, 2)))
            office = f"{self.done.authority}办公室"
            self.add("imprint", office, beside=f"{later.year}年{later.month}月{later.day}日印发")


def _day_numeral(day: int) -> str:
    tens, ones = divmod(day, 10)
    return f"{('', '十', '二十', '三十')[tens]}{NUMERALS[ones]}"
