"""Valid is said only of a file that an office signed as a whole and nobody touched since."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pyhanko.sign.validation.dss import DocumentSecurityStore

from adapters.pdf.signature import verify_signatures
from adapters.pdf.trust import TrustAnchors
from domain.gate.evidence import SignatureProblem, SignatureStatus, SignatureVerdict
from tests.adapters.signed_pdfs import NOW, YEAR, Authority, Holder, plain_pdf, revise, sign

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def office(authority: Authority) -> Holder:
    return authority.issue()


@pytest.fixture(scope="module")
def signed(office: Holder) -> bytes:
    return sign(plain_pdf(), office)


@pytest.fixture(scope="module")
def judge(authority: Authority) -> Callable[[bytes], SignatureVerdict]:
    return lambda pdf: verify_signatures(pdf, authority.trust, NOW)


Judge = Callable[[bytes], SignatureVerdict]


def test_a_signature_over_the_whole_file_by_a_trusted_certificate_is_valid(signed: bytes, judge: Judge) -> None:
    verdict = judge(signed)
    assert verdict.status is SignatureStatus.VALID
    assert verdict.signers == ("枫浦区砚溪镇人民政府",)
    assert "Root" in verdict.detail


def test_the_older_adobe_form_is_valid_too(office: Holder, judge: Judge) -> None:
    assert judge(sign(plain_pdf(), office, pades=False)).status is SignatureStatus.VALID


def test_a_file_without_a_signature_is_unsigned(judge: Judge) -> None:
    assert judge(plain_pdf()).status is SignatureStatus.UNSIGNED


def test_an_empty_signature_field_alone_is_unsigned(judge: Judge) -> None:
    assert judge(revise(plain_pdf(), _append_empty_field)).status is SignatureStatus.UNSIGNED


class TestTrust:
    """Trusted is who leads to a certificate in the folder, at that time, for that use. Nobody else."""

    def test_no_anchor_trusts_nobody(self, signed: bytes) -> None:
        """The system's own certificates are never a substitute."""
        assert verify_signatures(signed, TrustAnchors(), NOW).status is SignatureStatus.UNTRUSTED

    def test_a_stranger_is_untrusted(self, signed: bytes) -> None:
        assert verify_signatures(signed, Authority().trust, NOW).status is SignatureStatus.UNTRUSTED

    def test_an_issuer_of_the_same_name_is_a_stranger(self, authority: Authority, judge: Judge) -> None:
        impostor = Authority().issue()
        assert judge(sign(plain_pdf(), impostor)).status is SignatureStatus.UNTRUSTED

    def test_an_expired_certificate_is_untrusted(self, signed: bytes, authority: Authority) -> None:
        verdict = verify_signatures(signed, authority.trust, NOW + 2 * YEAR)
        assert (verdict.status, "过期" in verdict.detail) == (SignatureStatus.UNTRUSTED, True)

    def test_a_certificate_of_the_future_is_untrusted(self, signed: bytes, authority: Authority) -> None:
        assert verify_signatures(signed, authority.trust, NOW - 2 * YEAR).status is SignatureStatus.UNTRUSTED

    def test_a_website_certificate_signs_no_document(self, authority: Authority, judge: Judge) -> None:
        website = authority.issue("example.cn", usage="digital_signature", purposes=(ExtendedKeyUsageOID.SERVER_AUTH,))
        assert judge(sign(plain_pdf(), website)).status is SignatureStatus.INVALID

    def test_a_website_certificate_signs_no_document_even_as_an_anchor(self, authority: Authority) -> None:
        website = authority.issue("example.cn", usage="digital_signature", purposes=(ExtendedKeyUsageOID.SERVER_AUTH,))
        pdf = sign(plain_pdf(), website)
        assert verify_signatures(pdf, TrustAnchors((website.der,)), NOW).status is SignatureStatus.INVALID

    def test_an_encryption_certificate_signs_no_document(self, authority: Authority, judge: Judge) -> None:
        assert judge(sign(plain_pdf(), authority.issue(usage="key_agreement"))).status is SignatureStatus.INVALID

    def test_a_broken_digest_is_refused(self, office: Holder, judge: Judge) -> None:
        assert judge(sign(plain_pdf(), office, digest="sha1")).status is SignatureStatus.INVALID


class TestRevocation:
    """With revocation lists, every certificate must be cleared by a current one."""

    def test_a_certificate_that_a_current_list_clears_is_valid(self, signed: bytes, authority: Authority) -> None:
        trust = TrustAnchors((authority.root.der,), (authority.crl(),))
        assert verify_signatures(signed, trust, NOW).status is SignatureStatus.VALID

    def test_a_revoked_certificate_is_invalid(self, signed: bytes, office: Holder, authority: Authority) -> None:
        trust = TrustAnchors((authority.root.der,), (authority.crl((office,)),))
        assert verify_signatures(signed, trust, NOW).status is SignatureStatus.INVALID

    @pytest.mark.parametrize("age", [timedelta(days=30), None], ids=["stale", "absent"])
    def test_without_a_current_list_nobody_is_trusted(
        self, signed: bytes, authority: Authority, age: timedelta | None
    ) -> None:
        crls = () if age is None else (authority.crl(issued=NOW - age),)
        trust = TrustAnchors((authority.root.der,), crls)
        assert verify_signatures(signed, trust, NOW).status is SignatureStatus.UNTRUSTED


class TestTimestamp:
    """A trusted timestamp says when; without one it is now."""

    def test_a_good_timestamp_is_the_time_of_the_signature(self, office: Holder, authority: Authority) -> None:
        pdf = sign(plain_pdf(), office, stamper=authority.stamper(NOW - timedelta(days=3)))
        verdict = verify_signatures(pdf, authority.trust, NOW)
        assert (verdict.status, verdict.signed_at) == (SignatureStatus.VALID, "2025-05-29T08:00:00Z")

    def test_a_certificate_that_expired_after_its_timestamp_is_for_a_person(self, authority: Authority) -> None:
        former = authority.issue(valid_to=NOW - timedelta(days=30))
        pdf = sign(plain_pdf(), former, stamper=authority.stamper(NOW - timedelta(days=60)))
        verdict = verify_signatures(pdf, authority.trust, NOW)
        assert verdict.problem is SignatureProblem.CERTIFICATE_EXPIRED
        assert verdict.status is SignatureStatus.UNTRUSTED

    def test_a_certificate_that_had_expired_before_its_timestamp_is_not(self, authority: Authority) -> None:
        former = authority.issue(valid_to=NOW - timedelta(days=90))
        pdf = sign(plain_pdf(), former, stamper=authority.stamper(NOW - timedelta(days=60)))
        assert verify_signatures(pdf, authority.trust, NOW).status is SignatureStatus.INVALID

    def test_a_strangers_timestamp_counts_for_nothing(self, office: Holder, authority: Authority) -> None:
        pdf = sign(plain_pdf(), office, stamper=Authority().stamper(NOW))
        assert verify_signatures(pdf, authority.trust, NOW).status is SignatureStatus.UNTRUSTED


class TestChange:
    """Whatever was changed after signing, the file is not what the office signed."""

    def test_another_byte_in_the_content_is_invalid(self, signed: bytes, judge: Judge) -> None:
        assert (
            judge(signed.replace(b"/MediaBox [ 0 0 595", b"/MediaBox [ 0 0 594", 1)).status is SignatureStatus.INVALID
        )

    def test_another_byte_in_the_signature_value_is_invalid(self, signed: bytes, judge: Judge) -> None:
        contents = re.search(rb"/Contents\s*<([0-9a-fA-F]+?)(?:00)*>", signed)
        assert contents is not None
        at = contents.end(1) - 10
        flipped = signed[:at] + (b"0" if signed[at : at + 1] != b"0" else b"1") + signed[at + 1 :]
        assert judge(flipped).status is SignatureStatus.INVALID

    @pytest.mark.parametrize("tail", [b"\n", b" ", b"% harmless\n", b"GIF89a"])
    def test_bytes_after_the_end_are_a_modification(self, signed: bytes, judge: Judge, tail: bytes) -> None:
        assert judge(signed + tail).status is SignatureStatus.MODIFIED

    def test_another_page_content_is_a_modification(self, signed: bytes, judge: Judge) -> None:
        assert judge(revise(signed, _replace_page)).status is SignatureStatus.MODIFIED

    def test_another_title_in_the_document_information_is_a_modification(self, signed: bytes, judge: Judge) -> None:
        assert judge(revise(signed, _change_information)).status is SignatureStatus.MODIFIED

    def test_an_object_that_nothing_refers_to_is_a_modification(self, signed: bytes, judge: Judge) -> None:
        assert judge(revise(signed, lambda writer: writer.add_object(_stream()))).status is SignatureStatus.MODIFIED

    def test_a_later_empty_field_is_never_valid(self, signed: bytes, judge: Judge) -> None:
        assert judge(revise(signed, _append_empty_field)).status is SignatureStatus.MODIFIED

    def test_a_page_action_added_later_is_a_modification(self, signed: bytes, judge: Judge) -> None:
        assert judge(revise(signed, _add_open_action)).status is SignatureStatus.MODIFIED

    def test_a_range_that_was_shrunk_is_invalid(self, signed: bytes, judge: Judge) -> None:
        assert judge(_with_range(signed, lambda a, b, c: (a, b, c - 10))).status is SignatureStatus.INVALID

    def test_a_range_that_passes_the_end_is_invalid(self, signed: bytes, judge: Judge) -> None:
        assert judge(_with_range(signed, lambda a, b, c: (a, b, c + 1))).status is SignatureStatus.INVALID

    def test_a_gap_wider_than_the_signature_is_invalid(self, signed: bytes, judge: Judge) -> None:
        assert judge(_with_range(signed, lambda a, b, c: (a - 9, b, c))).status is SignatureStatus.INVALID

    def test_a_file_that_was_saved_again_is_not_valid(self, signed: bytes, judge: Judge) -> None:
        target = io.BytesIO()
        copy_into_new_writer(PdfFileReader(io.BytesIO(signed))).write(target)  # type: ignore[no-untyped-call]
        assert judge(target.getvalue()).status is not SignatureStatus.VALID


class TestOtherSignatures:
    """A signature that cannot be judged is never overlooked beside one that can."""

    def test_a_second_signature_leaves_the_first_to_a_person(
        self, signed: bytes, authority: Authority, judge: Judge
    ) -> None:
        verdict = judge(sign(signed, authority.issue("枫浦区教育局"), name="Second"))
        assert verdict.status is SignatureStatus.INDETERMINATE
        assert verdict.signers == ("枫浦区砚溪镇人民政府", "枫浦区教育局")

    def test_a_strangers_second_signature_is_never_valid(self, signed: bytes, judge: Judge) -> None:
        assert judge(sign(signed, Authority().issue(), name="Second")).status is not SignatureStatus.VALID

    def test_validation_data_added_later_changes_nothing(
        self, signed: bytes, authority: Authority, judge: Judge
    ) -> None:
        """A store of certificates (/DSS, ISO 32000-2, 12.8.4.3)."""
        file = io.BytesIO(signed)
        certificate = asn1_x509.Certificate.load(authority.root.der)
        DocumentSecurityStore.add_dss(file, b"\x30\x00", certs=[certificate])
        assert judge(file.getvalue()).status is SignatureStatus.VALID

    def test_an_unknown_format_is_named(self, signed: bytes, judge: Judge) -> None:
        verdict = judge(signed.replace(b"/ETSI.CAdES.detached", b"/GM.SM2.SealDetached", 1))
        assert (verdict.status, "GM.SM2" in verdict.detail) == (SignatureStatus.INDETERMINATE, True)

    def test_an_unknown_format_beside_a_good_signature_is_not_overlooked(self, office: Holder, judge: Judge) -> None:
        foreign = revise(plain_pdf(), _append_foreign_signature)
        assert judge(sign(foreign, office)).status is SignatureStatus.INDETERMINATE

    def test_a_signature_outside_the_form_is_not_overlooked(self, office: Holder, judge: Judge) -> None:
        loose = revise(plain_pdf(), lambda writer: writer.add_object(_foreign_signature()))
        assert judge(loose).status is SignatureStatus.INDETERMINATE
        assert judge(sign(loose, office)).status is SignatureStatus.INDETERMINATE

    def test_an_empty_field_beside_a_good_signature_is_left_to_a_person(self, office: Holder, judge: Judge) -> None:
        assert judge(sign(revise(plain_pdf(), _append_empty_field), office)).status is SignatureStatus.INDETERMINATE

    def test_a_national_algorithm_is_indeterminate_not_invalid(self, signed: bytes, judge: Judge) -> None:
        """An identifier of SM3 (under 1.2.156.10197.1.401) where that of SHA-256 stood."""
        sha256, sm3 = bytes.fromhex("0609608648016503040201"), bytes.fromhex("06092A811CCF5501831101")
        changed = _replace_in_contents(signed, sha256, sm3)
        verdict = judge(changed)
        assert (verdict.status, "国密" in verdict.detail) == (SignatureStatus.INDETERMINATE, True)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_changed_byte_leaves_a_file_valid(signed: bytes, judge: Judge, data: st.DataObject) -> None:
    """Any byte of the signed ranges, changed to any other, ends the validity; and nothing raises."""
    [(before, resumes)] = [(int(a), int(b)) for a, b in re.findall(rb"/ByteRange\s*\[\s*0 (\d+) (\d+)", signed)]
    inside = st.one_of(st.integers(0, before - 1), st.integers(resumes, len(signed) - 1))
    at = data.draw(inside)
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != signed[at]))
    changed = signed[:at] + bytes([byte]) + signed[at + 1 :]
    assert judge(changed).status is not SignatureStatus.VALID


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


def _stream() -> generic.StreamObject:
    return generic.StreamObject(stream_data=b"BT ET")


def _foreign_signature() -> generic.DictionaryObject:
    ranges = (generic.NumberObject(number) for number in (0, 10, 20, 10))  # type: ignore[no-untyped-call]
    entries = {
        "/Type": generic.pdf_name("/Sig"),
        "/Filter": generic.pdf_name("/GM.PKILite"),
        "/SubFilter": generic.pdf_name("/GM.SM2"),
        "/ByteRange": generic.ArrayObject(ranges),
        "/Contents": generic.ByteStringObject(b"\x30\x00"),
    }
    return generic.DictionaryObject(  # type: ignore[no-untyped-call]
        {generic.pdf_name(name): value for name, value in entries.items()}
    )


def _append_foreign_signature(writer: IncrementalPdfFileWriter) -> None:
    append_signature_field(writer, SigFieldSpec("Foreign"))
    field = writer.root["/AcroForm"]["/Fields"][0]
    field["/V"] = writer.add_object(_foreign_signature())
    writer.update_container(field)


def _with_range(pdf: bytes, change: Callable[[int, int, int], tuple[int, int, int]]) -> bytes:
    """The same file, as long as before, whose signature claims another range."""
    found = re.search(rb"/ByteRange\s*\[\s*0 (\d+) (\d+) (\d+)\s*\]\s*", pdf)
    assert found is not None
    a, b, c = change(*(int(number) for number in found.groups()))
    claim = b"/ByteRange [0 %d %d %d]" % (a, b, c)
    return pdf[: found.start()] + claim.ljust(len(found[0])) + pdf[found.end() :]


def _replace_in_contents(pdf: bytes, old: bytes, new: bytes) -> bytes:
    found = re.search(rb"/Contents\s*<([0-9a-fA-F]+)>", pdf)
    assert found is not None
    contents = bytes.fromhex(found[1].decode())
    assert old in contents
    changed = contents.replace(old, new).hex().encode()
    return pdf[: found.start(1)] + changed + pdf[found.end(1) :]
