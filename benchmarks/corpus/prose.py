"""Plausible official prose from a grammar and lists of words. Every place, project and person is invented."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏"
    "陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
)
GIVEN = (
    "思远嘉禾雨晴明哲若兰志恒清扬书怀景行念慈云舒亦凡知秋沐辰望"
    "舒允中致和以宁承平如松启文乐山维新立诚见深守正其琛润之可欣"
)
PLACES = "云溪松陵兰渚雁湖石榆青岚南浔河澜屿江苇丹霞梧岭望川乐溪柏塘清漪桐湾枫泾鹿鸣星渚海棠白鹭"
_TOPICS = (
    "老旧小区加装电梯",
    "完善社区养老服务",
    "优化公交线网",
    "规范电动自行车充电",
    "推进学校体育场地开放",
    "加强河道水环境治理",
    "提升农村生活垃圾分类质量",
    "支持中小微企业融资",
    "扩大普惠托育服务供给",
    "改善医院周边停车难",
    "保护传统村落",
    "发展林下经济",
    "推动“一网通办”向乡镇延伸",
    "建设15分钟健身圈",
    "加快5G网络覆盖",
    "整治噪声扰民",
    "培育AI产业人才",
    "加强外卖骑手权益保障",
    "完善“夜间经济”配套",
    "盘活闲置厂房",
    "建立PM2.5与臭氧协同监测网络",
    "促进非物质文化遗产传承",
)
_VERBS = [
    "推进",
    "完善",
    "加强",
    "落实",
    "优化",
    "健全",
    "细化",
    "统筹",
    "深化",
    "拓展",
    "夯实",
    "规范",
    "改进",
    "盘活",
    "延伸",
    "提升",
]
_THINGS = [
    "公共服务设施",
    "工作机制",
    "部门联动",
    "日常巡查",
    "资金保障",
    "长效管理",
    "信息公开",
    "队伍建设",
    "风险排查",
    "社会参与",
    "数据共享",
    "配套政策",
    "监督考核",
    "试点经验",
    "宣传引导",
    "技术标准",
    "应急预案",
    "业务培训",
    "协商议事",
    "空间布局",
    "存量资源",
    "服务清单",
    "回访制度",
    "项目储备",
    "用地指标",
]
_OFFICES = [
    "发展改革",
    "财政",
    "住房建设",
    "自然资源",
    "交通运输",
    "教育",
    "卫生健康",
    "民政",
    "生态环境",
    "市场监管",
    "文化旅游",
    "农业农村",
    "城市管理",
    "水务",
]
_NAMED = [
    "春雨行动",
    "邻里帮",
    "清水廊道",
    "安居加梯",
    "暖心驿站",
    "链上服务",
    "百园千亭",
    "绿荫计划",
    "一老一小",
    "归巢工程",
    "好停车",
    "微更新",
]
_LATIN = ("APP", "5G", "WiFi", "ISO 9001", "GB/T 50180—2018", "PPP", "BIM", "LED", "CT", "AED", "VOCs", "IPv6", "ETC")
_UNITS = ["个", "处", "条", "家", "户", "台", "座", "项", "所", "名", "批", "公里", "平方米", "万元", "亿元", "人次"]
_PEOPLE = ["居民", "企业", "学生", "老年人", "群众", "村民", "业主", "经营户", "志愿者", "从业人员"]
_QUALITIES = ["有序", "稳步", "明显", "持续", "逐步", "全面", "有力", "扎实", "初步"]


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes with one source of chance, so that the same seed writes the same letter."""

    chance: Random
    latin: float = 0.3
    """How often a Latin word stands in a sentence that could have one."""

    def pick(self, words: Sequence[str]) -> str:
        return self.chance.choice(words)

    def person(self) -> str:
        given = self.chance.choice((1, 2, 2, 2))
        return self.pick(SURNAMES) + "".join(self.pick(GIVEN) for _ in range(given))

    def place(self) -> str:
        start = 2 * self.chance.randrange(len(PLACES) // 2)
        return PLACES[start : start + 2]

    def topic(self) -> str:
        return self.pick(_TOPICS)

    def number(self) -> str:
        kind = self.chance.random()
        if kind < 0.5:
            return str(self.chance.randint(2, 98))
        if kind < 0.75:
            return str(self.chance.randint(100, 9999))
        if kind < 0.9:
            return f"{self.chance.uniform(1, 99):.{self.chance.choice((1, 2))}f}"
        return f"{self.chance.randint(1, 30)}.{self.chance.randint(1, 99)}"

    def quantity(self) -> str:
        if self.chance.random() < 0.25:
            return f"{self.chance.uniform(1, 99):.1f}%"
        return self.number() + self.pick(_UNITS)

    def day(self) -> str:
        year = self.chance.randint(2021, 2025)
        kind = self.chance.randrange(4)
        return (
            f"{year}年",
            f"{year}年{self.chance.randint(1, 12)}月",
            f"{year}年{self.chance.randint(1, 12)}月{self.chance.randint(1, 28)}日",
            f"{year}—{year + self.chance.randint(1, 3)}年",
        )[kind]

    def named(self) -> str:
        name = self.pick(_NAMED)
        return f"“{name}”" + self.pick(("", "项目", "行动", "平台", "专项"))

    def regulation(self) -> str:
        title = self.pick(("实施意见", "管理办法", "三年行动方案（2023—2025年）", "若干措施", "工作指引", "条例"))
        text = f"《{self.place()}{self.pick(('市', '区', '县'))}{self.pick(_THINGS)}{title}》"
        if self.chance.random() < 0.3:
            year = self.chance.randint(2019, 2025)
            text += f"（{self.place()[0]}政办发〔{year}〕{self.chance.randint(1, 99)}号）"
        return text

    def office(self) -> str:
        return f"{self.pick(('区', '市', '县'))}{self.pick(_OFFICES)}{self.pick(('局', '部门', '委'))}"

    def action(self) -> str:
        return self.pick(_VERBS) + self.pick(_THINGS)

    def latin_word(self) -> str:
        if self.chance.random() >= self.latin:
            return ""
        if self.chance.random() < 0.06:
            return f"通过https://www.{self.pick(('example', 'test'))}.gov.cn/fw/{self.chance.randint(100, 99999)}.html"
        return f"运用{self.pick(_LATIN)}"

    def clause(self) -> str:
        pick, number = self.pick, self.quantity
        forms: tuple[Callable[[], str], ...] = (
            lambda: f"{self.day()}以来，{pick(_QUALITIES)}{self.action()}，惠及{pick(_PEOPLE)}{number()}",
            lambda: f"会同{self.office()}、{self.office()}{self.action()}",
            lambda: f"依据{self.regulation()}{self.action()}",
            lambda: f"以{self.named()}为抓手，{self.action()}、{self.action()}",
            lambda: f"已{self.latin_word()}完成{number()}，占计划的{self.chance.uniform(10, 99):.1f}%",
            lambda: f"新增{pick(_THINGS)}点位{number()}，投入资金{self.number()}万元",
            lambda: f"在{self.place()}路、{self.place()}街等路段{self.latin_word()}开展试点",
            lambda: f"明确由{self.office()}牵头，做到“{pick(_VERBS)}有章可循、{pick(_THINGS)}有人负责”",
            lambda: f"针对{pick(_PEOPLE)}反映的{pick(_THINGS)}不足等问题，逐项{pick(_VERBS)}",
            lambda: f"组织{pick(_PEOPLE)}代表座谈{self.number()}次（其中线上{self.chance.randint(2, 9)}次）",
            lambda: f"按照{self.regulation()}的要求，{pick(_QUALITIES)}{self.action()}",
            lambda: f"{self.latin_word()}{self.action()}，{pick(_PEOPLE)}满意度达{self.chance.uniform(80, 99):.2f}%",
        )
        return self.chance.choice(forms)()

    def sentence(self) -> str:
        lead = self.pick(("", "", "一是", "同时，", "目前，", "下一步，", "其中，", "我们将", "此外，", "据统计，"))
        clauses = [self.clause() for _ in range(self.chance.choice((1, 2, 2, 3)))]
        return lead + self.pick(("，", "；", "，")).join(clauses) + "。"

    def paragraph(self) -> str:
        count = self.chance.choice((1, 1, 2, 2, 3, 4))
        text = "".join(self.sentence() for _ in range(count))
        if self.chance.random() < 0.05:
            text += "——" + self.clause() + "。"
        return text

    def heading(self) -> str:
        return self.pick(
            (
                f"{self.pick(_QUALITIES)}{self.action()}",
                f"关于{self.pick(_THINGS)}问题",
                f"{self.action()}，{self.action()}",
                f"加快{self.named()}落地，{self.action()}",
                f"{self.action()}的基本情况",
            )
        )
