"""How a letter looks: sizes, margins, faces and the customs in which offices differ."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

A4 = (595.28, 841.89)

FACES = {
    "Noto Serif CJK SC": "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "Noto Sans CJK SC": "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "AR PL UMing CN": "/usr/share/fonts/truetype/arphic/uming.ttc",
    "AR PL UKai CN": "/usr/share/fonts/truetype/arphic/ukai.ttc",
    "AR PL SungtiL GB": "/usr/share/fonts/truetype/arphic-gbsn00lp/gbsn00lp.ttf",
    "AR PL KaitiM GB": "/usr/share/fonts/truetype/arphic-gkai00mp/gkai00mp.ttf",
    "WenQuanYi Micro Hei": "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "WenQuanYi Zen Hei": "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "LXGW WenKai": "/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf",
}
"""Families of Debian's packages fonts-noto-cjk, fonts-arphic-*, fonts-wqy-* and fonts-lxgw-wenkai."""
KAI_FACES = ("AR PL UKai CN", "AR PL KaitiM GB", "LXGW WenKai")

_LATIN = (None, None, "DejaVu Serif", "Liberation Serif")
_NUMBERING = {
    "— {n} —": 6,
    "- {n} -": 2,
    "－{n}－": 1,
    "{n}": 3,
    "第 {n} 页": 1,
    "第{n}页 共{m}页": 1,
    "{n} / {m}": 1,
    "": 2,
}


@dataclass(frozen=True, slots=True)
class Layout:
    body: str
    """The family of the text; the other two are of headings and of the title."""
    hei: str
    title: str
    latin: str | None
    size: float
    pitch: float
    """Points from baseline to baseline."""
    left: float
    right: float
    top: float
    bottom: float
    justified: bool
    grid: bool
    """28 characters to the line and 22 lines to the page, each in its cell (GB/T 9704-2012, 5.2.3)."""
    indent: float
    """Of first lines, in characters; 0: paragraphs are parted by a gap."""
    gap: float
    """Between paragraphs, in points."""
    numbering: str
    outside: bool
    """Page numbers stand at the outer edge, not in the middle."""
    running: str
    title_size: float
    title_wide: bool
    """Whether the title's lines may be as long as the text's."""
    red: bool
    sign: str
    """right4, right2, centred: how signature and date stand."""
    date_below: bool
    mark_right: bool


def plan_layout(seed: str, faces: tuple[str, ...]) -> Layout:
    """The layout of this seed, in one of the given families."""
    chance = Random(f"layout {seed}")
    body = chance.choice(faces)
    hei = chance.choice(("WenQuanYi Zen Hei", "Noto Sans CJK SC", body))
    size = chance.choice((16.0, 16.0, 16.0, 15.0, 14.0))
    conforming = chance.random() < 0.6
    gap = not conforming and chance.random() < 0.15
    left, right = (79.4, 73.7) if conforming else (chance.choice((62.0, 79.4, 90.0)), chance.choice((62.0, 73.7, 90.0)))
    return Layout(
        body=body,
        hei=hei if hei in faces else body,
        title=chance.choice((body, body, "Noto Serif CJK SC" if "Noto Serif CJK SC" in faces else body)),
        latin=chance.choice(_LATIN),
        size=size,
        pitch=28.95 if conforming else round(size * chance.uniform(1.5, 2.0), 1),
        left=left,
        right=right,
        top=104.9 if conforming else chance.choice((72.0, 90.0, 104.9)),
        bottom=99.2 if conforming else chance.choice((72.0, 90.0)),
        justified=chance.random() < 0.7,
        grid=conforming and size == 16.0 and chance.random() < 0.4,
        indent=0.0 if gap else chance.choice((2.0, 2.0, 2.0, 2.0, 2.2)),
        gap=round(size * chance.uniform(0.6, 1.0), 1) if gap else 0.0,
        numbering=chance.choices(list(_NUMBERING), list(_NUMBERING.values()))[0],
        outside=chance.random() < 0.3,
        running=chance.choice(("", "", "", "", "", "枫浦区政务公开", "建议提案办理复文（内部流转编号2024-17）")),
        title_size=chance.choice((22.0, 22.0, 22.0, 18.0, 20.0)),
        title_wide=chance.random() < 0.5,
        red=chance.random() < 0.75,
        sign=chance.choice(("right4", "right4", "right2", "centred")),
        date_below=chance.random() < 0.9,
        mark_right=chance.random() < 0.15,
    )
