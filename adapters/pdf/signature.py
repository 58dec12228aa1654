"""Who signed a PDF, and whether it was changed since.

pyHanko does the cryptography, the certificates and the comparison of revisions. Its bottom line is necessary, never
sufficient: it overlooks what stands outside the signatures that it lists. So this adapter counts for itself. Valid is
said only of a file with one signature, whose two ranges reach from the first byte to the last around one hexadecimal
string, and in which there is no other trace of a signature. What cannot be judged is indeterminate, never unsigned.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from asn1crypto import cms, core, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import (
    EmbeddedPdfSignature,
    async_validate_pdf_signature,
    extract_contents,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.path import ValidationPath

from adapters.pdf.trust import TrustAnchors
from domain.gate.evidence import SignatureStatus, SignatureVerdict

T = TypeVar("T")

_SUB_FILTERS = frozenset({"/adbe.pkcs7.detached", "/ETSI.CAdES.detached"})
_DIGESTS = frozenset({"sha256", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512"})
_BROKEN_DIGESTS = frozenset({"md2", "md4", "md5", "sha1"})
_GM_ARC = "1.2.156.10197."  # GM/T 0006: SM2, SM3 and their kin.
# A name may be written with escapes (ISO 32000-1, 7.3.5), so that a plain search would not find it.
_BYTE_RANGE_NAME = re.compile(b"/" + b"".join(b"(?:%c|#%02x|#%02X)" % (char, char, char) for char in b"ByteRange"))
_HEX_STRING = re.compile(rb"<[0-9A-Fa-f]*>")

_SIGNING_USAGES = frozenset({"digital_signature", "non_repudiation"})
_SIGNING_PURPOSES = frozenset(
    {
        "email_protection",
        "any_extended_key_usage",
        "microsoft_document_signing",
        "adobe_authentic_documents_trust",
        "1.3.6.1.5.5.7.3.36",  # RFC 9336, document signing
    }
)
_ANY_USAGE = KeyUsageConstraints(key_usage=set())
_EXPIRED = frozenset({AdESIndeterminate.OUT_OF_BOUNDS_NO_POE, AdESIndeterminate.CERTIFICATE_CHAIN_GENERAL_FAILURE})


class _Unsettled(Exception):  # noqa: N818 - not an error: the verdict, known before the end
    def __init__(self, status: SignatureStatus, detail: str) -> None:
        super().__init__(status)
        self.status = status
        self.detail = detail


def _invalid(detail: str) -> _Unsettled:
    return _Unsettled(SignatureStatus.INVALID, detail)


def _indeterminate(detail: str) -> _Unsettled:
    return _Unsettled(SignatureStatus.INDETERMINATE, detail)


def _modified(detail: str) -> _Unsettled:
    return _Unsettled(SignatureStatus.MODIFIED, detail)


def _untrusted(detail: str) -> _Unsettled:
    return _Unsettled(SignatureStatus.UNTRUSTED, detail)


def verify_signatures(data: bytes, trust: TrustAnchors, now: datetime) -> SignatureVerdict:
    """The verdict on all signatures of the PDF as of `now`. Nothing is fetched; only `trust` is trusted.

    A certificate must be good now, or have been good at the time of a timestamp that is itself trusted now.
    Never raises for what the bytes contain, except MemoryError.
    """
    signers: list[str] = []
    with _quiet():
        try:
            return _verdict(data, trust, now, signers)
        except _Unsettled as reached:
            return SignatureVerdict(reached.status, reached.detail, tuple(signers))
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - signatures are built by strangers; whatever fails is not a yes
            detail = f"签名数据无法解析（{type(error).__name__}）。"
            return SignatureVerdict(SignatureStatus.INDETERMINATE, detail, tuple(signers))


def _verdict(data: bytes, trust: TrustAnchors, now: datetime, signers: list[str]) -> SignatureVerdict:
    traces = len(_BYTE_RANGE_NAME.findall(data))
    signatures = _signatures(data, traces)
    if not signatures:
        return SignatureVerdict(SignatureStatus.UNSIGNED, "PDF 中没有数字签名。")
    signers.extend(_common_name(signature.signer_cert) for signature in signatures)
    good = [_judge(signature, data, trust, now) for signature in signatures]
    if len(good) > 1:
        raise _indeterminate(f"有 {len(good)} 个签名，先签的没有覆盖后来加入的内容，需人工核对。")
    [only] = good
    return SignatureVerdict(SignatureStatus.VALID, only.detail, tuple(signers), only.signed_at)


def _signatures(data: bytes, traces: int) -> list[EmbeddedPdfSignature]:
    """Every signature of the file, once it is sure that there is no other. `traces`: mentions of /ByteRange."""
    try:
        reader = PdfFileReader(io.BytesIO(data), strict=True)
        filled = list(enumerate_sig_fields(reader, filled_status=True))
        empty = list(enumerate_sig_fields(reader, filled_status=False))
    except MemoryError:
        raise
    except Exception as error:
        if not traces:
            return []
        raise _indeterminate("文件结构不规范，无法可靠地判定签名。") from error
    for _, value, _ in filled:
        _check_sub_filter(value.get_object())
    if len(filled) != traces:
        raise _indeterminate(f"文件中有 {traces} 处签名痕迹，但表单中只有 {len(filled)} 个签名。")
    if filled and empty:
        raise _indeterminate(f"除已签名的以外，还有 {len(empty)} 个空白签名域。")
    for _, value, _ in filled:
        _check_container(extract_contents(value.get_object()))
    found = [EmbeddedPdfSignature(reader, field, name) for name, _, field in filled]
    return sorted(found, key=lambda signature: int(signature.signed_revision))


def _check_sub_filter(signature: Any) -> None:
    name = str(signature.get("/SubFilter", ""))
    if name not in _SUB_FILTERS:
        shown = "".join(char for char in name if char.isascii() and char.isprintable()).lstrip("/")[:40]
        raise _indeterminate(f"签名格式 {shown or '未注明'} 暂不支持核验。")


def _check_container(contents: bytes) -> None:
    """Exactly one CMS SignedData of known algorithms, and nothing but the padding behind it."""
    try:
        container = cms.ContentInfo.load(contents)
        kind = container["content_type"].dotted
        rest = contents[len(container.dump()) :]
    except (ValueError, TypeError) as error:
        raise _indeterminate("签名数据不是 PKCS#7 格式。") from error
    if kind != cms.ContentType("signed_data").dotted:
        raise _indeterminate(f"签名数据的类型 {kind} 暂不支持核验{_gm(kind)}。")
    if rest.strip(b"\0"):
        raise _indeterminate("签名数据之后还夹带了别的内容。")
    for signer in container["content"]["signer_infos"]:
        for field in ("digest_algorithm", "signature_algorithm"):
            _check_algorithm(signer[field]["algorithm"], digest=field == "digest_algorithm")


def _check_algorithm(algorithm: core.ObjectIdentifier, *, digest: bool) -> None:
    if algorithm.dotted.startswith(_GM_ARC):
        raise _indeterminate(f"签名使用国密算法（{algorithm.dotted}），暂不支持核验。")
    if digest and algorithm.native in _BROKEN_DIGESTS:
        raise _invalid(f"签名使用已不安全的摘要算法 {algorithm.native}。")
    if digest and algorithm.native not in _DIGESTS:
        raise _indeterminate(f"签名使用的摘要算法 {algorithm.dotted} 暂不支持核验。")


def _gm(oid: str) -> str:
    return "（国密）" if oid.startswith(_GM_ARC) else ""


@dataclass(frozen=True, slots=True)
class _Good:
    detail: str
    signed_at: str | None


def _judge(signature: EmbeddedPdfSignature, data: bytes, trust: TrustAnchors, now: datetime) -> _Good:
    if signature.sig_object_type != "/Sig":
        raise _indeterminate("有一个签名不是文件签名，而是时间戳等其他类型，暂不支持核验。")
    end = _signed_end(signature, data)
    status = _status(signature, trust, now)
    if not (status.intact and status.valid):
        raise _invalid("签名与文件内容不符：文件或签名数据被改动过。")
    if end != len(data):
        _judge_tail(signature, len(data) - end)
    _judge_usage(signature.signer_cert)
    status = _judge_trust(signature, status, trust, now)
    if not status.bottom_line:
        raise _indeterminate("签名没有满足其自身声明的全部条件。")
    return _Good(_praise(status), _signed_at(status))


def _signed_end(signature: EmbeddedPdfSignature, data: bytes) -> int:
    """Where the signed bytes end, having checked that they leave out one hexadecimal string and nothing else."""
    ranges = [int(number) for number in signature.byte_range]
    if len(ranges) == 4 and ranges[0] == 0:
        _, before, resumes, length = ranges
        gap = data[before:resumes]
        if 0 < before < resumes and length > 0 and resumes + length <= len(data) and _is_contents(gap, signature):
            return resumes + length
    raise _invalid("签名声明的范围不正常，没有完整覆盖文件。")


def _is_contents(gap: bytes, signature: EmbeddedPdfSignature) -> bool:
    return _HEX_STRING.fullmatch(gap) is not None and bytes.fromhex(gap[1:-1].decode()) == signature.pkcs7_content


def _judge_tail(signature: EmbeddedPdfSignature, surplus: int) -> None:
    signature.compute_integrity_info()  # type: ignore[no-untyped-call]
    change: object = signature.diff_result
    level = change.modification_level if isinstance(change, DiffResult) else ModificationLevel.OTHER
    # pyHanko calls a new /Info or an orphan object LTA_UPDATES too. Only where the file does hold validation data
    # (/DSS), or a later signature, may that be the reason, and a person looks.
    appended = "/DSS" in signature.reader.root or len(list(enumerate_sig_fields(signature.reader))) > 1
    if level in (ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING) and appended:
        raise _indeterminate("签名之后又加入了验证资料或其他签名，需人工核对。")
    raise _modified(f"签名之后又加入了 {surplus} 字节。")


def _judge_usage(certificate: x509.Certificate) -> None:
    usages = set(certificate.key_usage_value.native) if certificate.key_usage_value else set()
    if not usages & _SIGNING_USAGES:
        raise _invalid("签名证书的用途不包括数字签名。")
    purposes = certificate.extended_key_usage_value
    # Many issuers put TLS client authentication alone beside non-repudiation on a person's or an office's key.
    allowed = _SIGNING_PURPOSES | ({"client_auth"} if "non_repudiation" in usages else set())
    if purposes is not None and not set(purposes.native) & allowed:
        raise _invalid("签名证书是为其他用途签发的（例如网站证书），不能用来签署文件。")


def _judge_trust(
    signature: EmbeddedPdfSignature, status: PdfSignatureStatus, trust: TrustAnchors, now: datetime
) -> PdfSignatureStatus:
    """The status by which the certificate is trusted: as of now, or of a trusted timestamp."""
    if not trust.certificates:
        raise _untrusted("信任目录中没有任何证书，无法确认签名人。")
    stamp = status.timestamp_validity
    if stamp is not None and not (stamp.intact and stamp.valid):
        raise _invalid("时间戳与签名不符。")
    if stamp is not None and not stamp.trusted:
        raise _untrusted("时间戳的证书不是由信任目录中的机构颁发，或已失效。")
    # A list of revoked certificates need not name those that have expired, so it says nothing of an expired one.
    if stamp is not None and trust.crls is None and status.trust_problem_indic in _EXPIRED:
        status = _status(signature, trust, now, moment=stamp.timestamp)
    if status.trust_problem_indic is not None:
        raise _distrust(status.trust_problem_indic, signature.signer_cert, now)
    return status


def _distrust(problem: Any, certificate: x509.Certificate, now: datetime) -> _Unsettled:
    match problem:
        case AdESIndeterminate.REVOKED_NO_POE:
            return _invalid("签名证书已被吊销。")
        case AdESIndeterminate.REVOKED_CA_NO_POE:
            return _invalid("签名证书的上级证书已被吊销。")
        case AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE | AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE:
            return _invalid("签名或证书使用了已不安全的算法。")
        case AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND:
            return _untrusted("签名证书不是由信任目录中的机构颁发。")
        case AdESIndeterminate.TRY_LATER:
            return _untrusted("证书吊销列表已经过期，请更新吊销列表。")
    if certificate.not_valid_after < now:
        return _untrusted(f"签名证书已于 {certificate.not_valid_after:%Y-%m-%d} 过期，又没有可信的时间戳。")
    if certificate.not_valid_before > now:
        return _untrusted(f"签名证书要到 {certificate.not_valid_before:%Y-%m-%d} 才生效。")
    return _untrusted("签名证书的证书链没有通过检验（例如上级证书已失效，或缺少有效的吊销列表）。")


def _status(
    signature: EmbeddedPdfSignature, trust: TrustAnchors, now: datetime, moment: datetime | None = None
) -> PdfSignatureStatus:
    validation = async_validate_pdf_signature(
        signature,
        _context(trust, moment or now),
        ts_validation_context=_context(trust, now),
        key_usage_settings=_ANY_USAGE,
        skip_diff=True,
    )
    return _run(validation)


def _context(trust: TrustAnchors, moment: datetime) -> ValidationContext:
    return ValidationContext(
        trust_roots=[x509.Certificate.load(der) for der in trust.certificates],
        crls=trust.crls or (),
        ocsps=(),
        allow_fetching=False,
        revocation_mode="soft-fail" if trust.crls is None else "require",
        moment=moment,
    )


def _run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run to the end without an event loop: a validation that would wait for something would fetch something."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    coroutine.close()
    raise _indeterminate("核验签名需要联网取得资料，未予进行。")


def _praise(status: PdfSignatureStatus) -> str:
    stamp = "，并有可信的时间戳" if status.timestamp_validity is not None else ""
    assert status.validation_path is not None  # noqa: S101 - pyHanko trusts nothing without a path
    return f"签名完好，覆盖整个文件，可追溯到信任目录中的“{_anchor(status.validation_path)}”{stamp}。"


def _anchor(path: ValidationPath) -> str:
    name = path.trust_anchor.authority.name
    return str(name.native.get("common_name") or name.human_friendly)


def _signed_at(status: PdfSignatureStatus) -> str | None:
    stamp = status.timestamp_validity
    moment = stamp.timestamp if stamp is not None else status.signer_reported_dt
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _common_name(certificate: x509.Certificate) -> str:
    return str(certificate.subject.native.get("common_name") or certificate.subject.human_friendly)


@contextmanager
def _quiet() -> Iterator[None]:
    """No warnings of the library: they quote names out of certificates."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
