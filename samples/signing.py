"""Signs the samples so that the same letter gives the same bytes: fixed time, fixed identifiers, RSA PKCS #1 v1.5."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cache
from io import BytesIO
from typing import Any

from pyhanko.keys import load_cert_from_pemder, load_private_key_from_pemder
from pyhanko.pdf_utils.generic import ArrayObject, ByteStringObject, DictionaryObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.rw_common import PdfHandler
from pyhanko.sign import fields
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko_certvalidator.registry import SimpleCertificateStore

from samples.certificates import KEYS


class _SteadyWriter(IncrementalPdfFileWriter):
    """Appends a revision without the clock and the random numbers that pyHanko writes otherwise."""

    @classmethod
    def _handle_id(cls, prev: Any) -> ArrayObject:
        first = prev.trailer["/ID"][0]
        prev.stream.seek(0)
        second = hashlib.sha256(prev.stream.read()).digest()[:16]
        return ArrayObject([first, ByteStringObject(second)])

    def _update_meta(self) -> None:
        """Leave the document information as the typesetter wrote it."""


class _SteadySigner(PdfSigner):
    """Signs as if it were the given moment."""

    def __init__(self, *args: Any, moment: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._moment = moment

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> PdfSigningSession:  # noqa: FBT001, FBT002 - pyHanko's own signature
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self._moment
        return session


@cache
def _signer(name: str) -> SimpleSigner:
    path = KEYS / f"{name}.pem"
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register(load_cert_from_pemder(KEYS / "intermediate.pem"))  # type: ignore[no-untyped-call]
    return SimpleSigner(
        signing_cert=load_cert_from_pemder(path),  # type: ignore[no-untyped-call]
        signing_key=load_private_key_from_pemder(path, passphrase=None),
        cert_registry=store,
    )


def sign(pdf: bytes, signer: str, moment: datetime, *, pades: bool = False) -> bytes:
    """The PDF with one more revision that holds a signature over the whole file.

    Args:
        pdf: What to sign.
        signer: The name of a key file in samples/keys, without its ending.
        moment: When it was signed, with a time zone.
        pades: PAdES (ETSI EN 319 142) instead of the older adbe.pkcs7.detached.
    """
    subfilter = fields.SigSeedSubFilter.PADES if pades else fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED
    metadata = PdfSignatureMetadata(field_name="Seal", md_algorithm="sha256", subfilter=subfilter)
    steady = _SteadySigner(metadata, signer=_signer(signer), moment=moment)
    return bytes(steady.sign_pdf(_SteadyWriter(BytesIO(pdf)), bytes_reserved=8192).getvalue())


def _page(document: PdfHandler, page: int) -> DictionaryObject:
    found: DictionaryObject = document.find_page_for_modification(page)[0].get_object()  # type: ignore[no-untyped-call]
    return found


def replace_page(pdf: bytes, replacement: bytes, page: int) -> bytes:
    """The PDF with one more revision in which a page shows what the same page of `replacement` shows.

    This is how a signed file is tampered with: the signed bytes stay, the reader sees something else.
    Pages count from 0.
    """
    writer = _SteadyWriter(BytesIO(pdf))
    target = _page(writer, page)
    source = _page(PdfFileReader(BytesIO(replacement)), page)
    for entry in ("/Contents", "/Resources"):
        target[entry] = writer.import_object(source.raw_get(entry))
    writer.update_container(target)
    output = BytesIO()
    writer.write(output)  # type: ignore[no-untyped-call]
    return output.getvalue()
