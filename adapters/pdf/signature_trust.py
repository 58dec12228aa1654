"""Whether the certificate behind a signature may sign documents, and leads to a trust anchor, now or when it signed.

Nothing is fetched. A list of revoked certificates that is missing or out of date is told apart from everything else
that may be wrong: it is the operator's to mend, and no fault of the letter.
"""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from asn1crypto import crl, x509
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.validation.pdf_embedded import (
    EmbeddedPdfSignature,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import DocumentTimestampStatus, PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.path import ValidationPath

from adapters.pdf.sm2 import SignatureValidatorWithSm2
from adapters.pdf.trust import TrustAnchors
from adapters.pdf.unsettled import Unsettled, indeterminate, invalid, untrusted
from domain.gate.evidence import SignatureProblem

T = TypeVar("T")

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
_REVOKED = frozenset({AdESIndeterminate.REVOKED_NO_POE, AdESIndeterminate.REVOKED_CA_NO_POE})
_OUTDATED = "目录中缺少签发机构的吊销列表，或者列表已过更新期限。"


@dataclass(frozen=True, slots=True)
class Trusted:
    """A signature that is trusted."""

    anchor: str
    """Common name of the trust anchor."""
    proven_at: datetime | None
    """By a trusted timestamp; None: there is none."""


class Judge:
    """Judges certificates by the trust anchors, as of one moment."""

    def __init__(self, trust: TrustAnchors, now: datetime) -> None:
        self._trust = trust
        self._now = now

    def integrity(self, signature: EmbeddedPdfSignature) -> PdfSignatureStatus:
        """PyHanko's status of a signature as of now. Raises Unsettled if it does not fit the bytes."""
        status = self._status(signature)
        if not (status.intact and status.valid):
            raise invalid("签名与文件内容不符：文件或签名数据被改动过。")
        return status

    def trust(self, signature: EmbeddedPdfSignature, status: PdfSignatureStatus) -> Trusted:
        """By whom the signature is trusted, and when it was made, as far as that is proven. Raises Unsettled."""
        _check_usage(signature.signer_cert)
        self._need_anchors()
        proven_at = self._proven(signature, status)
        if status.trust_problem_indic is not None:
            self._explain(signature, status.trust_problem_indic, proven_at)
        if not status.bottom_line or status.validation_path is None:
            raise indeterminate("签名没有满足其自身声明的全部条件。")
        return Trusted(_anchor(status.validation_path), proven_at)

    def trust_timestamp(self, signature: EmbeddedPdfSignature) -> Trusted:
        """By whom a document timestamp is trusted, and its time. Raises Unsettled."""
        status = self._stamp_status(signature)
        if not (status.intact and status.valid):
            raise invalid("文件时间戳与文件内容不符：文件或时间戳被改动过。")
        self._need_anchors()
        if not status.trusted or status.validation_path is None:
            if self._lists_kept and self._stamp_status(signature, strict=False).trusted:
                raise untrusted(_OUTDATED, SignatureProblem.REVOCATION_UNKNOWN)
            raise untrusted("文件时间戳的证书不是由信任目录中的机构颁发，或已失效。")
        return Trusted(_anchor(status.validation_path), status.timestamp)

    def _need_anchors(self) -> None:
        if not self._trust.certificates:
            raise untrusted("信任目录中没有任何证书，无法确认签名人。")

    @property
    def _lists_kept(self) -> bool:
        return self._trust.crls is not None

    def _proven(self, signature: EmbeddedPdfSignature, status: PdfSignatureStatus) -> datetime | None:
        stamp = status.timestamp_validity
        if stamp is None:
            return None
        if not (stamp.intact and stamp.valid):
            raise invalid("时间戳与签名不符。")
        if not stamp.trusted:
            again = self._status(signature, strict=False).timestamp_validity if self._lists_kept else None
            if again is not None and again.trusted:
                raise untrusted(_OUTDATED, SignatureProblem.REVOCATION_UNKNOWN)
            raise untrusted("时间戳的证书不是由信任目录中的机构颁发，或已失效。")
        return stamp.timestamp

    def _explain(self, signature: EmbeddedPdfSignature, problem: Any, proven_at: datetime | None) -> None:
        certificate = signature.signer_cert
        if self._lists_kept and problem not in _REVOKED:
            problem = self._status(signature, strict=False).trust_problem_indic
            if problem is None:
                raise untrusted(_OUTDATED, SignatureProblem.REVOCATION_UNKNOWN)
        if proven_at is not None and problem in _EXPIRED:
            if proven_at > certificate.not_valid_after:
                raise invalid(
                    f"盖时间戳时（{proven_at:%Y-%m-%d}）签名证书已经过期（{certificate.not_valid_after:%Y-%m-%d}）。"
                )
            if self._is_listed(certificate):
                raise invalid("签名证书已被吊销。")
            if self._status(signature, strict=False, moment=proven_at).trust_problem_indic is None:
                raise untrusted(
                    f"签名证书在签名时（{proven_at:%Y-%m-%d}，有可信的时间戳）有效，"
                    f"但已于 {certificate.not_valid_after:%Y-%m-%d} 过期。",
                    SignatureProblem.CERTIFICATE_EXPIRED,
                )
        raise _distrust(problem, certificate, self._now)

    def _is_listed(self, certificate: x509.Certificate) -> bool:
        """Whether any list, however old, names it. No list need name a certificate that has expired."""
        return any(
            entry["user_certificate"].native == certificate.serial_number
            for each in map(_crl, self._trust.crls or ())
            if each.issuer == certificate.issuer
            for entry in each["tbs_cert_list"]["revoked_certificates"]
        )

    def _status(
        self, signature: EmbeddedPdfSignature, *, strict: bool = True, moment: datetime | None = None
    ) -> PdfSignatureStatus:
        context = self._context(moment or self._now, strict=strict)
        return _run(
            async_validate_pdf_signature(
                signature,
                context,
                ts_validation_context=context if moment is None else self._context(self._now, strict=strict),
                key_usage_settings=_ANY_USAGE,
                skip_diff=True,
            )
        )

    def _stamp_status(self, signature: EmbeddedPdfSignature, *, strict: bool = True) -> DocumentTimestampStatus:
        return _run(async_validate_pdf_timestamp(signature, self._context(self._now, strict=strict), skip_diff=True))

    def _context(self, moment: datetime, *, strict: bool) -> ValidationContext:
        """`strict`: where lists are kept, a certificate that no current one speaks of is not good."""
        return ValidationContext(
            trust_roots=[_certificate(der) for der in self._trust.certificates],
            crls=[_crl(der) for der in self._trust.crls or ()],
            ocsps=(),
            allow_fetching=False,
            revocation_mode="require" if strict and self._lists_kept else "soft-fail",
            moment=moment,
            signature_validator=SignatureValidatorWithSm2(),
        )


def _check_usage(certificate: x509.Certificate) -> None:
    usages = set(certificate.key_usage_value.native) if certificate.key_usage_value else set()
    if not usages & _SIGNING_USAGES:
        raise invalid("签名证书的用途不包括数字签名。")
    purposes = certificate.extended_key_usage_value
    # Many issuers put TLS client authentication alone beside non-repudiation on a person's or an office's key.
    allowed = _SIGNING_PURPOSES | ({"client_auth"} if "non_repudiation" in usages else set())
    if purposes is not None and not set(purposes.native) & allowed:
        raise invalid("签名证书是为其他用途签发的（例如网站证书），不能用来签署文件。")


def _distrust(problem: Any, certificate: x509.Certificate, now: datetime) -> Unsettled:
    match problem:
        case AdESIndeterminate.REVOKED_NO_POE:
            return invalid("签名证书已被吊销。")
        case AdESIndeterminate.REVOKED_CA_NO_POE:
            return invalid("签名证书的上级证书已被吊销。")
        case AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE | AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE:
            return invalid("签名或证书使用了已不安全的算法。")
        case AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND:
            return untrusted("签名证书不是由信任目录中的机构颁发。")
    if certificate.not_valid_after < now:
        return untrusted(f"签名证书已于 {certificate.not_valid_after:%Y-%m-%d} 过期，又没有可信的时间戳。")
    if certificate.not_valid_before > now:
        return untrusted(f"签名证书要到 {certificate.not_valid_before:%Y-%m-%d} 才生效。")
    return untrusted("签名证书的证书链没有通过检验（例如上级证书已失效）。")


@lru_cache(maxsize=256)
def _certificate(der: bytes) -> x509.Certificate:
    return x509.Certificate.load(der)


@lru_cache(maxsize=64)
def _crl(der: bytes) -> crl.CertificateList:
    return crl.CertificateList.load(der)


def _run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run to the end without an event loop: a validation that would wait for something would fetch something."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    coroutine.close()
    raise indeterminate("核验签名需要联网取得资料，未予进行。")


def _anchor(path: ValidationPath) -> str:
    name = path.trust_anchor.authority.name
    return str(name.native.get("common_name") or name.human_friendly)
