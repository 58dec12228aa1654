"""What an operator should know of the trust anchors and the revocation lists: what runs out, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from adapters.pdf.trust import TrustAnchors


@dataclass(frozen=True, slots=True)
class TrustReport:
    """All times are UTC."""

    anchors: int
    expired: tuple[str, ...]
    """Subjects of anchors that are not valid now."""
    next_expiry: datetime | None
    """When the first of the valid anchors runs out; None: there is none."""
    lists: int | None
    """None: no lists are kept."""
    outdated: tuple[str, ...]
    """Issuers whose list is not current."""
    unlisted: tuple[str, ...]
    """Subjects of anchors of which there is no list."""
    next_update: datetime | None
    """When the first of the current lists runs out."""


def trust_report(trust: TrustAnchors, now: datetime) -> TrustReport:
    """What the anchors and lists are worth at `now`."""
    anchors = [x509.load_der_x509_certificate(der) for der in trust.certificates]
    valid = [each for each in anchors if each.not_valid_before_utc <= now <= each.not_valid_after_utc]
    lists = [x509.load_der_x509_crl(der) for der in trust.crls or ()]
    ends = [(each, each.next_update_utc) for each in lists]
    current = [end for _, end in ends if end is not None and end > now]
    issuers = {each.issuer for each in lists}
    return TrustReport(
        anchors=len(anchors),
        expired=tuple(_name(each.subject) for each in anchors if each not in valid),
        next_expiry=min((each.not_valid_after_utc for each in valid), default=None),
        lists=None if trust.crls is None else len(lists),
        outdated=tuple(_name(each.issuer) for each, end in ends if end is None or end <= now),
        unlisted=tuple(_name(each.subject) for each in valid if trust.crls is not None and each.subject not in issuers),
        next_update=min(current, default=None),
    )


def _name(name: x509.Name) -> str:
    common = name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(common[0].value) if common else name.rfc4514_string()
