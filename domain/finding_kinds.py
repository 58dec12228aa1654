"""The one list of finding codes: what each means and who may do what next.

The documentation is made from this list, and the specimens are counted against it. A code never changes its meaning;
one that is no longer needed is not given to another check.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Grade(StrEnum):
    """How much a finding weighs. The worst one decides the fate."""

    REJECT = "reject"
    HOLD = "hold"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class FindingKind:
    """What a code means, in both languages. `{name}` in a sentence is filled from the finding's details."""

    code: str
    grade: Grade
    zh: str
    """What was found and why it stops."""
    en: str
    remedy_zh: str
    """Who may do what next."""
    remedy_en: str
    source: str = ""
    """The standard, regulation or decision behind the check."""


def _kinds(*kinds: FindingKind) -> Mapping[str, FindingKind]:
    return MappingProxyType({kind.code: kind for kind in kinds})


FINDING_KINDS: Mapping[str, FindingKind] = _kinds(
    # --- the file -------------------------------------------------------------------------------------------------
    FindingKind(
        "empty-file",
        Grade.REJECT,
        "文件是空的（0 字节）。",
        "The file is empty (0 bytes).",
        "请投放单位重新导出后再投放。",
        "The office should export it again and drop it again.",
    ),
    FindingKind(
        "not-a-pdf",
        Grade.REJECT,
        "文件名是 PDF，但内容不是 PDF 文件。",
        "The file is named .pdf but its content is not a PDF.",
        "请投放单位重新导出为 PDF 后再投放。",
        "The office should export it as PDF and drop it again.",
    ),
    FindingKind(
        "pdf-damaged",
        Grade.REJECT,
        "PDF 文件已损坏或不完整，无法打开。",
        "The PDF is damaged or incomplete and cannot be opened.",
        "请投放单位核对原件后重新投放。",
        "The office should check the original and drop it again.",
    ),
    FindingKind(
        "pdf-encrypted",
        Grade.REJECT,
        "PDF 文件加了密（设有打开密码，或限制打印、复制等权限）。",
        "The PDF is encrypted (it has a password, or printing or copying is restricted).",
        "请投放单位去除密码和权限限制后重新签名、投放。",
        "The office should remove the password and the restrictions, sign it again and drop it again.",
    ),
    FindingKind(
        "file-too-large",
        Grade.REJECT,
        "文件大小为 {size_mb} MB，超过 {limit_mb} MB 的上限。",
        "The file has {size_mb} MB; at most {limit_mb} MB are taken.",
        "请投放单位压缩图片或重新导出后再投放。",
        "The office should shrink its images or export it again, and drop it again.",
    ),
    FindingKind(
        "too-many-pages",
        Grade.HOLD,
        "文件共 {pages} 页，超过 {limit} 页的上限，没有读取正文。",
        "The file has {pages} pages; at most {limit} are read.",
        "请审核人核对是否误投了其他文件。",
        "A reviewer should check whether another document was dropped by mistake.",
    ),
    FindingKind(
        "foreign-bytes",
        Grade.REJECT,
        "PDF 的文件头之前或结束标记之后还夹带了 {count} 字节别的内容。",
        "There are {count} bytes of something else before the PDF header or after its end mark.",
        "请投放单位从办公系统重新导出原件后投放。",
        "The office should export the original again and drop it again.",
    ),
    FindingKind(
        "page-count-disputed",
        Grade.HOLD,
        "两个读取程序数出的页数不同（{first} 页和 {second} 页），文件内容有歧义。",
        "Two readers count different numbers of pages ({first} and {second}): the file is ambiguous.",
        "请投放单位重新导出后再投放，或由审核人查看原件。",
        "The office should export it again, or a reviewer should look at the original.",
    ),
    FindingKind(
        "active-content",
        Grade.HOLD,
        "PDF 中含有答复文件不应有的活动内容（{what}），例如脚本、附件、表单、批注或外部链接。",
        "The PDF holds active content that a reply should not have ({what}): scripts, attachments, forms, comments, links.",
        "请投放单位去除后重新导出、签名、投放。",
        "The office should remove it, export and sign it again, and drop it again.",
    ),
    FindingKind(
        "reading-bounds-exceeded",
        Grade.HOLD,
        "读取这份文件时超出了限定的时间或内存，或读取程序中断（{bound}），没有读完。",
        "Reading this file took more time or memory than allowed, or the reader broke off ({bound}).",
        "请审核人查看原件；投放单位重新导出后可再次投放。",
        "A reviewer should look at the original; the office may export it again and drop it again.",
    ),
    # --- the signature --------------------------------------------------------------------------------------------
    FindingKind(
        "signature-missing",
        Grade.HOLD,
        "PDF 没有数字签名，无法确认由谁发出、是否被改动。",
        "The PDF has no digital signature: who issued it and whether it was changed cannot be known.",
        "请投放单位签名后重新投放，或由审核人核对纸质原件。",
        "The office should sign it and drop it again, or a reviewer should compare the paper original.",
    ),
    FindingKind(
        "signature-untrusted",
        Grade.HOLD,
        "数字签名完好，但签名证书不可信。{detail}",
        "The digital signature is intact but its certificate is not trusted. {detail}",
        "请审核人核实签名人；确认可信的，由管理员把其证书颁发机构加入信任目录。",
        "A reviewer should confirm the signer; if right, an administrator adds the issuer to the trust folder.",
    ),
    FindingKind(
        "signature-indeterminate",
        Grade.HOLD,
        "PDF 带有数字签名，但无法判定真伪。{detail}",
        "The PDF has a digital signature that could not be judged. {detail}",
        "请审核人用签名单位的验章工具核验，或请投放单位改用受支持的签名。",
        "A reviewer should check it with the office's own tool, or the office should use a supported signature.",
    ),
    FindingKind(
        "signature-invalid",
        Grade.REJECT,
        "数字签名无效。{detail}",
        "The digital signature is not valid. {detail}",
        "请投放单位用有效证书重新签名后投放。",
        "The office should sign it again with a valid certificate and drop it again.",
    ),
    FindingKind(
        "signature-modified",
        Grade.REJECT,
        "文件在签名之后被改动过。{detail}",
        "The file was changed after it was signed. {detail}",
        "请投放单位投放签名后未经任何改动的原件。",
        "The office should drop the original as it was signed.",
    ),
)
