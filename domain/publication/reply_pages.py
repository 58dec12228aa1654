"""The pages `r/…`: what a citizen opens, cites and finds again, whatever becomes of the reply."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from html import escape

from domain.publication.canonical_json import Json
from domain.publication.manifest import ArtifactRole
from domain.publication.notice import Reason
from domain.publication.object_keys import envelope_key, manifest_key, page_key, proof_key
from domain.publication.page_head import page_head
from domain.publication.rendition import OriginalLink, html_of, notice_page, size_words
from domain.publication.site_frame import masthead, site_tags
from domain.publication.site_particulars import Site
from domain.reply import Reply

_CHINA = timezone(timedelta(hours=8))
_TOP = "../"


def reply_page(reply: Reply, manifest: Json, site: Site) -> str:
    """The reply as it counts now, with all of its versions."""
    return _page(reply, manifest, site, _corrected(manifest), _versions(manifest))


def version_page(reply: Reply, manifest: Json, site: Site) -> str:
    """One version, which says where the one is that counts now."""
    now = _name(page_key(manifest["reply_id"]))
    banner = f'本页固定为第 {manifest["version"]} 版，不随更正变动。<a href="{now}">查看现行版本</a>'
    return _page(reply, manifest, site, banner, "")


def withdrawn_page(tombstone: Json, site: Site) -> str:
    """What stands at the address of a reply that was taken down: no title, no word of it."""
    change = tombstone["change"]
    sentences = [f"公开编号为 {tombstone['reply_id']} 的复文已于{_day(tombstone['times']['published_at'])}停止公开。"]
    if change:
        sentences.append(f"原因：{change['reason']}。")
        sentences += [f"依据：{change['legal_basis']}。"] if change["legal_basis"] else []
        sentences += [f"说明：{change['note']}"] if change["note"] else []
    return notice_page("此复文已不再公开", sentences, site_tags(site), masthead(site, _TOP))


def _page(reply: Reply, manifest: Json, site: Site, banner: str, last: str) -> str:
    return html_of(
        reply,
        original=_original(manifest),
        masked=manifest["provenance"]["rendition"] is not None,
        known=tuple(_known(manifest)),
        banner=banner,
        record=(*_record(manifest), *filter(None, [last])),
        head=page_head(manifest, reply, site),
        frame=masthead(site, _TOP),
    )


def _known(manifest: Json) -> Iterator[tuple[str, str]]:
    authority = manifest["disclosing_authority"]
    if authority and authority != manifest["issuing_authority"]:
        yield "公开主体", authority
    for label, value in (("索引号", manifest["index_number"]), ("主题分类", manifest["topic"])):
        if value:
            yield label, value
    yield "公开日期", _day(manifest["times"]["published_at"])
    yield "公开编号", f"{manifest['reply_id']}，第 {manifest['version']} 版"


def _corrected(manifest: Json) -> str:
    change, version = manifest["change"], manifest["version"]
    if version == 1:
        return ""
    why = f"（{escape(_why(change))}）" if change and _why(change) else ""
    before = _name(page_key(manifest["reply_id"], version - 1))
    return f'本答复已于{_day(manifest["times"]["published_at"])}更正{why}。<a href="{before}">查看前一版</a>'


def _why(change: Json) -> str:
    """The reason's class, unless it says only that something was corrected, and the note."""
    reason = None if change["reason"] == Reason.CONTENT_CORRECTED else change["reason"]
    return "：".join(filter(None, (reason, change["note"])))


def _record(manifest: Json) -> Iterator[str]:
    reply_id, version = manifest["reply_id"], manifest["version"]
    files = {each["role"]: each for each in manifest["artifacts"]}
    signature = manifest["provenance"]["signature"]["detail"]
    if signature:
        yield f"<p>公开时核验的数字签名：{escape(signature)}</p>"
    cited = f"{manifest['issuing_authority']}：《{manifest['title']}》（{manifest['document_number']}）"
    cited += f"，{_written(manifest['times']['date_of_issue'])}，公开编号 {reply_id}，第 {version} 版。"
    yield f"<p>引用格式：{escape(cited)}本页地址长期不变。</p>"
    preview = files.get(ArtifactRole.PREVIEW)
    if preview:
        # Its size is not known here; the style keeps the place of an A4 page.
        yield f'<img src="{_TOP}{preview["key"]}" alt="原件第一页的图像" loading="lazy">'
    links = [
        (each["key"], f"{words}（{size_words(each['size_bytes'])}）")
        for role, words in ((ArtifactRole.TEXT, "纯文本"), (ArtifactRole.REPLY_JSON, "JSON 数据"))
        if (each := files.get(role))
    ]
    links += [
        (manifest_key(reply_id, version), "发布清单"),
        (envelope_key(reply_id, version), "清单签名"),
        (proof_key(reply_id, version), "登记证明"),
        ("index.html?check", "核对手里的文件"),
    ]
    yield '<p class="links">' + "\n".join(f'<a href="{_TOP}{key}">{words}</a>' for key, words in links) + "</p>"


def _versions(manifest: Json) -> str:
    if manifest["version"] == 1:
        return ""
    pages = "\n".join(
        f'<a href="{_name(page_key(manifest["reply_id"], version))}">第 {version} 版</a>'
        for version in range(1, manifest["version"] + 1)
    )
    return f'<p class="links">各版本：{pages}</p>'


def _original(manifest: Json) -> OriginalLink | None:
    for artifact in manifest["artifacts"]:
        if artifact["role"] == ArtifactRole.ORIGINAL:
            return OriginalLink(f"{_TOP}{artifact['key']}", artifact["sha256"], artifact["size_bytes"])
    return None


def _name(key: str) -> str:
    return key.rpartition("/")[2]


def _written(day: str) -> str:
    year, month, number = day.split("-")
    return f"{year}年{int(month)}月{int(number)}日"


def _day(moment: str) -> str:
    day = datetime.fromisoformat(moment).astimezone(_CHINA)
    return f"{day.year}年{day.month}月{day.day}日"
