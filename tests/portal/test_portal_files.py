"""The files of the page, as a publisher uploads them."""

from __future__ import annotations

import re

from domain.publication.site_particulars import Site
from portal import portal_files


def test_the_page_is_uploaded_after_what_it_names() -> None:
    """`index.html` comes last, and every file that it or another file names is among the files."""
    files = {key: body.decode() for key, body, _ in portal_files()}
    assert list(files)[-1] == "index.html"
    named = set(re.findall(r'"(assets/[^"]+)"', files["index.html"]))
    imported = r'(?:from |import\()"\./([^"]+)"'
    named |= {f"assets/{name}" for body in files.values() for name in re.findall(imported, body)}
    assert named == set(files) - {"index.html"}


def test_the_same_files_every_time() -> None:
    """Uploading again changes nothing."""
    assert list(portal_files()) == list(portal_files())


def test_browsers_are_told_what_each_file_is() -> None:
    """Scripts run only under a script's media type, and text is said to be UTF-8."""
    for key, _, media_type in portal_files():
        assert re.fullmatch(r"[a-z0-9/.]+", key)
        assert media_type == "image/svg+xml" if key.endswith(".svg") else "charset=utf-8" in media_type
        assert ("javascript" in media_type) == key.endswith(".js")


def test_the_page_asks_nothing_of_the_outside() -> None:
    """No file names another host, and the page's policy allows its own files only."""
    for key, body, _ in portal_files():
        assert not re.search(rb"https?://(?!www\.w3\.org/2000/svg)|url\(|//cdn", body), key
    page = {key: body.decode() for key, body, _ in portal_files()}["index.html"]
    assert "default-src 'none'; script-src 'self'" in page


def test_the_office_may_name_its_site() -> None:
    """The name of the site is the office's and cannot break the page."""
    site = Site('甲区 "复文" <公开>', id_code="9901010001", column_keywords="{masthead}")
    page = next(body.decode() for key, body, _ in portal_files(site) if key == "index.html")
    assert "<title>甲区 &quot;复文&quot; &lt;公开&gt;</title>" in page
    assert '<meta name="SiteIDCode" content="9901010001">' in page
    assert '<meta name="ColumnKeywords" content="{masthead}">' in page
    assert "SiteDomain" not in page
