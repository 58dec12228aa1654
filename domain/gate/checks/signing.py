"""Whether the authority signed it, and nobody changed it since."""

from __future__ import annotations

from collections.abc import Iterator

from domain.gate.case import Case
from domain.gate.evidence import Signature, SignatureStatus
from domain.gate.finding import Finding, find
from domain.gate.rules import SignaturePolicy, UnlistedSigners
from domain.reading.spelling import bare

_CODES = {
    SignatureStatus.UNSIGNED: "signature-missing",
    SignatureStatus.UNTRUSTED: "signature-untrusted",
    SignatureStatus.INVALID: "signature-invalid",
    SignatureStatus.MODIFIED: "signature-modified",
    SignatureStatus.INDETERMINATE: "signature-indeterminate",
}
_SHOWN = 16
"""So many hexadecimal digits name a key in a sentence."""


def signature(case: Case) -> Iterator[Finding]:
    """Only a valid signature says that the authority issued the letter, unless it is registered as one without."""
    verdict = case.evidence.signature
    if verdict.status is SignatureStatus.UNSIGNED and case.authority and _needs_none(case):
        yield find("signature-not-required", authority=case.authority.name)
    elif verdict.status is not SignatureStatus.VALID:
        yield find(verdict.problem or _CODES[verdict.status], detail=verdict.detail)


def signer(case: Case) -> Iterator[Finding]:
    """A good signature says who signed; that this is the authority of the letter is another matter."""
    name = case.draft.issuing_authority
    if case.evidence.signature.status is not SignatureStatus.VALID or name is None:
        return
    listed = (
        bool(case.authority and case.authority.signer_keys) or case.rules.unlisted_signers is UnlistedSigners.NOBODY
    )
    for key in sorted(_strange_keys(case, name)):
        yield find("signer-key-unlisted" if listed else "signer-not-authority", authority=name, key=key[:_SHOWN])


def vouches(case: Case) -> bool:
    """Whether the signature, or by policy its absence, lets the letter be public."""
    status = case.evidence.signature.status
    return status is SignatureStatus.VALID or (status is SignatureStatus.UNSIGNED and _needs_none(case))


def _needs_none(case: Case) -> bool:
    return case.authority is not None and case.authority.signature is SignaturePolicy.OPTIONAL


def _strange_keys(case: Case, authority: str) -> set[str]:
    """Keys that may not sign for the authority. A verdict without any signature vouches for nobody."""
    by_key = {each.key_sha256: each for each in case.evidence.signature.signatures if each.key_sha256}
    return {key for key, each in by_key.items() if not _may_sign(each, case, authority)} or (set() if by_key else {"—"})


def _may_sign(each: Signature, case: Case, authority: str) -> bool:
    if case.authority and case.authority.signer_keys:
        return each.key_sha256 in case.authority.signer_keys
    match case.rules.unlisted_signers:
        case UnlistedSigners.ANY:
            return True
        case UnlistedSigners.NAMED:
            names = (authority, *((case.authority.name, *case.authority.short_names) if case.authority else ()))
            return not {bare(name) for name in names}.isdisjoint(map(bare, (each.signer, *each.organisations)))
        case UnlistedSigners.NOBODY:
            return False


CHECKS = (signature, signer)
