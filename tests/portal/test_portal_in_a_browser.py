"""What a citizen sees, in a real browser, of a bucket that holds nothing but published objects."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from adapters.store.embedded_store import EmbeddedStore
from domain.publication.canonical_json import parse_json
from domain.publication.merkle import root_hash
from domain.publication.object_keys import manifest_key, page_key
from domain.publication.rendition import meeting_of
from domain.publication.tiles import TileTree, tiles_after
from domain.reply import Submission
from tests.portal.browser import CHROMIUM, Browser, running_browser, served
from tests.portal.fixture_bucket import HOSTILE_TITLE, FixtureBucket, fill, reply_id_of

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (Debian package chromium)")

REPLIES = 300


@dataclass(frozen=True)
class Portal:
    """The page of one bucket in the shared tab."""

    browser: Browser
    root: str
    bucket: FixtureBucket

    def open(self, address: str = "index.html", *, width: int = 1280) -> str:
        """Open a page of the portal; what it shows."""
        self.browser.open(self.root + address, width=width)
        return self.browser.text()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as one:
        yield one


@pytest.fixture(scope="module")
def portal(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("public")
    bucket = fill(folder, REPLIES)
    with served(folder) as root:
        yield Portal(browser, root, bucket)


@pytest.fixture
def own_portal(browser: Browser, tmp_path: Path) -> Iterator[Portal]:
    """One of three replies that the test may spoil."""
    bucket = fill(tmp_path, 3)
    with served(tmp_path) as root:
        yield Portal(browser, root, bucket)


def reply_page(number: int, version: int | None = None) -> str:
    """The address of one reply, or of one version of it."""
    return page_key(reply_id_of(number), version)


def titles(portal: Portal) -> list[str]:
    """The titles in the list."""
    found: list[str] = portal.browser.read("[...document.querySelectorAll('.rows h2 a')].map((one) => one.textContent)")
    return found


def test_the_newest_replies_come_first(portal: Portal) -> None:
    """The list begins with what was published last and says how many there are."""
    assert f"共公开 {REPLIES} 件" in portal.open()
    shown = titles(portal)
    assert len(shown) == 20
    assert [title[title.index("第") + 1 :][:6] for title in shown[:3]] == ["000399", "000398", "000397"]


def test_every_reply_is_reached_by_paging(portal: Portal) -> None:
    """From the first page to the last, over the border of two catalogue pages, each reply is shown once."""
    portal.open()
    seen = titles(portal)
    while not portal.browser.read("document.querySelector('.pages button:last-child').disabled"):
        before = portal.browser.read("document.querySelector('.pages span').textContent")
        portal.browser.read("document.querySelector('.pages button:last-child').click()")
        portal.browser.wait_until(f"document.querySelector('.pages span').textContent !== {before!r}")
        seen += titles(portal)
    assert len(seen) == len(set(seen)) == REPLIES


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("kind=建议", 100),
        ("authority=甲区教育局", 100),
        ("year=2024&kind=提案", None),
        ("q=〔2022〕900", 1),
        ("q=[2022]900", 1),
        ("q=加装电梯 建议", 20),
        ("q=000250", 1),
        ("result=正在解决", 100),
    ],
)
def test_filters_and_search_find_what_matches(portal: Portal, query: str, count: int | None) -> None:
    """Filters and search, also from an address, show all rows that match and no other."""
    text = portal.open(f"index.html?{query}")
    if count is None:
        count = sum(
            row["date_of_issue"][:4] == "2024" and row["submission"]["kind"] == "提案"
            for key, page in portal.bucket.derived.items()
            if key.startswith("catalogue/")
            for row in parse_json(page.body)["rows"]
        )
    assert f"找到 {count} 件" in text
    assert len(titles(portal)) == min(20, count)


def test_typing_searches_and_the_address_keeps_it(portal: Portal) -> None:
    """What is typed narrows the list, and the address can be sent to someone else."""
    portal.open()
    portal.browser.read(
        "(() => { const box = document.querySelector('[name=q]'); box.value = '河道'; "
        "box.dispatchEvent(new Event('input', { bubbles: true })); })()"
    )
    portal.browser.wait_until("location.search.includes('q=')")
    assert all("河道" in title for title in titles(portal))


def test_nothing_found_is_said(portal: Portal) -> None:
    """A search without a hit says so in plain words."""
    assert "没有符合条件的答复" in portal.open("index.html?q=不会有的词")


def test_a_reply_is_shown_with_its_fields_text_and_original(portal: Portal) -> None:
    """The page has the fact list, every paragraph, the original with size and digest, its picture and other forms."""
    text = portal.open(reply_page(5))
    original = portal.browser.read("document.querySelector('.open a').href")
    digest = original.rpartition("/")[2].removesuffix(".pdf")
    for words in (
        "答复对象",
        "发文机关",
        "溪府〔2022〕6号",
        "第000105号",
        "主动公开（全文公开）",
        digest,
        "本件为第5件。",
        "公开日期",
        f"{reply_id_of(5)}，第 1 版",
    ):
        assert words in text
    links = portal.browser.read("[...document.links].map((link) => link.href)")
    assert {"pdf", "txt", "json"} <= {link.rpartition(".")[2] for link in links}
    assert all((portal.bucket.folder / urlsplit(link).path.lstrip("/")).is_file() for link in links)
    portal.browser.read("document.querySelector('.note img').scrollIntoView()")
    portal.browser.wait_until("document.querySelector('.note img').naturalWidth === 420")
    assert "00000000" not in text
    assert portal.browser.read("document.title").startswith("对关于")
    assert not portal.browser.read("[...document.scripts].some((one) => one.type !== 'application/ld+json')")


def test_numbers_of_meetings_are_written_alike(portal: Portal) -> None:
    """The page writes 届 and 次 as the artifacts do, for every number that occurs."""
    portal.open()
    words = portal.browser.read(
        "import('/assets/words.js').then((words) => Array.from({ length: 110 }, (_, number) => "
        "words.meetingWords({ body: '区政协', term: number, session: 110 - number })))"
    )
    assert words == [meeting_of(Submission(None, "区政协", number, 110 - number, ())) for number in range(110)]


def test_the_embedded_store_serves_the_page(browser: Browser, tmp_path: Path) -> None:
    """The bare address of the embedded store leads to the list, and its media types let the modules run."""
    fill(tmp_path / "buckets" / "public", 3)
    with EmbeddedStore(tmp_path) as store:
        browser.open(store.public_url)
        browser.wait_until("document.body?.innerText.includes('共公开 3 件')")
        browser.open(f"{store.public_url.rstrip('/')}/{reply_page(0)}")
        assert "溪府〔2022〕900号" in browser.text()


def test_a_summary_has_no_original(portal: Portal) -> None:
    """A 摘要 says that it is one and offers no original."""
    text = portal.open(reply_page(1))
    assert "以摘要方式公开" in text
    assert not portal.browser.read("document.querySelector('.open, .note img')")


def test_an_earlier_version_stays_readable(portal: Portal) -> None:
    """Version 1 of a corrected reply keeps its own fields and leads to the one that counts, and that one back."""
    text = portal.open(reply_page(0))
    assert "溪府〔2022〕900号" in text
    assert "本答复已于2026年2月2日更正" in text
    text = portal.open(reply_page(0, version=1))
    assert "本页固定为第 1 版" in text
    assert "溪府〔2022〕1号" in text
    assert "900号" not in text
    assert portal.browser.read("document.querySelector('.banner a').href") == portal.root + reply_page(0)


@pytest.mark.parametrize("reply_id", ["../log", "%3Cscript%3E", ""])
def test_an_address_that_names_no_reply_gets_a_plain_sentence(portal: Portal, reply_id: str) -> None:
    """And a way back."""
    text = portal.open(f"index.html?reply={reply_id}")
    assert "没有找到这份答复" in text
    assert "回到目录" in text


def test_an_older_form_of_address_leads_to_the_page(portal: Portal) -> None:
    """What others have kept stays good."""
    portal.browser.open(f"{portal.root}index.html?reply={reply_id_of(0)}&version=1")
    portal.browser.wait_until(f"location.pathname === '/{reply_page(0, 1)}'")


def test_an_empty_bucket_is_said_to_be_empty(browser: Browser, tmp_path: Path) -> None:
    """Before the first publication the page says that nothing is public yet."""
    FixtureBucket(tmp_path)
    with served(tmp_path) as root:
        browser.open(root + "index.html")
        assert "还没有公开的答复" in browser.text()


def test_a_store_that_does_not_answer_is_said(browser: Browser, tmp_path: Path) -> None:
    """When the data cannot be read the page says so and can try again."""
    bucket = fill(tmp_path, 3)
    with served(tmp_path) as root:
        browser.open(root + "index.html")
    browser.read("history.pushState(null, '', '?page=2'); dispatchEvent(new PopStateEvent('popstate'))")
    browser.wait_until("document.body.innerText.includes('暂时读不到数据')")
    assert bucket.versions


def test_a_title_cannot_become_markup(portal: Portal) -> None:
    """A title with markup in it is shown as it is written."""
    assert HOSTILE_TITLE in portal.open(reply_page(2))
    assert not portal.browser.read("document.querySelector('img[src=x]')")


@pytest.mark.parametrize("address", ["index.html", reply_page(0), reply_page(0, 1), reply_page(1)])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_hangs_over_the_edge(portal: Portal, address: str, width: int) -> None:
    """No page scrolls sideways, down to 320 pixels."""
    portal.open(address, width=width)
    assert portal.browser.read("document.documentElement.scrollWidth <= innerWidth")


def test_only_published_objects_are_asked_for(portal: Portal) -> None:
    """Every request goes to the bucket, no browser complaint is heard, and no script is inline."""
    for address in ("index.html", reply_page(0)):
        portal.open(address)
        assert all(request.startswith(portal.root) for request in portal.browser.requests)
        assert not portal.browser.complaints


def test_the_keyboard_is_enough(portal: Portal) -> None:
    """The first stop of the Tab key leads to the content, and Enter on a title opens that reply."""
    portal.open()
    portal.browser.press("Tab", code=9)
    assert portal.browser.read("document.activeElement.textContent") == "跳到正文"
    portal.browser.read("document.querySelector('.rows h2 a').focus()")
    portal.browser.press("Enter", code=13)
    portal.browser.wait_until("location.pathname.startsWith('/r/') && document.querySelector('h1')")
    portal.browser.read("history.back()")
    portal.browser.wait_until("document.querySelectorAll('.rows h2').length === 20")


def drop(portal: Portal, key: str, before: str = "") -> str:
    """Give the bytes behind the key to the page as a file; what it answers. `before`: a script that runs first."""
    portal.open("index.html?check")
    if before:
        portal.browser.read(before)
    portal.browser.read(
        f"fetch('/{key}').then((answer) => answer.blob()).then((body) => {{ const one = new DataTransfer(); "
        "one.items.add(new File([body], 'a.pdf')); const input = document.querySelector('#file'); "
        "input.files = one.files; input.dispatchEvent(new Event('change')); })"
    )
    portal.browser.wait_until("document.querySelector('.answer')")
    return portal.browser.text()


def test_a_citizen_checks_a_file(own_portal: Portal) -> None:
    """The same bytes, an earlier version, other bytes, and what was taken down each get their own plain sentence."""
    originals = originals_of(own_portal)
    assert "一致：这些字节就是" in (said := drop(own_portal, originals[2]))
    assert "变更记录第 4 条" in said
    assert "签名完好" in said
    assert said.count("已核对") == 5
    assert said.count("未能核对") == 2
    assert "已被更正：这是第 1 版的原件，现行的是第 2 版" in drop(own_portal, originals[1])
    assert "未知：这些字节不是现在公开的任何一份答复原件" in drop(own_portal, "index.html")
    kept = (own_portal.bucket.folder / originals[2]).read_bytes()
    own_portal.bucket.withdraw(reply_id_of(0))
    own_portal.bucket.finish()
    own_portal.bucket.put("kept.pdf", kept)
    assert "未知" in drop(own_portal, "kept.pdf")


def originals_of(portal: Portal) -> dict[int, str]:
    """Key of the original of each version of the first reply."""
    manifests = [parse_json(path.read_bytes()) for path in (portal.bucket.folder / "doc").glob("*/v*/manifest.json")]
    return {
        manifest["version"]: next(each["key"] for each in manifest["artifacts"] if each["role"] == "original")
        for manifest in manifests
        if manifest["reply_id"] == reply_id_of(0)
    }


@pytest.mark.parametrize(
    ("key", "step"),
    [
        (manifest_key(reply_id_of(0), 2), "发布清单的摘要就是"),
        ("tile/0/000.p/4", "散列树里"),
        ("log/checkpoint", "树根由发布方签名"),
    ],
)
def test_a_record_that_was_tampered_with_is_noticed_in_the_browser(own_portal: Portal, key: str, step: str) -> None:
    """One byte of the manifest, of the tree or of the head: the answer says which link does not hold."""
    path = own_portal.bucket.folder / key
    body = path.read_bytes()
    change = {"log/checkpoint": (b"replies 3", b"replies 4"), "tile/0/000.p/4": (body[:1], bytes([body[0] ^ 1]))}
    path.write_bytes(body.replace(*change.get(key, ("溪府".encode(), "假府".encode())), 1))
    said = drop(own_portal, originals_of(own_portal)[2])
    assert "不符：公开记录前后不一致，请勿采信" in said
    assert step in next(line for line in said.split("\n") if line.startswith("不符：") and "公开记录" not in line)


def test_a_browser_without_ed25519_says_what_it_could_not_check(own_portal: Portal) -> None:
    """It does not take silence for a signature."""
    said = drop(
        own_portal,
        originals_of(own_portal)[2],
        before="crypto.subtle.importKey = () => Promise.reject(new DOMException('', 'NotSupportedError'))",
    )
    assert "未能核对：您的浏览器不能核验 Ed25519 签名" in said
    assert "一致：" not in said
    assert "看到的是最近的记录" not in said


def test_what_is_past_its_expiry_is_not_called_the_same(own_portal: Portal) -> None:
    """An old copy of the whole site is genuine to the last byte, and knows nothing of a withdrawal since."""
    said = drop(own_portal, originals_of(own_portal)[2], before="Date.now = () => 32503680000000")
    assert "一致：" not in said
    assert "不能确认看到的是最近的公开记录" in said
    assert "过期：之后有没有更正或撤回" in said


def test_a_record_that_is_none_is_told_as_that_and_not_as_one_to_ask_for_later(own_portal: Portal) -> None:
    manifest = f"doc/{reply_id_of(0)}/v2/manifest.json"
    original = originals_of(own_portal)[2]
    assert (own_portal.bucket.folder / manifest).exists()
    own_portal.bucket.put(manifest, b"{")
    assert "不符：公开记录前后不一致，请勿采信" in drop(own_portal, original)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 255, 256, 257, 600])
def test_the_browser_rebuilds_the_root_of_a_log_of_any_size(own_portal: Portal, size: int) -> None:
    """From the tiles and one entry; another entry in its place gives another root."""
    entries = [f"entry {number}".encode() for number in range(size)]
    tiles = tiles_after(0, entries, lambda key: b"")
    for key, body in tiles.items():
        own_portal.bucket.put(key, body)
    root = base64.b64encode(root_hash(size, TileTree(size, tiles.__getitem__).complete)).decode()
    own_portal.browser.open(own_portal.root + "statistics.html")
    own_portal.browser.open(own_portal.root + "index.html?check")
    asked = (
        "import('/assets/proof.js').then(({ holds }) => Promise.all(%s.map((number) => "
        f"holds({{ sequence: {size}, root: '{root}' }}, number, new TextEncoder().encode(`entry ${{number - 1}}`)))))"
    )
    numbers = sorted({1, 2, size // 2 + 1, size - 1, size} - {0})
    assert own_portal.browser.read(asked % numbers) == [number <= size for number in numbers]
    assert not own_portal.browser.read(asked.replace("number - 1}", "number}") % [size])[0]


def test_full_text_is_narrowed_by_facets(portal: Portal) -> None:
    """A choice in the form is a facet of the index, and the address keeps it."""
    portal.open("index.html?text=饮水点")
    portal.browser.wait_until("document.querySelector('.filters [name=kind]')")
    portal.browser.read(
        "document.querySelector('.filters [name=kind]').value = '建议'; "
        "document.querySelector('.filters').requestSubmit()"
    )
    # "约": a version that was corrected lately is still counted.
    portal.browser.wait_until("/找到约 10[01] 件/.test(document.querySelector('.count')?.textContent)")
    portal.browser.wait_until("document.querySelector('.rows > li')")
    assert portal.browser.read("location.search.includes('kind=')")
    titles_shown = titles(portal)
    assert titles_shown
    assert all("建议" in title for title in titles_shown)


def test_statistics_need_no_script(portal: Portal) -> None:
    """Counts and bars stand in the page, which asks for nothing but its style."""
    text = portal.open("statistics.html", width=320)
    assert f"现公开答复 {REPLIES} 件：人大代表建议 100 件、政协提案 200 件" in text
    assert portal.browser.read("document.querySelectorAll('.plot rect').length") > 8
    assert portal.browser.read("document.documentElement.scrollWidth <= innerWidth")
    assert not portal.browser.read("document.scripts.length")
    assert not portal.browser.complaints
