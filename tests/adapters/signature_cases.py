"""Signed PDFs, good and bad, each with the verdict that is due to it. The byte edits are plain malformations."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, cached_property
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, append_signature_field
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore

from adapters.pdf.trust import TrustAnchors
from domain.gate.evidence import SignatureProblem, SignatureStatus
from tests.adapters.signed_pdfs import NOW, Authority, Holder, plain_pdf, revise, sign
from tests.adapters.sm2_pdfs import Sm2Authority, Sm2Holder, sign_with_sm2

VALID, UNTRUSTED, INVALID = SignatureStatus.VALID, SignatureStatus.UNTRUSTED, SignatureStatus.INVALID
MODIFIED, UNSIGNED, UNSURE = SignatureStatus.MODIFIED, SignatureStatus.UNSIGNED, SignatureStatus.INDETERMINATE

_DAY = timedelta(days=1)


class Office:
    """The keys of one office, its issuer and a stranger of the same name; made once."""

    @cached_property
    def authority(self) -> Authority:
        return Authority()

    @cached_property
    def stranger(self) -> Authority:
        return Authority()

    @cached_property
    def holder(self) -> Holder:
        return self.authority.issue()

    @cached_property
    def other(self) -> Holder:
        return self.authority.issue("枫浦区教育局")

    @cached_property
    def former(self) -> Holder:
        """A certificate that expired a month ago."""
        return self.authority.issue(valid_to=NOW - 30 * _DAY)

    @cached_property
    def website(self) -> Holder:
        return self.authority.issue(
            "example.cn", usage="digital_signature", purposes=(ExtendedKeyUsageOID.SERVER_AUTH,)
        )

    @cached_property
    def national(self) -> Sm2Authority:
        return Sm2Authority()

    @cached_property
    def national_holder(self) -> Sm2Holder:
        return self.national.issue()

    @cached_property
    def stamper(self) -> Any:
        return self.authority.stamper(NOW - 3 * _DAY)

    @cached_property
    def plain(self) -> bytes:
        return plain_pdf()

    @cached_property
    def signed(self) -> bytes:
        return sign(plain_pdf(), self.holder)

    @cached_property
    def signed_with_sm2(self) -> bytes:
        return sign_with_sm2(plain_pdf(), self.national_holder)

    @cached_property
    def stamped(self) -> bytes:
        return sign(plain_pdf(), self.holder, stamper=self.stamper)

    @property
    def trust(self) -> TrustAnchors:
        return self.authority.trust

    def listing(self, *revoked: Holder, age: timedelta = _DAY) -> TrustAnchors:
        """The anchors with a list of revoked certificates."""
        return TrustAnchors((self.authority.root.der,), (self.authority.crl(revoked, issued=NOW - age),))


@cache
def office() -> Office:
    return Office()


@dataclass(frozen=True)
class Case:
    name: str
    pdf: Callable[[Office], bytes]
    status: SignatureStatus
    problem: SignatureProblem | None = None
    trust: Callable[[Office], TrustAnchors] = lambda made: made.trust
    says: str = ""
    """Words that the sentence must hold."""


def _national(made: Office) -> TrustAnchors:
    return made.national.trust


CASES = (
    # --- good ---------------------------------------------------------------------------------------------------
    Case("PAdES", lambda o: o.signed, VALID),
    Case("adbe.pkcs7.detached", lambda o: sign(plain_pdf(), o.holder, pades=False), VALID),
    Case("RSA", lambda o: sign(plain_pdf(), o.authority.issue(rsa_key=True)), VALID),
    Case("SHA-512", lambda o: sign(plain_pdf(), o.holder, digest="sha512"), VALID),
    Case("timestamp (B-T)", lambda o: o.stamped, VALID, says="时间戳"),
    Case("validation data (B-LT)", lambda o: _with_dss(o.stamped, o), VALID),
    Case(
        "validation data and document timestamp (B-LTA)",
        lambda o: _with_archive_stamp(_with_dss(o.stamped, o), o),
        VALID,
    ),
    Case("two document timestamps", lambda o: _with_archive_stamp(_with_archive_stamp(o.signed, o), o), VALID),
    Case("certified, nothing may change", lambda o: sign(plain_pdf(), o.holder, certify=MDPPerm.NO_CHANGES), VALID),
    Case(
        "certified, then validation data",
        lambda o: _with_dss(sign(plain_pdf(), o.holder, certify=MDPPerm.NO_CHANGES), o),
        VALID,
    ),
    Case("cleared by a current list", lambda o: o.signed, VALID, trust=lambda o: o.listing()),
    Case("another one revoked", lambda o: o.signed, VALID, trust=lambda o: o.listing(o.other)),
    Case("document signing purpose", lambda o: sign(plain_pdf(), _for_purpose(o, "1.3.6.1.5.5.7.3.36")), VALID),
    # --- SM2 ----------------------------------------------------------------------------------------------------
    Case("SM2 with SM3", lambda o: o.signed_with_sm2, VALID, trust=_national),
    Case(
        "SM2 under PAdES", lambda o: sign_with_sm2(plain_pdf(), o.national_holder, pades=True), VALID, trust=_national
    ),
    Case("SM2 cleared by a list", lambda o: o.signed_with_sm2, VALID, trust=lambda o: _national_listing(o)),
    Case(
        "SM2 revoked",
        lambda o: o.signed_with_sm2,
        INVALID,
        trust=lambda o: _national_listing(o, o.national_holder),
        says="吊销",
    ),
    Case("SM2 by a stranger", lambda o: sign_with_sm2(plain_pdf(), Sm2Authority().issue()), UNTRUSTED, trust=_national),
    Case("SM2, a byte changed", lambda o: _flip_content(o.signed_with_sm2), INVALID, trust=_national),
    Case("SM2, a byte of the value changed", lambda o: _flip_value(o.signed_with_sm2), INVALID, trust=_national),
    Case(
        "SM2 key for encryption",
        lambda o: sign_with_sm2(plain_pdf(), o.national.issue(usage=frozenset({"key_agreement"}))),
        INVALID,
        trust=_national,
    ),
    Case(
        "SM2 expired",
        lambda o: sign_with_sm2(plain_pdf(), o.national.issue(valid_to=NOW - 9 * _DAY)),
        UNTRUSTED,
        trust=_national,
        says="过期",
    ),
    Case("SM2 is not trusted by an RSA root", lambda o: o.signed_with_sm2, UNTRUSTED),
    # --- who ----------------------------------------------------------------------------------------------------
    Case("no anchors", lambda o: o.signed, UNTRUSTED, trust=lambda o: TrustAnchors()),
    Case("unknown issuer", lambda o: o.signed, UNTRUSTED, trust=lambda o: o.stranger.trust),
    Case("lookalike under an issuer of the same name", lambda o: sign(plain_pdf(), o.stranger.issue()), UNTRUSTED),
    Case("website certificate", lambda o: sign(plain_pdf(), o.website), INVALID, says="用途"),
    Case(
        "website certificate as an anchor",
        lambda o: sign(plain_pdf(), o.website),
        INVALID,
        trust=lambda o: TrustAnchors((o.website.der,)),
    ),
    Case("encryption certificate", lambda o: sign(plain_pdf(), o.authority.issue(usage="key_agreement")), INVALID),
    Case("weak digest", lambda o: sign(plain_pdf(), o.holder, digest="sha1"), INVALID, says="sha1"),
    Case("small RSA key", lambda o: sign(plain_pdf(), o.authority.issue(rsa_key=True, bits=1024)), INVALID),
    # --- when ---------------------------------------------------------------------------------------------------
    Case("expired, no timestamp", lambda o: sign(plain_pdf(), o.former), UNTRUSTED, says="过期"),
    Case(
        "not valid yet", lambda o: sign(plain_pdf(), o.authority.issue(valid_from=NOW + _DAY)), UNTRUSTED, says="生效"
    ),
    Case(
        "expired since, timestamped before",
        lambda o: sign(plain_pdf(), o.former, stamper=o.authority.stamper(NOW - 60 * _DAY)),
        UNTRUSTED,
        SignatureProblem.CERTIFICATE_EXPIRED,
    ),
    Case(
        "expired since, timestamped before, but revoked",
        lambda o: sign(plain_pdf(), o.former, stamper=o.authority.stamper(NOW - 60 * _DAY)),
        INVALID,
        trust=lambda o: o.listing(o.former),
        says="吊销",
    ),
    Case(
        "timestamped after expiry",
        lambda o: sign(plain_pdf(), o.former, stamper=o.authority.stamper(NOW - 3 * _DAY)),
        INVALID,
        says="盖时间戳时",
    ),
    Case("a stranger's timestamp", lambda o: sign(plain_pdf(), o.holder, stamper=o.stranger.stamper(NOW)), UNTRUSTED),
    Case("a document timestamp alone", lambda o: _with_archive_stamp(plain_pdf(), o), UNSURE, says="没有签名"),
    # --- revoked ------------------------------------------------------------------------------------------------
    Case("revoked", lambda o: o.signed, INVALID, trust=lambda o: o.listing(o.holder), says="吊销"),
    Case("revoked though timestamped before", lambda o: o.stamped, INVALID, trust=lambda o: o.listing(o.holder)),
    Case(
        "stale list",
        lambda o: o.signed,
        UNTRUSTED,
        SignatureProblem.REVOCATION_UNKNOWN,
        lambda o: o.listing(age=30 * _DAY),
    ),
    Case(
        "no list",
        lambda o: o.signed,
        UNTRUSTED,
        SignatureProblem.REVOCATION_UNKNOWN,
        lambda o: TrustAnchors((o.authority.root.der,), ()),
    ),
    Case(
        "stale list, timestamped",
        lambda o: o.stamped,
        UNTRUSTED,
        SignatureProblem.REVOCATION_UNKNOWN,
        lambda o: o.listing(age=30 * _DAY),
    ),
    Case(
        "another issuer's list",
        lambda o: o.signed,
        UNTRUSTED,
        SignatureProblem.REVOCATION_UNKNOWN,
        lambda o: TrustAnchors((o.authority.root.der,), (o.stranger.crl(),)),
    ),
    # --- changed ------------------------------------------------------------------------------------------------
    Case("a byte of the content changed", lambda o: _flip_content(o.signed), INVALID),
    Case("a byte of the value changed", lambda o: _flip_value(o.signed), INVALID),
    Case("a newline after the end", lambda o: o.signed + b"\n", MODIFIED),
    Case("a comment after the end", lambda o: o.signed + b"% harmless\n", MODIFIED),
    Case("another file after the end", lambda o: o.signed + plain_pdf(), UNSURE),
    Case("an object after the end, in no table", lambda o: o.signed + b"\n99 0 obj\n<</A 1>>\nendobj\n", MODIFIED),
    Case("another page content", lambda o: revise(o.signed, _replace_page), MODIFIED),
    Case("another title in /Info", lambda o: revise(o.signed, _change_information), MODIFIED),
    Case("an orphan object", lambda o: revise(o.signed, lambda writer: writer.add_object(_stream())), MODIFIED),
    Case("an annotation on an approval", lambda o: revise(o.signed, _annotate), MODIFIED),
    Case(
        "an evil annotation on a certified file",
        lambda o: revise(sign(plain_pdf(), o.holder, certify=MDPPerm.ANNOTATE), _annotate),
        MODIFIED,
    ),
    Case("an action of the catalogue", lambda o: revise(o.signed, _add_open_action), MODIFIED),
    Case("an empty field added", lambda o: revise(o.signed, _append_empty_field), MODIFIED),
    Case("saved again", lambda o: _saved_again(o.signed), INVALID),
    Case(
        "a stream of something else in the validation data",
        lambda o: revise(o.signed, lambda writer: _add_store(writer, b"GIF89a")),
        MODIFIED,
    ),
    Case(
        "a certificate with something behind it in the validation data",
        lambda o: revise(o.signed, lambda writer: _add_store(writer, o.holder.der + b"GIF89a")),
        MODIFIED,
    ),
    Case(
        "an orphan beside validation data",
        lambda o: revise(_with_dss(o.signed, o), lambda writer: writer.add_object(_stream())),
        MODIFIED,
    ),
    Case("bytes after validation data", lambda o: _with_dss(o.signed, o) + b"\n% more\n", MODIFIED),
    Case("bytes between the signature and validation data", lambda o: _with_dss(o.signed + b"% more\n", o), MODIFIED),
    # --- ranges -------------------------------------------------------------------------------------------------
    Case("range shrunk", lambda o: _with_range(o.signed, lambda a, b, c: (a, b, c - 10)), INVALID),
    Case("range past the end", lambda o: _with_range(o.signed, lambda a, b, c: (a, b, c + 1)), INVALID),
    Case("gap wider than the value", lambda o: _with_range(o.signed, lambda a, b, c: (a - 9, b, c)), INVALID),
    Case("ranges that overlap", lambda o: _with_range(o.signed, lambda a, b, c: (a, a, c)), INVALID),
    Case("second range empty", lambda o: _with_range(o.signed, lambda a, b, c: (a, b, 0)), INVALID),
    # --- values -------------------------------------------------------------------------------------------------
    Case("value of zeros", lambda o: _with_contents(o.signed, lambda value: bytes(len(value))), UNSURE),
    Case("value of nonsense", lambda o: _with_contents(o.signed, lambda value: b"\x17" * len(value)), UNSURE),
    Case("no value", lambda o: o.signed.replace(b"/Contents <", b"/Contentz <", 1), UNSURE),
    Case("no range", lambda o: o.signed.replace(b"/ByteRange", b"/ByteRang3", 1), UNSURE),
    Case("something behind the value", lambda o: _with_contents(o.signed, lambda value: value[:-4] + b"more"), UNSURE),
    # --- others beside ------------------------------------------------------------------------------------------
    Case("two signers", lambda o: sign(o.signed, o.other, name="Second"), UNSURE, SignatureProblem.SEVERAL),
    Case(
        "a stranger signs second",
        lambda o: sign(o.signed, o.stranger.issue(), name="Second"),
        UNTRUSTED,
    ),
    Case(
        "a sneaky second signature over a changed page",
        lambda o: sign(revise(o.signed, _replace_page), o.other, name="Second"),
        MODIFIED,
    ),
    Case("an empty field before signing", lambda o: sign(revise(plain_pdf(), _append_empty_field), o.holder), UNSURE),
    Case(
        "a signature in no field",
        lambda o: sign(revise(plain_pdf(), lambda writer: writer.add_object(_foreign())), o.holder),
        UNSURE,
    ),
    Case(
        "a signature in no field, alone",
        lambda o: revise(plain_pdf(), lambda writer: writer.add_object(_foreign())),
        UNSURE,
    ),
    Case("a document timestamp by a stranger", lambda o: _with_archive_stamp(o.signed, o, by=o.stranger), UNTRUSTED),
    # --- national forms -----------------------------------------------------------------------------------------
    Case(
        "SubFilter GM.SM2",
        lambda o: revise(plain_pdf(), lambda writer: _append_foreign(writer, _foreign())),
        UNSURE,
        SignatureProblem.SEAL,
        says="GM.SM2",
    ),
    Case(
        "SubFilter GM beside a good one",
        lambda o: sign(revise(plain_pdf(), lambda writer: _append_foreign(writer, _foreign())), o.holder),
        UNSURE,
        SignatureProblem.SEAL,
    ),
    Case(
        "a seal of GB/T 38540",
        lambda o: revise(plain_pdf(), lambda writer: _append_foreign(writer, _foreign("/adbe.pkcs7.detached", SEAL))),
        UNSURE,
        SignatureProblem.SEAL,
        says="印章",
    ),
    Case(
        "SignedData of GB/T 35275",
        lambda o: revise(
            plain_pdf(), lambda writer: _append_foreign(writer, _foreign("/adbe.pkcs7.detached", GM_MESSAGE))
        ),
        UNSURE,
        SignatureProblem.SEAL,
        says="35275",
    ),
    Case(
        "a SubFilter that nobody knows",
        lambda o: revise(plain_pdf(), lambda writer: _append_foreign(writer, _foreign("/Acme.Sign"))),
        UNSURE,
        says="Acme.Sign",
    ),
    # --- none ---------------------------------------------------------------------------------------------------
    Case("no signature", lambda o: plain_pdf(), UNSIGNED),
    Case("an empty field alone", lambda o: revise(plain_pdf(), _append_empty_field), UNSIGNED),
)


# --- certificates and lists -------------------------------------------------------------------------------------------


def _national_listing(made: Office, *revoked: Sm2Holder) -> TrustAnchors:
    return TrustAnchors((made.national.root.der,), (made.national.crl(revoked),))


def _for_purpose(made: Office, oid: str) -> Holder:
    return made.authority.issue(purposes=(x509.ObjectIdentifier(oid),))


# --- what comes after -------------------------------------------------------------------------------------------------


def _with_dss(pdf: bytes, made: Office) -> bytes:
    """With a store of the certificates and lists that prove the signature (/DSS)."""
    file = io.BytesIO(pdf)
    certificates = [asn1_x509.Certificate.load(der) for der in (made.authority.root.der, made.holder.der)]
    DocumentSecurityStore.add_dss(
        file, b"\x30\x00", certs=certificates, crls=[asn1_crl.CertificateList.load(made.authority.crl())]
    )
    return file.getvalue()


def _with_archive_stamp(pdf: bytes, made: Office, by: Authority | None = None) -> bytes:
    stamper = by.stamper(NOW - _DAY) if by else made.stamper
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    return bytes(PdfTimeStamper(stamper).timestamp_pdf(writer, md_algorithm="sha256").getvalue())


def _add_store(writer: IncrementalPdfFileWriter, data: bytes) -> None:
    certificate = writer.add_object(generic.StreamObject(stream_data=data))
    store = {generic.pdf_name("/Certs"): generic.ArrayObject([certificate])}
    writer.root["/DSS"] = writer.add_object(generic.DictionaryObject(store))  # type: ignore[no-untyped-call]
    writer.update_root()  # type: ignore[no-untyped-call]


def _saved_again(pdf: bytes) -> bytes:
    target = io.BytesIO()
    copy_into_new_writer(PdfFileReader(io.BytesIO(pdf))).write(target)  # type: ignore[no-untyped-call]
    return target.getvalue()


def _append_empty_field(writer: IncrementalPdfFileWriter) -> None:
    append_signature_field(writer, SigFieldSpec("Empty"))


def _replace_page(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(_stream())
    writer.update_container(page)


def _change_information(writer: IncrementalPdfFileWriter) -> None:
    title = generic.DictionaryObject({generic.pdf_name("/Title"): generic.pdf_string("Another")})  # type: ignore[no-untyped-call]
    writer.set_info(writer.add_object(title))


def _add_open_action(writer: IncrementalPdfFileWriter) -> None:
    action = {generic.pdf_name("/S"): generic.pdf_name("/GoTo")}
    writer.root["/OpenAction"] = generic.DictionaryObject(action)  # type: ignore[no-untyped-call]
    writer.update_root()  # type: ignore[no-untyped-call]


def _annotate(writer: IncrementalPdfFileWriter) -> None:
    corners = [generic.NumberObject(number) for number in (50, 50, 300, 300)]  # type: ignore[no-untyped-call]
    note = {
        "/Type": generic.pdf_name("/Annot"),
        "/Subtype": generic.pdf_name("/FreeText"),
        "/Rect": generic.ArrayObject(corners),
        "/Contents": generic.pdf_string("Approved"),
    }
    added = writer.add_object(_dictionary(note))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Annots"] = generic.ArrayObject([*page.get("/Annots", ()), added])
    writer.update_container(page)


def _stream() -> generic.StreamObject:
    return generic.StreamObject(stream_data=b"BT ET")


def _dictionary(entries: dict[str, Any]) -> generic.DictionaryObject:
    return generic.DictionaryObject({generic.pdf_name(name): value for name, value in entries.items()})  # type: ignore[no-untyped-call]


# --- forms of signature -----------------------------------------------------------------------------------------------

# The beginning of an SES_Signature: toSign { version 4, eseal { eSealInfo { header { "ES", 4, … (GB/T 38540-2020, 6).
SEAL: bytes = bytes.fromhex("3081803060020104305b3059300c16024553020104160456454e44") + bytes(40)
# SignedData under the name that GB/T 35275 gives it.
GM_MESSAGE: bytes = bytes.fromhex("3017060a2a811ccf550601040202a0093007020101310030003100")


def _foreign(sub_filter: str = "/GM.SM2", contents: bytes = b"\x30\x00") -> generic.DictionaryObject:
    ranges = (generic.NumberObject(number) for number in (0, 10, 20, 10))  # type: ignore[no-untyped-call]
    return _dictionary(
        {
            "/Type": generic.pdf_name("/Sig"),
            "/Filter": generic.pdf_name("/Adobe.PPKLite"),
            "/SubFilter": generic.pdf_name(sub_filter),
            "/ByteRange": generic.ArrayObject(ranges),
            "/Contents": generic.ByteStringObject(contents),
        }
    )


def _append_foreign(writer: IncrementalPdfFileWriter, signature: generic.DictionaryObject) -> None:
    append_signature_field(writer, SigFieldSpec("Foreign"))
    field = writer.root["/AcroForm"]["/Fields"][0]
    field["/V"] = writer.add_object(signature)
    writer.update_container(field)


# --- byte edits -------------------------------------------------------------------------------------------------------


def _flip_content(pdf: bytes) -> bytes:
    assert b"/MediaBox [ 0 0 595" in pdf
    return pdf.replace(b"/MediaBox [ 0 0 595", b"/MediaBox [ 0 0 594", 1)


def _flip_value(pdf: bytes) -> bytes:
    """Another byte near the end of the signature value, which stands last in the CMS."""
    found = re.search(rb"/Contents\s*<([0-9a-fA-F]+?)(?:00)*>", pdf)
    assert found is not None
    at = found.end(1) - 10
    return pdf[:at] + (b"0" if pdf[at : at + 1] != b"0" else b"1") + pdf[at + 1 :]


def _with_range(pdf: bytes, change: Callable[[int, int, int], tuple[int, int, int]]) -> bytes:
    """The same file, as long as before, whose signature claims another range."""
    found = re.search(rb"/ByteRange\s*\[\s*0 (\d+) (\d+) (\d+)\s*\]\s*", pdf)
    assert found is not None
    claim = b"/ByteRange [0 %d %d %d]" % change(*(int(number) for number in found.groups()))
    return pdf[: found.start()] + claim.ljust(len(found[0])) + pdf[found.end() :]


def _with_contents(pdf: bytes, change: Callable[[bytes], bytes]) -> bytes:
    found = re.search(rb"/Contents\s*<([0-9a-fA-F]+)>", pdf)
    assert found is not None
    changed = change(bytes.fromhex(found[1].decode())).hex().encode()
    return pdf[: found.start(1)] + changed + pdf[found.end(1) :]
