"""The pages `r/…`: what a citizen opens, cites and finds again, whatever becomes of the reply."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from html import escape

from domain.publication.canonical_json import Json
from domain.publication.object_keys import envelope_key, manifest_key, page_key, proof_key
from domain.publication.page_head import page_head
from domain.publication.rendition import OriginalLink, html_of, notice_page
from domain.reply import Reply

_CHINA = timezone(timedelta(hours=8))


def reply_page(reply: Reply, manifest: Json, original: OriginalLink | None) -> str:
    """The reply as it counts now, with all of its versions."""
    return _page(reply, manifest, original, _versions(manifest))


def version_page(reply: Reply, manifest: Json, original: OriginalLink | None) -> str:
    """One version, which says where the one is that counts now."""
    now = _name(page_key(manifest["reply_id"]))
    sentence = f'<p>本页是第 {manifest["version"]} 版。<a href="{now}">查看现行版本</a></p>'
    return _page(reply, manifest, original, sentence)


def withdrawn_page(tombstone: Json) -> str:
    """What stands at the address of a reply that was taken down: no title, no word of it."""
    change = tombstone["change"]
    sentences = [f"公开编号为 {tombstone['reply_id']} 的复文已于{_day(tombstone['times']['published_at'])}停止公开。"]
    if change:
        sentences.append(f"原因：{change['reason']}。")
        sentences += [f"依据：{change['legal_basis']}。"] if change["legal_basis"] else []
        sentences += [f"说明：{change['note']}"] if change["note"] else []
    return notice_page("此复文已不再公开", sentences)


def _page(reply: Reply, manifest: Json, original: OriginalLink | None, last: str) -> str:
    masked = manifest["provenance"]["rendition"] is not None
    return html_of(
        reply, original=original, masked=masked, record=(*_record(manifest), last), head=page_head(manifest, reply)
    )


def _record(manifest: Json) -> Iterator[str]:
    reply_id, version, change = manifest["reply_id"], manifest["version"], manifest["change"]
    yield f"<p>公开编号：{escape(reply_id)}；第 {version} 版，{_day(manifest['times']['published_at'])}公开。</p>"
    if change:
        note = f"：{change['note']}" if change["note"] else ""
        yield f"<p>本版更正了前一版（{escape(change['reason'] + note)}）。</p>"
    links = {
        "发布清单": manifest_key(reply_id, version),
        "签名": envelope_key(reply_id, version),
        "登记证明": proof_key(reply_id, version),
    }
    signature = manifest["provenance"]["signature"]["detail"]
    if signature:
        yield f"<p>数字签名：{escape(signature)}</p>"
    cited = f"{manifest['issuing_authority']}：《{manifest['title']}》（{manifest['document_number']}）"
    cited += f"，{_written(manifest['times']['date_of_issue'])}，公开编号 {reply_id}，第 {version} 版。"
    yield f"<p>引用格式：{escape(cited)}本页地址长期不变。</p>"
    yield "<p>" + "　".join(f'<a href="../{key}">{name}</a>' for name, key in links.items()) + "</p>"


def _versions(manifest: Json) -> str:
    pages = (
        f'<a href="{_name(page_key(manifest["reply_id"], version))}">第 {version} 版</a>'
        for version in range(1, manifest["version"] + 1)
    )
    return f"<p>各版本：{'　'.join(pages)}</p>"


def _name(key: str) -> str:
    return key.rpartition("/")[2]


def _written(day: str) -> str:
    year, month, number = day.split("-")
    return f"{year}年{int(month)}月{int(number)}日"


def _day(moment: str) -> str:
    day = datetime.fromisoformat(moment).astimezone(_CHINA)
    return f"{day.year}年{day.month}月{day.day}日"
