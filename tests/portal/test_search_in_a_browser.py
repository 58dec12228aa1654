"""Full-text search as a citizen uses it: a real browser over static files, nothing found that is not there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from domain.search.index import advance
from domain.search.segment import Document
from portal import portal_files
from tests.portal.browser import CHROMIUM, Browser, running_browser, served

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (Debian package chromium)")

TEXTS = {
    "加装电梯": "居民提出为老旧小区加装电梯，资金由各层分担。",
    "电梯维保": "对已经装上的电梯，按月检修，装好的先修。加固也装了。",
    "步道照明": "河边步道照明今年更换完毕，编号ISO9001。",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as one:
        yield one


def document(number: int, title: str, text: str, folder: Path) -> Document:
    key = f"objects/00/{number:064x}.txt"
    (folder / key).parent.mkdir(parents=True, exist_ok=True)
    (folder / key).write_text(text, encoding="utf-8")
    row = [
        f"990199-{'abcdefghijkl'[number % 10 :].ljust(12, 'a')}",
        1,
        title,
        "甲区建委",
        "2025-03-04",
        "解决采纳",
        key,
    ]
    return Document(row, (title, text))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("public")
    for key, body, _ in portal_files():
        (made / key).parent.mkdir(parents=True, exist_ok=True)
        (made / key).write_bytes(body)
    letters = [document(n, f"关于{title}的答复", text, made) for n, (title, text) in enumerate(TEXTS.items())]
    many = [document(n, f"第{n}号答复", f"绿化养护第{n}处。", made) for n in range(10, 300)]
    for key, written in advance(None, lambda key: (made / key).read_bytes(), [*letters, *many]).items():
        assert written is not None
        (made / key).parent.mkdir(exist_ok=True)
        (made / key).write_bytes(written)
    return made


@pytest.fixture(scope="module")
def root(folder: Path) -> Iterator[str]:
    with served(folder) as address:
        yield address


def search(browser: Browser, root: str, phrase: str, *, width: int = 1280) -> str:
    browser.open(f"{root}index.html?text={quote(phrase)}", width=width)
    browser.wait_until("document.querySelector('.state, .rows > li, .rows[hidden]')")
    return browser.text()


def test_a_word_of_the_text_finds_the_letter_and_shows_the_sentence(browser: Browser, root: str) -> None:
    shown = search(browser, root, "加装电梯")
    assert "找到约 1 件" in shown
    assert "关于加装电梯的答复" in shown
    browser.wait_until("document.querySelector('.quote mark')?.textContent === '加装电梯'")
    assert "资金由各层分担" in browser.text()
    assert browser.complaints == []


@pytest.mark.parametrize("phrase", ["ｉｓｏ９００１", "iso9001", "步道 照明", "第299号"])
def test_width_case_and_spaces_do_not_matter(browser: Browser, root: str, phrase: str) -> None:
    assert "找到约 1 件" in search(browser, root, phrase)


def test_what_is_nowhere_is_not_found_and_what_cannot_be_searched_is_said(browser: Browser, root: str) -> None:
    assert "没有找到。请换一个词" in search(browser, root, "轨道交通")
    assert "标点符号不能单独检索" in search(browser, root, "？！")
    browser.open(f"{root}index.html?text={quote('加装电梯')}&kind={quote('建议')}")
    assert "在所选范围内没有找到" in browser.text()
    assert browser.read("document.querySelector('.count a').search") == f"?text={quote('加装电梯')}"


@pytest.mark.parametrize(
    ("phrase", "count"), [("梯", 2), ("修", 1), ("9", sum("9" in str(n) for n in range(10, 300)) + 1), ("电梯 先", 1)]
)
def test_a_single_character_is_found_wherever_it_stands(browser: Browser, root: str, phrase: str, count: int) -> None:
    """Also where it ends a sentence, and beside a longer word."""
    assert f"找到约 {count} 件" in search(browser, root, phrase)


def test_a_query_in_traditional_characters_finds_the_simplified(browser: Browser, root: str) -> None:
    shown = search(browser, root, "加裝電梯")
    assert "没有找到“加裝電梯”，以下是“加装电梯”的结果。找到约 1 件" in shown
    browser.wait_until("document.querySelector('.quote mark')?.textContent === '加装电梯'")
    assert "没有找到。" in search(browser, root, "軌道交通")


def test_a_very_long_query_asks_for_little_and_still_finds(browser: Browser, root: str) -> None:
    """Somebody pastes a whole paragraph: a bounded number of requests, and the letter is found."""
    text = TEXTS["加装电梯"]
    assert "找到约 1 件" in search(browser, root, text * 40)
    assert len([each for each in browser.requests if ".seg" in each]) < 60
    assert browser.read("document.documentElement.scrollWidth <= innerWidth")


def test_hundreds_of_hits_come_ten_at_a_time_newest_first(browser: Browser, root: str) -> None:
    shown = search(browser, root, "绿化养护")
    assert "找到约 290 件" in shown
    assert browser.read("document.querySelectorAll('.rows > li').length") == 10
    assert "第299号答复" in shown
    browser.read("document.querySelector('.pages button').click()")
    browser.wait_until("document.querySelectorAll('.rows > li').length === 20")


def test_the_form_in_the_masthead_leads_there(browser: Browser, root: str) -> None:
    search(browser, root, "步道照明")
    browser.read(
        "document.querySelector('.find input').value = '加装电梯'; document.querySelector('.find').requestSubmit()"
    )
    browser.wait_until("document.body?.innerText.includes('全文检索：加装电梯')")


def test_a_segment_that_cannot_be_read_is_said_and_no_part_is_taken_for_all(
    browser: Browser, root: str, folder: Path
) -> None:
    """An engine that skipped what it could not fetch would answer with fewer hits, and nobody would know."""
    segment = max(folder.glob("search/*.seg"), key=lambda path: path.stat().st_size)
    away = segment.rename(segment.with_suffix(".away"))
    try:
        shown = search(browser, root, "绿化养护")
    finally:
        away.rename(segment)
    assert "暂时读不到数据" in shown
    assert "找到" not in shown


def test_the_keyboard_is_enough(browser: Browser, root: str) -> None:
    """Type, Enter, and the Tab key goes from the field over the filters to the first result, whose page it opens."""
    browser.open(f"{root}index.html")
    browser.read("document.querySelector('.find input').focus()")
    for char in "步道照明":
        browser.press(char, code=0, text=char)
    browser.press("Enter", code=13)
    browser.wait_until("document.querySelector('.rows h2 a')")
    browser.read("document.querySelector('.find button').focus()")
    for _ in range(12):
        browser.press("Tab", code=9)
        if browser.read("document.activeElement.matches('.rows h2 a')"):
            break
    assert browser.read("document.activeElement.href.includes('/r/990199-')")


def test_it_fits_a_phone(browser: Browser, root: str) -> None:
    search(browser, root, "加装电梯", width=320)
    assert browser.read("document.documentElement.scrollWidth <= innerWidth")
