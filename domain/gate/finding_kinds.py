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
    by_code = {kind.code: kind for kind in kinds}
    if len(by_code) < len(kinds):
        raise ValueError("a finding code is registered twice")
    return MappingProxyType(by_code)


# Who may do what next, where nothing more particular is to be said. Chinese, English.
_OFFICE = ("请承办单位核对更正后重新投放。", "The issuing office should correct it and drop it again.")
_REVIEWER = (
    "请审核人对照原件核实后决定是否公开。",
    "A reviewer should compare it with the original and decide.",
)
_SPOT_CHECK = (
    "公开前可抽查识别结果；由办公软件直接导出的 PDF 不需要识别。",
    "What was recognised may be spot-checked; a PDF exported from a word processor needs no recognition.",
)
_SIGN_AGAIN = ("请承办单位重新签章后投放。", "The issuing office should sign it again and drop it again.")
_NOTHING_TO_DO = (
    "本件不会公开；如系误投，请撤出。",
    "It will not be published; if it was dropped by mistake, take it back.",
)
_PERSONAL = (
    "请承办单位删去或遮盖后重新签章投放，或由审核人按规定只公开遮盖后的文本；不得原样公开。",
    "The office should remove or mask it and sign again, or a reviewer publish the masked text; never as it is.",
)
_REALLY_REMOVED = (
    "请承办单位在原稿中真正删去后重新导出、签章、投放；不得只用色块或图片遮盖。",
    "The office should remove them in its own document, export, sign and drop it again; a box removes nothing.",
)
_TOPIC = (
    "请审核人按有关规定核实后决定是否公开；确属一般表述的，管理员可调整 topics.toml 中的词语。",
    "A reviewer should check under the rules and decide; an administrator may change the words in topics.toml.",
)
_EXPORT_AGAIN = (
    "请承办单位从原稿重新导出一份新的 PDF（不要在旧文件上修改、续存），签章后投放。",
    "The office should export a new PDF from its own document, not change or resave the old one, sign it and drop it.",
)
_NOTE = ("不影响公开；请承办单位今后注意。", "Publication goes on; the office should mind it next time.")


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
        "ofd-file",
        Grade.HOLD,
        "文件是 OFD 版式文件，不是 PDF；已收存，未作识别，其中的签章也未核验。",
        "The file is an OFD document, no PDF; it is kept, but neither read nor its seals verified.",
        "请承办单位从办公软件导出并签章为 PDF 后重新投放。",
        "The office should export it as a PDF, sign that and drop it.",
        "GB/T 33190-2016",
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
        "The PDF holds active content that a reply should not have ({what}): scripts, attachments, forms, links.",
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
    FindingKind(
        "pdf-encrypted",
        Grade.REJECT,
        "PDF 文件设置了密码或加密，无法核验内容。",
        "The PDF is encrypted or protected by a password, so its content cannot be checked.",
        "请投放单位取消加密后重新签章投放。",
        "The office should remove the protection, sign it again and drop it again.",
    ),
    FindingKind(
        "original-vanished",
        Grade.REJECT,
        "文件在收取之前已被删除或替换，原件未能取得。",
        "The file was removed or replaced before it was taken in, so there is no original to judge.",
        "请投放单位确认后重新投放；替换后的文件会另行处理。",
        "The office should check and drop it again; a file that replaced it is handled by itself.",
    ),
    # --- what the file hides --------------------------------------------------------------------------------------
    FindingKind(
        "text-hidden",
        Grade.HOLD,
        "有{count}个字在页面上看不见（白色、被色块或图片盖住、或设为不显示），但任何人都能从文件中复制出来。",
        "{count} characters cannot be seen on the page (white, covered by a box or a picture, invisible), yet anybody "
        "can copy them out of the file.",
        *_REALLY_REMOVED,
    ),
    FindingKind(
        "text-off-page",
        Grade.HOLD,
        "有{count}个字在页面边界之外或被裁去的部分，看不见，但任何人都能从文件中复制出来。",
        "{count} characters lie beyond the edge of the page or in a part that is cropped; nobody sees them and anybody "
        "can copy them out of the file.",
        *_REALLY_REMOVED,
    ),
    FindingKind(
        "text-tiny",
        Grade.HOLD,
        "有{count}个字小到看不见（不足 1 磅），但任何人都能从文件中复制出来。",
        "{count} characters are too small to be seen (less than 1 point), yet anybody can copy them out of the file.",
        *_REALLY_REMOVED,
    ),
    FindingKind(
        "text-overlaid",
        Grade.HOLD,
        "有{count}个字重叠在同一位置，看到的和复制出来的可能不一样。",
        "{count} characters stand upon each other in one place; what is seen and what is copied may differ.",
        *_REALLY_REMOVED,
    ),
    FindingKind(
        "text-disputed",
        Grade.HOLD,
        "两种读法读出的文字相差{count}个字，看到的和复制、检索到的可能不一样。",
        "Two independent readers differ by {count} characters; what is seen and what is copied or found may differ.",
        *_EXPORT_AGAIN,
    ),
    FindingKind(
        "hidden-layer",
        Grade.HOLD,
        "文件含有可以打开、关闭的图层（{count}个），各人看到的内容可能不同。",
        "The file holds layers that can be switched on and off ({count}); not everybody sees the same.",
        *_EXPORT_AGAIN,
    ),
    FindingKind(
        "earlier-revision",
        Grade.HOLD,
        "文件保留着修改之前的内容（{count}个字），任何人都能恢复出来。",
        "The file keeps what it said before it was changed ({count} characters), and anybody can bring it back.",
        *_EXPORT_AGAIN,
    ),
    FindingKind(
        "leftover-data",
        Grade.HOLD,
        "文件里有页面不使用的遗留内容（{what}），任何人都能提取出来。",
        "The file holds left-over content that no page uses ({what}), and anybody can take it out.",
        *_EXPORT_AGAIN,
    ),
    FindingKind(
        "picture-data",
        Grade.HOLD,
        "文件中的图片带有拍摄地点、拍摄人等附加信息（{what}）。",
        "A picture in the file tells where or by whom it was taken, or what was noted on it ({what}).",
        "请承办单位清除图片的附加信息后重新插入、导出、签章、投放。",
        "The office should strip the picture of it, insert it again, export, sign and drop the letter again.",
    ),
    FindingKind(
        "author-named",
        Grade.HOLD,
        "文件属性里写有个人姓名（{masked}），会随文件一起公开。",
        "The properties of the file name a person ({masked}), and would be public with it.",
        "请承办单位清除文件属性后重新导出、签章、投放；本机关允许公开经办人姓名的，请管理员登记。",
        "The office should clear the properties and export and sign it again; an administrator may register that an "
        "authority lets such names stand (authorities.toml).",
        "个人信息保护法",
    ),
    FindingKind(
        "metadata-text",
        Grade.HOLD,
        "文件附带正文中没有的文字（{where}，{count}处），可能是套用旧文件留下的。",
        "The file carries text that is not in the letter ({where}; {count} in all), perhaps of another document.",
        "请承办单位清除后重新导出、签章、投放；审核人可决定只公开重新生成的文本。",
        "The office should clear it, export and sign it again; a reviewer may decide to publish a clean rendition.",
    ),
    # --- the signature --------------------------------------------------------------------------------------------
    FindingKind(
        "signature-missing",
        Grade.HOLD,
        "文件没有数字签名，无法确认由发文机关制发。",
        "The file carries no digital signature, so nothing shows that the authority issued it.",
        *_SIGN_AGAIN,
    ),
    FindingKind(
        "signature-untrusted",
        Grade.HOLD,
        "签名完整，但签名证书不在信任范围内或当时不可用：{detail}",
        "The signature is intact but its certificate is not trusted or was not usable then: {detail}",
        "请管理员核对信任的签发机构，或由承办单位用受信任的证书重新签章。",
        "An administrator should check the trust anchors, or the office sign again with a trusted certificate.",
    ),
    FindingKind(
        "signature-invalid",
        Grade.REJECT,
        "数字签名无效：{detail}",
        "The digital signature is not valid: {detail}",
        *_SIGN_AGAIN,
    ),
    FindingKind(
        "signature-modified",
        Grade.REJECT,
        "文件在签名之后被改动过：{detail}",
        "The file was changed after it was signed: {detail}",
        *_SIGN_AGAIN,
    ),
    FindingKind(
        "signature-indeterminate",
        Grade.HOLD,
        "文件有签名，但目前无法判定其真伪：{detail}",
        "There is a signature, but whether it is genuine cannot be told: {detail}",
        "请管理员按说明补充核验条件，或由审核人用认证产品核验。",
        "An administrator should supply what is missing, or a reviewer check it with a certified product.",
    ),
    FindingKind(
        "signature-certificate-expired",
        Grade.HOLD,
        "签名时证书有效，此后已过期：{detail}",
        "The certificate was good when the letter was signed and has expired since: {detail}",
        "请审核人核实签名时间与文件日期相符后决定是否公开。",
        "A reviewer should see that the time of signing agrees with the letter, and decide.",
        "ETSI EN 319 102-1, 5.5",
    ),
    FindingKind(
        "signature-several",
        Grade.HOLD,
        "文件有几个签名，先签的没有覆盖后来加入的内容：{detail}",
        "There are several signatures, and an earlier one does not cover what was added later: {detail}",
        "请审核人确认各签名人都同意公开的内容，或请承办单位只由发文机关签章。",
        "A reviewer should see that every signer agrees to what is published, or the office sign once, by itself.",
    ),
    FindingKind(
        "signature-seal-unsupported",
        Grade.HOLD,
        "文件有国密电子印章或签名，本系统不能核验：{detail}",
        "It carries an electronic seal or signature in a national format that cannot be verified here: {detail}",
        "请审核人用印章厂商的认证产品核验，或请承办单位用 PDF 通用格式（PKCS#7，可用 SM2 证书）重新签章后投放。",
        "A reviewer should verify it with the vendor's certified product, or the office sign again in the PDF form"
        " (PKCS#7, with an SM2 certificate if it likes).",
        "GM/T 0031-2014; GB/T 38540-2020",
    ),
    FindingKind(
        "revocation-list-outdated",
        Grade.HOLD,
        "没有现行有效的证书吊销列表，签名证书是否被吊销无从确认：{detail}",
        "No current list of revoked certificates is at hand, so the certificate may have been revoked: {detail}",
        "文件本身没有问题。请管理员更新吊销列表目录（FUWEN_CRL_DIR），更新后重新审核。",
        "Nothing is wrong with the file. An administrator should bring the revocation lists (FUWEN_CRL_DIR) up to date"
        " and have it reviewed again.",
        "RFC 5280, 5.1.2.5",
    ),
    FindingKind(
        "signer-key-unlisted",
        Grade.HOLD,
        "签名有效，但签名密钥不在{authority}登记的密钥之中（密钥指纹 {key}）。",
        "The signature is good, but its key is none of those registered for {authority} (fingerprint {key}).",
        "如该机关更换了证书，请管理员核实后在 authorities.toml 的 signer_keys 中登记；否则请审核人查明来源。",
        "If the authority has a new certificate, an administrator should verify and add it to signer_keys in"
        " authorities.toml; otherwise a reviewer should find out who signed.",
    ),
    FindingKind(
        "signer-not-authority",
        Grade.HOLD,
        "签名有效，但签名证书不是发给{authority}的（密钥指纹 {key}）。",
        "The signature is good, but the certificate was not issued to {authority} (fingerprint {key}).",
        "如确由该机关使用，请管理员登记其密钥（authorities.toml 的 signer_keys）；否则请承办单位用本机关证书重新签章。",
        "If the authority does use it, an administrator should add it to signer_keys in authorities.toml; otherwise the"
        " office should sign again with the authority's own certificate.",
    ),
    FindingKind(
        "signature-not-required",
        Grade.WARN,
        "文件没有数字签名；按{authority}的登记可以不签名，来源以投放渠道为准。",
        "The file is not signed; for {authority} none is required, and whoever may drop files vouches for it.",
        *_NOTE,
    ),
    # --- reading --------------------------------------------------------------------------------------------------
    FindingKind(
        "page-without-text",
        Grade.HOLD,
        "第{number}页没有可读取的文字（可能是扫描件）。",
        "Page {number} holds no text that can be read (perhaps a scan).",
        "请承办单位提供由办公软件直接导出的 PDF，或由审核人核对识别结果。",
        "The office should provide a PDF exported from its word processor, or a reviewer check what was recognised.",
    ),
    FindingKind(
        "text-garbled",
        Grade.HOLD,
        "第{number}页的文字是乱码，无法可靠读取。",
        "The text of page {number} is garbled and cannot be read reliably.",
        "请承办单位用常用字体重新导出后签章投放。",
        "The office should export it again with common fonts, sign it and drop it again.",
    ),
    FindingKind(
        "page-overcrowded",
        Grade.HOLD,
        "第{number}页的字数远超正常页面，没有读取。",
        "Page {number} has far more characters than a page can hold, and was not read.",
        *_REVIEWER,
    ),
    FindingKind(
        "text-turned",
        Grade.HOLD,
        "第{number}页的文字是倒置、横转或竖排的，没有读取。",
        "The text of page {number} is upside down, sideways or set in columns, and was not read.",
        "请承办单位转正页面、改为横排后重新签章投放。",
        "The office should turn the page upright, set it in lines, sign it and drop it again.",
    ),
    FindingKind(
        "page-foreign",
        Grade.HOLD,
        "第{number}页主要是外文，复文只读中文。",
        "Page {number} is mostly in a foreign language; only Chinese is read.",
        *_REVIEWER,
    ),
    FindingKind(
        "page-traditional",
        Grade.HOLD,
        "第{number}页是繁体字，公开所需的内容没有按繁体核对。",
        "Page {number} is in traditional characters, in which nothing that decides is known.",
        *_REVIEWER,
    ),
    FindingKind(
        "text-in-picture",
        Grade.HOLD,
        "第{number}页有较大的图片，图片里的文字没有读取。",
        "Page {number} has a large picture, and whatever text is in it was not read.",
        *_REVIEWER,
    ),
    FindingKind(
        "page-read-by-ocr",
        Grade.WARN,
        "第{number}页没有可信的文字层，改由文字识别读取。",
        "Page {number} has no text layer that can be believed; it was read by character recognition instead.",
        *_SPOT_CHECK,
    ),
    FindingKind(
        "garbled-page-read-by-ocr",
        Grade.WARN,
        "第{number}页的文字编码是乱的，改由文字识别读取。",
        "The text of page {number} has a garbled encoding; the page was read by character recognition instead.",
        *_SPOT_CHECK,
    ),
    FindingKind(
        "picture-read-by-ocr",
        Grade.WARN,
        "第{number}页有一部分文字在图片里，整页改由文字识别读取。",
        "A part of the text of page {number} is in a picture; the page was read by character recognition instead.",
        *_SPOT_CHECK,
    ),
    FindingKind(
        "turned-page-read-by-ocr",
        Grade.WARN,
        "第{number}页的文字是倒置或横转的，转正后由文字识别读取。",
        "The text of page {number} is upside down or sideways; the page was turned and read by character recognition.",
        *_SPOT_CHECK,
    ),
    FindingKind(
        "ocr-uncertain",
        Grade.HOLD,
        "“{field}”是从图片识别出来的，把握只有{percent}%，可能有错。",
        "“{field}” was recognised from a picture with a confidence of {percent}% only and may be wrong.",
        *_REVIEWER,
    ),
    FindingKind(
        "line-read-differently",
        Grade.WARN,
        "这一行是从图片识别出来的，两种识别读出的字不一样（{first}／{second}），其中一种读错了。",
        "Two models read this line of the picture differently ({first} / {second}); one of them is wrong.",
        *_SPOT_CHECK,
    ),
    FindingKind(
        "figures-read-differently",
        Grade.HOLD,
        "这一行是从图片识别出来的，两种识别读出的数字不一样，其中一种读错了。",
        "Two models read different figures in this line of the picture; one of them is wrong.",
        *_REVIEWER,
    ),
    FindingKind(
        "reading-uncertain",
        Grade.HOLD,
        "第{number}页的识别把握只有{percent}%，可能有错字。",
        "Page {number} was read with a confidence of {percent}% only; characters may be wrong.",
        *_REVIEWER,
    ),
    FindingKind(
        "readers-disagree",
        Grade.HOLD,
        "两种读法对“{field}”读出的不一样：一为“{first}”，一为“{second}”；可能有隐藏、重叠或被改动的文字。",
        "Two independent readers differ on {field}: one read “{first}”, the other “{second}”; there may be hidden, "
        "overlaid or altered text.",
        *_REVIEWER,
    ),
    FindingKind(
        "text-missing",
        Grade.HOLD,
        "没有读到正文。",
        "No body text was found.",
        *_REVIEWER,
    ),
    # --- disclosure -----------------------------------------------------------------------------------------------
    FindingKind(
        "disclosure-missing",
        Grade.REJECT,
        "没有找到公开属性标注；未标注的一律不公开。",
        "No disclosure mark was found; a letter without one is never published.",
        "请承办单位标明公开属性（如“公开属性：主动公开·全文”）后重新签章投放。",
        "The issuing office should add the mark (such as 公开属性：主动公开·全文), sign again and drop it again.",
        "政府信息公开条例; 国办发〔2014〕46号",
    ),
    FindingKind(
        "disclosure-on-application",
        Grade.REJECT,
        "公开属性是依申请公开（“{mark}”），不得主动公开。",
        "It is marked for disclosure on application ({mark}) and must not be published.",
        *_NOTHING_TO_DO,
        "政府信息公开条例",
    ),
    FindingKind(
        "disclosure-withheld",
        Grade.REJECT,
        "公开属性是不予公开（“{mark}”）。",
        "It is marked as withheld from disclosure ({mark}).",
        *_NOTHING_TO_DO,
        "政府信息公开条例",
    ),
    FindingKind(
        "disclosure-contradictory",
        Grade.REJECT,
        "公开属性前后不一致：{marks}。",
        "The disclosure marks contradict each other: {marks}.",
        "请承办单位统一各处标注后重新签章投放。",
        "The issuing office should make all marks agree, sign again and drop it again.",
    ),
    FindingKind(
        "disclosure-unknown",
        Grade.REJECT,
        "公开属性“{mark}”不在认可的用语之中，无法据以公开。",
        "The disclosure mark {mark} is not one of the known words, so it permits nothing.",
        "请承办单位改用规范用语后重新签章投放；确属本地用语的，请管理员登记。",
        "The office should use a standard word and sign again; an administrator may register a local word.",
    ),
    FindingKind(
        "disclosure-extent",
        Grade.REJECT,
        "公开范围与文件不符：标注为“{mark}”，而文件是{found}。",
        "The extent does not fit the file: the mark says {mark}, the file is {found}.",
        "请承办单位按标注的范围提供文本后重新签章投放。",
        "The issuing office should provide the text that the mark allows, sign it and drop it again.",
        "国办发〔2014〕46号",
    ),
    FindingKind(
        "secrecy-mark",
        Grade.REJECT,
        "文件上有涉密或内部标志“{mark}”，绝不公开。",
        "The file bears a secrecy or internal mark ({mark}) and is never published.",
        "请立即按保密规定处理，并报告保密工作负责人。",
        "Handle it under the secrecy rules at once and tell the officer in charge.",
        "保守国家秘密法; GB/T 9704-2012, 7.2.2",
    ),
    FindingKind(
        "joint-text-closed",
        Grade.HOLD,
        "文中写明“{words}”不公开，而全文拟公开。",
        "The text says that what another authority contributed ({words}) is not public, yet all of it would be.",
        "请审核人与会办、协办单位核实；不能公开的部分由承办单位删去后重新签章投放。",
        "A reviewer should ask that authority; what must not be public is taken out by the office, which signs again.",
        "政府信息公开条例, 第十六条",
    ),
    FindingKind(
        "copy-number",
        Grade.HOLD,
        "文件左上角有份号“{number}”；只有涉密公文才编份号。",
        "There is a copy number ({number}) at the top left; only classified papers number their copies.",
        "请审核人核实原件是否涉密或已经解密，再决定是否公开。",
        "A reviewer should find out whether the original is, or was, classified, and decide.",
        "GB/T 9704-2012, 7.2.1",
    ),
    # --- what must be there ---------------------------------------------------------------------------------------
    FindingKind(
        "title-missing", Grade.HOLD, "没有找到标题。", "No title was found.", *_REVIEWER, "GB/T 9704-2012, 7.3.1"
    ),
    FindingKind(
        "kind-unknown",
        Grade.HOLD,
        "标题没有说明文种（答复、复函、会办意见等）。",
        "The title does not say what kind of document it is (答复, 复函, 会办意见 …).",
        *_REVIEWER,
    ),
    FindingKind(
        "addressee-missing",
        Grade.HOLD,
        "没有找到主送对象。",
        "No addressee was found.",
        *_REVIEWER,
        "GB/T 9704-2012, 7.3.2",
    ),
    FindingKind(
        "authority-missing",
        Grade.HOLD,
        "没有找到发文机关（发文机关标志和署名都没有）。",
        "No issuing authority was found, neither a masthead nor a signature block.",
        *_REVIEWER,
        "GB/T 9704-2012, 7.2.4, 7.3.5",
    ),
    FindingKind(
        "authority-mismatch",
        Grade.HOLD,
        "发文机关标志（{masthead}）与署名（{signature}）不一致。",
        "The masthead ({masthead}) and the signature block ({signature}) name different authorities.",
        *_REVIEWER,
    ),
    FindingKind(
        "joint-issuers",
        Grade.HOLD,
        "由几个机关联合发文（{names}），需确认各机关都同意公开。",
        "Several authorities issued it together ({names}); each must agree to publication.",
        "请牵头机关确认各联署机关的意见。",
        "The lead authority should confirm that each of the others agrees.",
        "政府信息公开条例",
    ),
    FindingKind(
        "authority-unregistered",
        Grade.WARN,
        "发文机关“{name}”没有登记，已按默认规则审核。",
        "The authority {name} is not registered; it was judged by the default rules.",
        "请管理员登记该机关，以便核对文号和办理结果。",
        "An administrator should register it, so that its numbers and results can be checked.",
    ),
    FindingKind(
        "submission-missing",
        Grade.HOLD,
        "标题没有写明所答复的会议届次和建议、提案编号（缺：{parts}）。",
        "The title does not fully say which suggestion or proposal is answered (missing: {parts}).",
        *_REVIEWER,
    ),
    # --- the document number --------------------------------------------------------------------------------------
    FindingKind(
        "document-number-missing",
        Grade.HOLD,
        "没有找到发文字号。",
        "No document number was found.",
        *_REVIEWER,
        "GB/T 9704-2012, 7.2.5",
    ),
    FindingKind(
        "document-number-damaged",
        Grade.HOLD,
        "发文字号“{written}”不完整，无法确定。",
        "The document number {written} is incomplete and cannot be told for sure.",
        *_REVIEWER,
        "GB/T 9704-2012, 7.2.5",
    ),
    FindingKind(
        "document-number-several",
        Grade.HOLD,
        "有不止一个发文字号：{numbers}。",
        "There is more than one document number: {numbers}.",
        *_REVIEWER,
        "GB/T 9704-2012, 7.2.5",
    ),
    FindingKind(
        "document-number-year",
        Grade.HOLD,
        "发文字号的年份（{year}）与成文日期（{date}）不符。",
        "The year of the document number ({year}) does not fit the date of issue ({date}).",
        *_REVIEWER,
    ),
    FindingKind(
        "issuer-code-mismatch",
        Grade.HOLD,
        "机关代字“{issuer_code}”不是{authority}登记的代字。",
        "The issuer code {issuer_code} is not one of those registered for {authority}.",
        "请审核人核实；代字有变的，请管理员更新登记。",
        "A reviewer should check; if the code has changed, an administrator should register it.",
    ),
    FindingKind(
        "document-number-style",
        Grade.WARN,
        "发文字号写作“{written}”，规范写法是“{standard}”。",
        "The document number is written {written}; the standard form is {standard}.",
        *_NOTE,
        "GB/T 9704-2012, 7.2.5",
    ),
    # --- the submission -------------------------------------------------------------------------------------------
    FindingKind(
        "number-scheme-mismatch",
        Grade.HOLD,
        "编号“{written}”按“{scheme}”规则与标题的{term}届{session}次不符。",
        "The number {written} does not fit term {term}, session {session} of the title under the scheme {scheme}.",
        *_REVIEWER,
    ),
    FindingKind(
        "submission-year",
        Grade.HOLD,
        "编号“{written}”所含年份（{year}）与成文日期（{date}）不符。",
        "The year within the number {written} ({year}) does not fit the date of issue ({date}).",
        *_REVIEWER,
    ),
    FindingKind(
        "session-year-mismatch",
        Grade.HOLD,
        "{body}{term}届{session}次会议应在{years}年答复，而成文日期是{date}。",
        "Submissions of {body}, term {term}, session {session} are answered in {years}; the date of issue is {date}.",
        *_REVIEWER,
    ),
    FindingKind(
        "submission-number-mismatch",
        Grade.HOLD,
        "正文提到的编号（{written}）与标题的编号（{title}）不同。",
        "The number in the text ({written}) is not that of the title ({title}).",
        *_REVIEWER,
    ),
    FindingKind(
        "submission-kind-mismatch",
        Grade.HOLD,
        "标题称“{word}”，而{body}办理的是{kind}。",
        "The title says {word}, but {body} receives {kind}.",
        *_REVIEWER,
    ),
    FindingKind(
        "received-kind-mismatch",
        Grade.HOLD,
        "正文称收到的是{word}，而标题答复的是{kind}。",
        "The text says that a {word} was received, yet the title answers a {kind}.",
        *_REVIEWER,
    ),
    FindingKind(
        "distributing-office-mismatch",
        Grade.HOLD,
        "印发机关（{office}）看不出是发文机关（{authority}）的办公机构。",
        "The distributing office ({office}) does not seem to belong to the issuing authority ({authority}).",
        *_REVIEWER,
        "GB/T 9704-2012, 7.4.3",
    ),
    FindingKind(
        "addressee-unclear",
        Grade.HOLD,
        "主送“{addressee}”分不清是一人还是几人。",
        "The addressee {addressee} may be one person or several.",
        *_REVIEWER,
    ),
    FindingKind(
        "addressee-kind-mismatch",
        Grade.HOLD,
        "答复的是{kind}，主送的却是“{addressee}”。",
        "It answers a {kind}, yet it is addressed to a {addressee}.",
        *_REVIEWER,
    ),
    FindingKind(
        "kind-addressee-mismatch",
        Grade.HOLD,
        "文种是{kind}，主送的却是{found}。",
        "It is a {kind}, yet it is addressed to {found}.",
        *_REVIEWER,
    ),
    FindingKind(
        "addressee-count",
        Grade.WARN,
        "主送写明{count}人，只列出{names}人。",
        "The addressee line speaks of {count} people and names {names}.",
        *_NOTE,
    ),
    FindingKind(
        "joint-handling-opinion",
        Grade.HOLD,
        "这是{kind}，属于单位之间的往来意见，默认不直接公开。",
        "This is a {kind}, an opinion between authorities, which is not published without a decision.",
        "请审核人按本地规定决定；管理员可为该机关设定规则。",
        "A reviewer should decide under local rules; an administrator may set a rule for the authority.",
        "政府信息公开条例",
    ),
    FindingKind(
        "further-reply-without-first",
        Grade.HOLD,
        "这是再次答复，需要先核对首次答复是否已公开。",
        "This is a further reply; whether the first one is public must be checked before.",
        "请审核人找到首次答复并核对两者关系后决定。",
        "A reviewer should find the first reply, compare the two and decide.",
    ),
    # --- the handling result --------------------------------------------------------------------------------------
    FindingKind(
        "result-unknown",
        Grade.HOLD,
        "办理结果“{mark}”不在该机关适用的用语表中。",
        "The handling result {mark} is in no table that holds for this authority.",
        "请审核人核实；确属本地用语的，请管理员登记其含义。",
        "A reviewer should check; an administrator may register what it means there.",
    ),
    FindingKind(
        "result-contradictory",
        Grade.HOLD,
        "办理结果前后不一致：{marks}。",
        "The handling results contradict each other: {marks}.",
        *_REVIEWER,
    ),
    FindingKind(
        "result-missing",
        Grade.WARN,
        "没有找到办理结果，而该机关的答复通常标注。",
        "No handling result was found, though this authority usually states one.",
        *_NOTE,
    ),
    # --- dates ----------------------------------------------------------------------------------------------------
    FindingKind(
        "date-missing",
        Grade.HOLD,
        "没有找到成文日期。",
        "No date of issue was found.",
        *_REVIEWER,
        "GB/T 9704-2012, 7.3.5",
    ),
    FindingKind(
        "date-damaged",
        Grade.HOLD,
        "日期“{written}”不完整，不作猜测。",
        "The date {written} is incomplete, and nothing is guessed.",
        *_REVIEWER,
    ),
    FindingKind(
        "date-impossible",
        Grade.REJECT,
        "日期“{written}”不存在。",
        "The date {written} does not exist.",
        *_OFFICE,
    ),
    FindingKind(
        "date-in-future",
        Grade.REJECT,
        "成文日期（{date}）晚于今天（{today}）。",
        "The date of issue ({date}) lies after today ({today}).",
        *_OFFICE,
    ),
    FindingKind(
        "date-after-distribution",
        Grade.REJECT,
        "成文日期（{date}）晚于印发日期（{distribution}）。",
        "The date of issue ({date}) lies after the date of distribution ({distribution}).",
        *_OFFICE,
        "GB/T 9704-2012, 7.3.5, 7.4.3",
    ),
    FindingKind(
        "date-style",
        Grade.WARN,
        "日期写作“{written}”，规范写法是“{standard}”。",
        "The date is written {written}; the standard form is {standard}.",
        *_NOTE,
        "GB/T 9704-2012, 7.3.5",
    ),
    FindingKind(
        "date-not-working-day",
        Grade.WARN,
        "成文日期（{date}）不是工作日。",
        "The date of issue ({date}) is not a working day.",
        *_NOTE,
    ),
    FindingKind(
        "publication-overdue",
        Grade.WARN,
        "已超过公开期限：应在{due}前公开（成文之日起{days}个工作日）。",
        "Publication is late: it was due by {due} ({days} working days after the date of issue).",
        "不影响公开，搁置只会更迟；请承办单位说明情况。",
        "Publication goes on, for holding it would only make it later; the office should explain the delay.",
        "政府信息公开条例, 第二十六条",
    ),
    FindingKind(
        "publication-due-soon",
        Grade.WARN,
        "距公开期限（{due}）只剩{left}个工作日。",
        "Only {left} working days remain until publication is due ({due}).",
        "不影响公开；如另有事项待定，请尽快处理。",
        "Publication goes on; whatever else is open should be settled soon.",
        "政府信息公开条例, 第二十六条",
    ),
    FindingKind(
        "calendar-year-missing",
        Grade.HOLD,
        "工作日历没有{year}年的数据，无法计算公开期限。",
        "The working-day calendar lacks {year}, so the due date cannot be told.",
        "请管理员按国务院办公厅节假日通知补充该年日历。",
        "An administrator should add that year from the State Council's holiday notice.",
    ),
    # --- whether it is whole --------------------------------------------------------------------------------------
    FindingKind(
        "end-marks-missing",
        Grade.HOLD,
        "文末没有署名、成文日期和版记，可能缺页。",
        "There is no signature block, date or imprint at the end; pages may be missing.",
        *_REVIEWER,
    ),
    FindingKind(
        "heading-gap",
        Grade.HOLD,
        "标题序号不连续：“{before}”之后是“{after}”，可能缺少内容。",
        "The headings are not in sequence: {before} is followed by {after}; something may be missing.",
        *_REVIEWER,
    ),
    FindingKind(
        "last-sentence-open",
        Grade.HOLD,
        "正文最后一句没有结束标点，可能不完整。",
        "The last sentence of the text has no full stop; it may be cut off.",
        *_REVIEWER,
    ),
    FindingKind(
        "attachment-missing",
        Grade.HOLD,
        "正文列有附件（{names}），文件中没有找到。",
        "An attachment is named ({names}) but is not in the file.",
        "请承办单位将附件与正文合为一个文件，重新签章投放。",
        "The issuing office should put letter and attachments into one file, sign it and drop it again.",
        "GB/T 9704-2012, 7.3.4, 7.3.7",
    ),
    FindingKind(
        "text-short",
        Grade.WARN,
        "正文只有{characters}字，短于通常的答复。",
        "The text has {characters} characters only, less than usual.",
        *_NOTE,
    ),
    FindingKind(
        "text-thin",
        Grade.HOLD,
        "全文共{pages}页，只读到{characters}字，可能有内容没有读到。",
        "The file has {pages} pages, yet only {characters} characters were read; something may have been missed.",
        *_REVIEWER,
    ),
    # --- what a person must look at ---------------------------------------------------------------------------------
    FindingKind(
        "topic-minor",
        Grade.HOLD,
        "文中涉及未成年人个人（“{words}”）。",
        "The text speaks of a particular minor ({words}).",
        *_TOPIC,
        "政府信息公开条例, 第十四条至第十六条",
    ),
    FindingKind(
        "topic-patient",
        Grade.HOLD,
        "文中涉及患者个人（“{words}”）。",
        "The text speaks of a particular patient ({words}).",
        *_TOPIC,
        "政府信息公开条例, 第十四条至第十六条",
    ),
    FindingKind(
        "topic-complainant",
        Grade.HOLD,
        "文中点名提到投诉、信访或案件当事人（“{words}”之后有姓名）。",
        "The text names a complainant or a party to a case (behind {words}).",
        *_TOPIC,
        "政府信息公开条例, 第十四条至第十六条",
    ),
    FindingKind(
        "topic-company-amount",
        Grade.HOLD,
        "文中同一句里有企业名称和金额（“{words}”），可能是商业秘密。",
        "One sentence has a company and a sum of money ({words}); it may be a business secret.",
        *_TOPIC,
        "政府信息公开条例, 第十四条至第十六条",
    ),
    FindingKind(
        "topic-ongoing-case",
        Grade.HOLD,
        "文中涉及尚未办结的案件（“{words}”）。",
        "The text speaks of a case that is not closed ({words}).",
        *_TOPIC,
        "政府信息公开条例, 第十四条至第十六条",
    ),
    FindingKind(
        "topic-ethnic-religious-foreign",
        Grade.HOLD,
        "文中涉及民族、宗教或涉外事项（“{words}”）。",
        "The text touches ethnic, religious or foreign affairs ({words}).",
        *_TOPIC,
        "政府信息公开条例, 第十四条至第十六条",
    ),
    # --- personal data --------------------------------------------------------------------------------------------
    FindingKind(
        "personal-data-resident-id",
        Grade.HOLD,
        "文中有公民身份号码（{masked}）。",
        "The text contains a resident identity number ({masked}).",
        *_PERSONAL,
        "个人信息保护法; 政府信息公开条例, 第十五条",
    ),
    FindingKind(
        "personal-data-mobile",
        Grade.HOLD,
        "文中有手机号码（{masked}）。",
        "The text contains a mobile phone number ({masked}).",
        *_PERSONAL,
        "个人信息保护法; 政府信息公开条例, 第十五条",
    ),
    FindingKind(
        "personal-data-bank-card",
        Grade.HOLD,
        "文中有银行卡号或账号（{masked}）。",
        "The text contains a bank card or account number ({masked}).",
        *_PERSONAL,
        "个人信息保护法; 政府信息公开条例, 第十五条",
    ),
    FindingKind(
        "personal-data-passport",
        Grade.HOLD,
        "文中有护照或通行证号码（{masked}）。",
        "The text contains a passport or travel permit number ({masked}).",
        *_PERSONAL,
        "个人信息保护法; 政府信息公开条例, 第十五条",
    ),
    FindingKind(
        "personal-data-home-address",
        Grade.HOLD,
        "文中有家庭住址（{masked}）。",
        "The text contains a home address ({masked}).",
        *_PERSONAL,
        "个人信息保护法; 政府信息公开条例, 第十五条",
    ),
    FindingKind(
        "personal-data-deputy-contact",
        Grade.HOLD,
        "文中有代表、委员或来信人本人的联系方式（{masked}）。",
        "The text contains the own contact details of a deputy, member or petitioner ({masked}).",
        *_PERSONAL,
        "个人信息保护法; 政府信息公开条例, 第十五条",
    ),
    FindingKind(
        "personal-data-email",
        Grade.HOLD,
        "文中有非政府域名的电子邮箱（{masked}）。",
        "The text contains an e-mail address outside government domains ({masked}).",
        *_PERSONAL,
    ),
    FindingKind(
        "personal-data-account",
        Grade.HOLD,
        "文中有微信或 QQ 号（{masked}）。",
        "The text contains a WeChat or QQ account ({masked}).",
        *_PERSONAL,
    ),
    FindingKind(
        "personal-data-plate",
        Grade.HOLD,
        "文中有机动车号牌（{masked}）。",
        "The text contains a vehicle plate ({masked}).",
        *_PERSONAL,
    ),
    FindingKind(
        "office-landline",
        Grade.WARN,
        "文中有固定电话（{masked}），请确认是办公电话。",
        "The text contains a landline number ({masked}); it should be an office line.",
        *_NOTE,
    ),
    FindingKind(
        "contact-name",
        Grade.HOLD,
        "文末有联系人姓名（{masked}），该机关的规定是不公开。",
        "A contact person is named ({masked}), which the rules of this authority keep private.",
        *_PERSONAL,
    ),
    # --- what is published already --------------------------------------------------------------------------------
    FindingKind(
        "duplicate-identity",
        Grade.REJECT,
        "同一机关对同一件建议、提案的答复已经公开（{reply_id} 第{version}版），内容不同。",
        "A different reply of this authority to the same submission is public already ({reply_id}, version {version}).",
        "如要更正，请投放到“更正”目录；否则请核对是否误投。",
        "To correct it, drop it in the 更正 folder; otherwise check whether it was dropped by mistake.",
    ),
    FindingKind(
        "withdrawn-before",
        Grade.REJECT,
        "这件答复（{reply_id}）此前已经撤回。",
        "This reply ({reply_id}) has been withdrawn before.",
        "请审核人查明撤回原因；可以恢复的，按更正投放并由审核人决定。",
        "A reviewer should find out why; what may return is dropped as a correction for a reviewer to decide.",
    ),
    FindingKind(
        "correction-without-original",
        Grade.HOLD,
        "投放为更正，但没有找到已公开的原答复。",
        "It was dropped as a correction, but no published reply was found for it.",
        "请审核人核对要更正的是哪一件；首次公开的请投放到普通目录。",
        "A reviewer should find the reply that it corrects; a first publication belongs in the ordinary folder.",
    ),
    # --- what a reviewer decided ----------------------------------------------------------------------------------
    FindingKind(
        "reviewer-withheld",
        Grade.REJECT,
        "审核人决定不予公开：{reason}。",
        "A reviewer decided that it is not published: {reason}.",
        "原件留在保管库；情况有变的，由承办单位重新投放。",
        "The original stays in the vault; if things change, the issuing office drops it again.",
    ),
    FindingKind(
        "reviewer-sent-back",
        Grade.REJECT,
        "审核人退回重报：{reason}。",
        "A reviewer sent it back: {reason}.",
        "请承办单位按此更正、重新签章，再投放到收件箱；这一份不会公开。",
        "The issuing office should correct it, sign it again and drop it again; this one is not published.",
    ),
    # --- style ----------------------------------------------------------------------------------------------------
    FindingKind(
        "salutation-colon",
        Grade.WARN,
        "主送对象之后没有全角冒号。",
        "The addressee line does not end with a full-width colon.",
        *_NOTE,
        "GB/T 9704-2012, 7.3.2",
    ),
    FindingKind("words-doubled", Grade.WARN, "文字重复：“{words}”。", "Words are doubled: {words}.", *_NOTE),
    FindingKind(
        "markup-residue",
        Grade.WARN,
        "文中残留网页或排版代码（{residue}）。",
        "The text holds left-over web or layout code ({residue}).",
        *_NOTE,
    ),
    FindingKind(
        "empty-page-note",
        Grade.WARN,
        "文中有“此页无正文”字样。",
        "The text contains the words 此页无正文 (no text on this page).",
        *_NOTE,
    ),
)
