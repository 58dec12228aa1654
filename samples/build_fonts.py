"""Makes samples/fonts from the Debian packages fonts-lxgw-wenkai and fonts-noto-cjk.

Only needed when a sample uses a character that the committed fonts lack. Run `python -m samples.build_fonts`.
"""

from __future__ import annotations

import lzma
import sys
from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.scaleUpem import scale_upem
from fontTools.ttLib.tables._g_l_y_f import table__g_l_y_f

from samples.page import face_of_paragraph
from samples.specimens import SOURCES, specimens
from samples.typefaces import FONTS, Face

_WENKAI = Path("/usr/share/fonts/truetype/lxgw-wenkai")
_NOTO = Path("/usr/share/fonts/opentype/noto")
_SIMPLIFIED = 2  # the place of the Simplified Chinese face in Noto's collections
_SOURCES = {
    Face.BODY: (_WENKAI / "LXGWWenKai-Light.ttf", "fonts-lxgw-wenkai"),
    Face.KAI: (_WENKAI / "LXGWWenKai-Bold.ttf", "fonts-lxgw-wenkai"),
    Face.SONG: (_NOTO / "NotoSerifCJK-Regular.ttc", "fonts-noto-cjk"),
    Face.TITLE: (_NOTO / "NotoSerifCJK-Bold.ttc", "fonts-noto-cjk"),
    Face.HEI: (_NOTO / "NotoSansCJK-Regular.ttc", "fonts-noto-cjk"),
}
# Coarser than the originals, to keep the letters small: 1/16 pt at the size of the body, finer for the large title.
_UNITS_PER_EM = {Face.BODY: 256, Face.KAI: 256, Face.SONG: 256, Face.HEI: 256, Face.TITLE: 512}
_MADE = 3_786_912_000  # seconds since 1904: 1 January 2024
_PUNCTUATION = "，。、；：？！“”‘’（）《》〈〉〔〕【】—…·％℃①②③④⑤⑥⑦⑧⑨⑩〇★－／＋\u3000"
_ASCII = "".join(map(chr, range(0x20, 0x7F)))
_OFFICIAL = (
    "省市区县镇乡街道办事处人民政府文件委员会局代表建议提案的答复函对关于第届次号"
    "一二三四五六七八九十百年月日政协大签发件"
)


def _gb2312_level_1() -> str:
    cells = ((row, cell) for row in range(16, 56) for cell in range(1, 95) if (row, cell) < (55, 90))
    return "".join(bytes((row + 0xA0, cell + 0xA0)).decode("gb2312") for row, cell in cells)


def _wanted() -> dict[Face, str]:
    letters = [specimen.letter for specimen in specimens() if specimen.letter]
    everything = "".join(path.read_text(encoding="utf-8") for path in sorted(SOURCES.glob("*.toml"))).replace("\n", "")
    paragraphs = [paragraph for each in letters for paragraph in each.body]
    headings = "".join(each for each in paragraphs if face_of_paragraph(each) is not Face.BODY)
    tables = "".join(each for each in paragraphs if each.startswith("|"))
    display = "".join("".join((*each.title, each.masthead, each.seal)) for each in letters)
    common = _ASCII + _PUNCTUATION + _OFFICIAL
    return {
        Face.BODY: _gb2312_level_1() + everything + common,
        Face.SONG: _ASCII + _PUNCTUATION,
        Face.TITLE: display + common,
        Face.HEI: headings + tables + common,
        Face.KAI: headings + "".join(each.signatory for each in letters) + common,
    }


def _subset(path: Path, characters: str) -> TTFont:
    font = TTFont(path, fontNumber=_SIMPLIFIED if path.suffix == ".ttc" else -1)
    options = subset.Options(
        hinting=False,
        layout_features=[],
        glyph_names=False,
        notdef_outline=True,
        name_IDs=[],
        prune_unicode_ranges=False,
        recalc_bounds=False,
    )
    options.drop_tables += ["BASE", "GDEF", "GSUB", "GPOS", "vhea", "vmtx", "VORG", "gasp", "DSIG"]
    maker = subset.Subsetter(options)
    maker.populate(text=characters)
    maker.subset(font)
    return font


def _to_truetype(font: TTFont) -> None:
    """Turn cubic outlines into quadratic ones: the typesetter embeds TrueType only."""
    glyphs = font.getGlyphSet()
    order = font.getGlyphOrder()
    quadratic = {}
    for name in order:
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))
        quadratic[name] = pen.glyph()
    font["loca"] = newTable("loca")
    table: table__g_l_y_f = newTable("glyf")
    table.glyphs, table.glyphOrder = quadratic, order
    font["glyf"] = table
    font["maxp"].tableVersion = 0x00010000
    for name in ("maxZones", "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs"):
        setattr(font["maxp"], name, 1 if name == "maxZones" else 0)
    for name in ("maxStackElements", "maxSizeOfInstructions", "maxComponentElements"):
        setattr(font["maxp"], name, 0)
    font["post"].formatType = 3.0
    del font["CFF "]
    font.sfntVersion = "\000\001\000\000"


def _name(font: TTFont, face: Face) -> None:
    """Rename it: the licence keeps the original names for the originals."""
    names = newTable("name")
    names.names = []
    for number, words in ((1, str(face)), (2, "Regular"), (4, str(face)), (6, str(face))):
        names.setName(words, number, 3, 1, 0x409)
        names.setName(words, number, 1, 0, 0)
    names.setName("SIL Open Font License 1.1", 13, 3, 1, 0x409)
    font["name"] = names


def _steady(path: Path) -> None:
    """Make the tables that a PDF takes over the same whatever characters the subset has.

    Then a font that gains a character leaves the letters that do not use it as they are.
    """
    font = TTFont(path, recalcBBoxes=False, recalcTimestamp=False)
    head, hhea, maxp, windows = font["head"], font["hhea"], font["maxp"], font["OS/2"]
    head.created = head.modified = _MADE
    head.checkSumAdjustment = 0
    em = head.unitsPerEm
    head.xMin, head.yMin, head.xMax, head.yMax = -em, -em, 2 * em, 2 * em
    hhea.advanceWidthMax = hhea.xMaxExtent = em
    hhea.minLeftSideBearing = hhea.minRightSideBearing = 0
    maxp.maxPoints, maxp.maxContours, maxp.maxCompositePoints, maxp.maxCompositeContours = 4096, 256, 0, 0
    windows.xAvgCharWidth = em
    windows.usFirstCharIndex, windows.usLastCharIndex, windows.usMaxContext = 0x20, 0xFFFF, 0
    font.save(path)


def build(face: Face, characters: str) -> Path:
    """Write one face and return its file. Raises SystemExit if its Debian package is not installed."""
    source, package = _SOURCES[face]
    if not source.exists():
        raise SystemExit(f"{source.name} is missing: apt-get install {package}")
    font = _subset(source, characters)
    if "CFF " in font:
        _to_truetype(font)
    scale_upem(font, _UNITS_PER_EM[face])
    _name(font, face)
    unpacked = FONTS / f"{face}.ttf"
    font.save(unpacked)
    _steady(unpacked)
    packed = unpacked.with_suffix(".ttf.xz")
    packed.write_bytes(lzma.compress(unpacked.read_bytes(), preset=9 | lzma.PRESET_EXTREME))
    unpacked.unlink()
    return packed


if __name__ == "__main__":
    for each_face, its_characters in _wanted().items():
        made = build(each_face, its_characters)
        sys.stdout.write(f"{made.name} {made.stat().st_size} bytes\n")
