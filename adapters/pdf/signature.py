"""Who signed a PDF, and whether it was changed since.

pyHanko does the cryptography, the certificates and the comparison of revisions. Its bottom line is necessary, never
sufficient: it overlooks what stands outside the signatures that it lists. So this adapter counts for itself. Valid is
said only of a file whose every trace of a signature belongs to one that was judged and is good, and in which the
signed bytes leave out one hexadecimal string and are followed by nothing but what proves the signature. What cannot be
judged is indeterminate, never unsigned.
"""

from __future__ import annotations

import hashlib
import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from adapters.pdf.signature_format import check_format
from adapters.pdf.signature_tail import only_proofs_follow, only_signatures_follow
from adapters.pdf.signature_trust import Judge, Trusted
from adapters.pdf.trust import TrustAnchors
from adapters.pdf.unsettled import Unsettled, indeterminate, invalid, modified
from domain.gate.evidence import Signature, SignatureProblem, SignatureStatus, SignatureVerdict

# A name may be written with escapes (ISO 32000-1, 7.3.5), so that a plain search would not find it.
_BYTE_RANGE_NAME = re.compile(b"/" + b"".join(b"(?:%c|#%02x|#%02X)" % (char, char, char) for char in b"ByteRange"))
_HEX_STRING = re.compile(rb"<[0-9A-Fa-f]*>")
# What is said of a file with several signatures is the worst that is said of one.
_WORST_FIRST = (
    SignatureStatus.INVALID,
    SignatureStatus.MODIFIED,
    SignatureStatus.INDETERMINATE,
    SignatureStatus.UNTRUSTED,
    SignatureStatus.VALID,
)
_TIMESTAMP = "/DocTimeStamp"


def verify_signatures(data: bytes, trust: TrustAnchors, now: datetime) -> SignatureVerdict:
    """The verdict on all signatures of the PDF as of `now`. Nothing is fetched; only `trust` is trusted.

    Never raises for what the bytes contain, except MemoryError.
    """
    signatures: list[Signature] = []
    with _quiet():
        try:
            _judge_all(data, Judge(trust, now), signatures)
            general = None
        except Unsettled as reached:
            general = Signature("", reached.status, reached.detail, problem=reached.problem)
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - signatures are built by strangers; whatever fails is not a yes
            general = Signature("", SignatureStatus.INDETERMINATE, _unreadable(error))
    return _summed_up(tuple(signatures), general)


def _summed_up(signatures: tuple[Signature, ...], general: Signature | None) -> SignatureVerdict:
    said = (*signatures, *((general,) if general else ()))
    if not said:
        return SignatureVerdict(SignatureStatus.UNSIGNED, "PDF 中没有数字签名。")
    worst = min(said, key=lambda each: _WORST_FIRST.index(each.status))
    by_offices = [each for each in signatures if each.key_sha256 is not None]
    return SignatureVerdict(
        worst.status,
        worst.detail,
        tuple(each.signer for each in by_offices),
        by_offices[-1].signed_at if by_offices and worst.status is SignatureStatus.VALID else None,
        signatures,
        worst.problem,
    )


def _unreadable(error: Exception) -> str:
    return f"签名数据无法解析（{type(error).__name__}）。"


def _judge_all(data: bytes, judge: Judge, signatures: list[Signature]) -> None:
    """Judge each signature by itself; what is wrong with the file as a whole is raised at the end."""
    traces = len(_BYTE_RANGE_NAME.findall(data))
    try:
        reader = PdfFileReader(io.BytesIO(data), strict=True)
        filled = list(enumerate_sig_fields(reader, filled_status=True))
        empty = list(enumerate_sig_fields(reader, filled_status=False))
    except MemoryError:
        raise
    except Exception as error:
        if not traces:
            return
        raise indeterminate("文件结构不规范，无法可靠地判定签名。") from error
    found = [_Found(reader, name, value.get_object(), field) for name, value, field in filled]
    found.sort(key=_Found.revision)
    last = max((number for number, each in enumerate(found) if not each.is_timestamp), default=0)
    signatures += [_judged(each, data, judge, signed_again=number < last) for number, each in enumerate(found)]
    if len(filled) != traces:
        raise indeterminate(f"文件中有 {traces} 处签名痕迹，但表单中只有 {len(filled)} 个签名。")
    if filled and empty:
        raise indeterminate(f"除已签名的以外，还有 {len(empty)} 个空白签名域。")
    if filled and all(each.is_timestamp for each in found):
        raise indeterminate("文件只有时间戳，没有签名。")
    if last > 0 and all(each.status is SignatureStatus.VALID for each in signatures):
        raise indeterminate(
            f"有 {len(filled)} 个签名，先签的没有覆盖后来加入的内容，需人工核对。", SignatureProblem.SEVERAL
        )


@dataclass(frozen=True, slots=True)
class _Found:
    """A field with a signature in it, nothing of it believed yet."""

    reader: PdfFileReader
    name: str
    value: Any
    field: Any

    @property
    def is_timestamp(self) -> bool:
        return bool(self.value.get("/Type") == _TIMESTAMP)

    def revision(self) -> int:
        """The revision in which it was signed."""
        return int(self.reader.xrefs.get_last_change(self.field.get_object().raw_get("/V").reference))


def _judged(found: _Found, data: bytes, judge: Judge, *, signed_again: bool) -> Signature:
    """The signature with its verdict; `signed_again`: another one was made later. Raises nothing but MemoryError."""
    known = Signature("", SignatureStatus.INDETERMINATE, "")
    try:
        check_format(found.value)
        signature = EmbeddedPdfSignature(found.reader, found.field, found.name)
        known = _named(known, signature.signer_cert, is_timestamp=found.is_timestamp)
        end = _signed_end(signature, data)
        status = None if found.is_timestamp else judge.integrity(signature)
        if end != len(data):
            _check_tail(signature, data, end, signed_again=signed_again)
        trusted = judge.trust_timestamp(signature) if status is None else judge.trust(signature, status)
    except Unsettled as reached:
        return replace(known, status=reached.status, detail=reached.detail, problem=reached.problem)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - see verify_signatures
        return replace(known, detail=_unreadable(error))
    at = trusted.proven_at or signature.self_reported_timestamp
    return replace(
        known,
        status=SignatureStatus.VALID,
        detail=_praise(trusted, is_timestamp=found.is_timestamp),
        signed_at=at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None,
        timestamped=trusted.proven_at is not None,
    )


def _named(known: Signature, certificate: x509.Certificate, *, is_timestamp: bool) -> Signature:
    subject = certificate.subject.native
    organisations = [subject.get(part) or [] for part in ("organization_name", "organizational_unit_name")]
    flat = [name for part in organisations for name in ([part] if isinstance(part, str) else part)]
    return replace(
        known,
        signer=str(subject.get("common_name") or certificate.subject.human_friendly),
        key_sha256=None if is_timestamp else hashlib.sha256(certificate.public_key.dump()).hexdigest(),
        organisations=tuple(str(name) for name in flat),
    )


def _signed_end(signature: EmbeddedPdfSignature, data: bytes) -> int:
    """Where the signed bytes end, having checked that they leave out one hexadecimal string and nothing else."""
    ranges = [int(number) for number in signature.byte_range]
    if len(ranges) == 4 and ranges[0] == 0:
        _, before, resumes, length = ranges
        gap = data[before:resumes]
        if 0 < before < resumes and length > 0 and resumes + length <= len(data) and _is_contents(gap, signature):
            return resumes + length
    raise invalid("签名声明的范围不正常，没有完整覆盖文件。")


def _is_contents(gap: bytes, signature: EmbeddedPdfSignature) -> bool:
    return _HEX_STRING.fullmatch(gap) is not None and bytes.fromhex(gap[1:-1].decode()) == signature.pkcs7_content


def _check_tail(signature: EmbeddedPdfSignature, data: bytes, end: int, *, signed_again: bool) -> None:
    # Another signature is told of the file as a whole; here it is only no tampering.
    follows = only_signatures_follow if signed_again else only_proofs_follow
    if not follows(signature, data, end):
        raise modified(f"签名之后又加入了 {len(data) - end} 字节。")


def _praise(trusted: Trusted, *, is_timestamp: bool) -> str:
    if is_timestamp:
        return f"文件时间戳完好，可追溯到信任目录中的“{trusted.anchor}”。"
    stamp = "，并有可信的时间戳" if trusted.proven_at is not None else ""
    return f"签名完好，覆盖整个文件，可追溯到信任目录中的“{trusted.anchor}”{stamp}。"


@contextmanager
def _quiet() -> Iterator[None]:
    """No warnings of the library: they quote names out of certificates."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
