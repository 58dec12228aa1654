"""The trust folder says who is trusted, and a file in it that cannot be read is not passed over."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from adapters.pdf.trust import TrustAnchors, TrustFolderError, load_trust
from adapters.pdf.trust_report import trust_report
from config.settings import Settings
from tasks.reading_bounds import TrustFolders
from tests.adapters.signed_pdfs import NOW, Authority, Holder


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


def _pem(holder: Holder) -> bytes:
    return holder.certificate.public_bytes(Encoding.PEM)


def test_pem_der_and_several_in_one_file_are_read(tmp_path: Path, authority: Authority) -> None:
    one, two, three = (authority.issue(name) for name in "甲乙丙")
    (tmp_path / "a.pem").write_bytes(b"A remark, as openssl writes it\n" + _pem(one) + _pem(two))
    (tmp_path / "b.cer").write_bytes(three.der)
    (tmp_path / "README.md").write_text("whom we trust, and why", encoding="utf-8")
    assert load_trust(tmp_path) == TrustAnchors((one.der, two.der, three.der), None)


def test_a_private_key_beside_a_certificate_is_not_taken_in(tmp_path: Path, authority: Authority) -> None:
    key = b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
    (tmp_path / "a.pem").write_bytes(_pem(authority.root) + key)
    assert load_trust(tmp_path).certificates == (authority.root.der,)


def test_an_empty_folder_trusts_nobody(tmp_path: Path) -> None:
    assert load_trust(tmp_path) == TrustAnchors()


def test_a_folder_of_lists_turns_the_check_of_revocation_on(tmp_path: Path, authority: Authority) -> None:
    """Even when it is empty: a list that was not delivered clears nobody."""
    assert load_trust(tmp_path, tmp_path).crls == ()
    (tmp_path / "a.crl").write_bytes(authority.crl())
    assert len(load_trust(tmp_path, tmp_path).crls or ()) == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"text", b"\x30\x03\x02\x01\x00", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"],
    ids=["empty", "text", "other-der", "broken-pem"],
)
def test_a_file_that_is_no_certificate_is_an_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "root.pem").write_bytes(content)
    with pytest.raises(TrustFolderError):
        load_trust(tmp_path)


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TrustFolderError):
        load_trust(tmp_path / "nowhere")


class TestReport:
    """What `fuwen doctor` tells of the folders."""

    def test_what_is_current_says_when_it_runs_out(self, authority: Authority) -> None:
        report = trust_report(TrustAnchors((authority.root.der,), (authority.crl(),)), NOW)
        assert (report.anchors, report.lists, report.expired, report.outdated, report.unlisted) == (1, 1, (), (), ())
        assert report.next_update == NOW + timedelta(days=6)

    def test_what_ran_out_and_what_is_missing_is_named(self, authority: Authority) -> None:
        former = authority.issue("旧证书", valid_to=NOW - timedelta(days=1))
        stale = authority.crl(issued=NOW - timedelta(days=30))
        report = trust_report(TrustAnchors((authority.root.der, former.der), (stale,)), NOW)
        assert (report.expired, report.outdated, report.next_update) == (("旧证书",), ("Root",), None)
        assert trust_report(TrustAnchors((authority.root.der,), ()), NOW).unlisted == ("Root",)

    def test_without_lists_nothing_is_missing(self, authority: Authority) -> None:
        assert trust_report(authority.trust, NOW).lists is None


def test_folders_that_change_are_read_again(tmp_path: Path, authority: Authority) -> None:
    """A job renews the lists every day; nobody restarts the workers for that."""
    anchors, lists = tmp_path / "anchors", tmp_path / "lists"
    anchors.mkdir()
    lists.mkdir()
    (anchors / "root.cer").write_bytes(authority.root.der)
    folders = TrustFolders(Settings(trust_dir=anchors, crl_dir=lists))
    assert folders.renewed() is None
    (lists / "root.crl").write_bytes(authority.crl())
    found = folders.renewed()
    assert found is not None
    assert len(found.crls or ()) == 1
    assert folders.renewed() is None
