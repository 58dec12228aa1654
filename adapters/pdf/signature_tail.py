"""What was added to a file after it was signed, and whether it proves signatures and does nothing else.

Two kinds of revision may follow a signature: certificates, revocation lists and answers of OCSP (/DSS, ISO 32000-2,
12.8.4.3), and document timestamps (12.8.5). Every byte after the signed ones must belong to one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from asn1crypto import crl, ocsp, x509
from pyhanko.pdf_utils.generic import DictionaryObject, StreamObject
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.pdf_utils.xref import XRefSectionType
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DiffResult,
    DSSCompareRule,
    FormUpdatingRule,
    ModificationLevel,
    ReferenceUpdate,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
    WhitelistRule,
    XrefStreamRule,
)
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

_KEYS_OF_THE_CATALOG = frozenset({"/AcroForm", "/DSS", "/Extensions", "/Version"})
# What a signing program writes about itself whenever it saves.
_KEYS_OF_THE_INFORMATION = frozenset({"/ModDate", "/Producer"})
_OF_THE_WRITER = re.compile(
    rb"""\s*\b(?:xmp:(?:ModifyDate|MetadataDate)|pdf:Producer|x:xmptk)="[^"<>]*"|"""
    rb"""\s*<(xmp:(?:ModifyDate|MetadataDate)|pdf:Producer)>[^<>]*</\1>|\s+(?=<)"""
)
_PROOFS = (x509.Certificate, crl.CertificateList, ocsp.OCSPResponse)

_PLAIN_TABLES = (XRefSectionType.STANDARD, XRefSectionType.STREAM)
_WHITE_SPACE = b"\x00\t\n\x0c\r "  # ISO 32000-1, table 1
# What the shape of a revision does not depend on: the bodies of streams, and strings.
_FILLING = re.compile(rb"\bstream\r?\n.*?\bendstream\b|<[0-9A-Fa-f\s]*>|\((?:[^()\\]|\\.)*\)", re.DOTALL)
# Neither a second object nor a comment hides in one.
_ONE_OBJECT = rb"\s*\d+\s+\d+\s+obj\b(?:(?!\bendobj\b|\bobj\b)[^%])*\bendobj\s*"
_TABLE = rb"\s*xref[\d\snf]*trailer\s*<<[^%]*>>\s*"
_OBJECT = re.compile(_ONE_OBJECT)
_END_OF_REVISION = re.compile(rb"(?:" + _TABLE + rb"|" + _ONE_OBJECT + rb")startxref\s+\d+\s+%%EOF\s*")


class _SameInformation(WhitelistRule):
    """/Info and the XMP metadata may be written again when they say the same as before."""

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[ReferenceUpdate]:
        if _information(old) != _information(new) or _metadata(old) != _metadata(new):
            raise SuspiciousModification("the document information was changed")
        for holder, key in ((new.trailer_view, "/Info"), (new.root, "/Metadata")):
            if key in holder:
                yield ReferenceUpdate(holder.get_value_as_reference(key))


def _information(view: HistoricalResolver) -> dict[str, object]:
    information = _entry(view, view.trailer_view, "/Info") or {}
    return {str(key): information[key] for key in information if key not in _KEYS_OF_THE_INFORMATION}


def _metadata(view: HistoricalResolver) -> bytes:
    metadata = _entry(view, view.root, "/Metadata")
    return _OF_THE_WRITER.sub(b"", metadata.data) if metadata is not None else b""


def _entry(view: HistoricalResolver, holder: DictionaryObject, key: str) -> Any:
    # Not holder[key]: pyHanko's view of an earlier revision cannot hold a metadata stream.
    reference = holder.get_value_as_reference(key, optional=True)
    if reference is None:
        return None
    return view.reader.get_object(reference, revision=view.revision)  # type: ignore[no-untyped-call]


_POLICY = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(ignored_keys=_KEYS_OF_THE_CATALOG),  # type: ignore[no-untyped-call]
        _SameInformation().as_qualified(ModificationLevel.LTA_UPDATES),
        XrefStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
        DSSCompareRule().as_qualified(ModificationLevel.LTA_UPDATES),
    ],
    form_rule=FormUpdatingRule(
        field_rules=[SigFieldCreationRule(), SigFieldModificationRule()],  # type: ignore[no-untyped-call]
    ),
    ignore_orphaned_objects=False,
)


def only_proofs_follow(signature: EmbeddedPdfSignature, data: bytes, end: int) -> bool:
    """Whether the bytes from `end` on, where the signed ones end, are validation data and document timestamps alone."""
    return (
        _level(signature) <= ModificationLevel.LTA_UPDATES.value
        and _is_tidy(signature, data, end)
        and all(map(_is_unseen_timestamp, _later_fields(signature)))
    )


def only_signatures_follow(signature: EmbeddedPdfSignature, data: bytes, end: int) -> bool:
    """As `only_proofs_follow`, but further signatures, which may be seen, were added too."""
    return (
        _level(signature) <= ModificationLevel.FORM_FILLING.value
        and _is_tidy(signature, data, end)
        and all("/V" in field for field in _later_fields(signature))
    )


def _level(signature: EmbeddedPdfSignature) -> int:
    signature.compute_integrity_info(diff_policy=_POLICY)  # type: ignore[no-untyped-call]
    change: object = signature.diff_result
    level = change.modification_level if isinstance(change, DiffResult) else ModificationLevel.OTHER
    return int(level.value)


def _later_fields(signature: EmbeddedPdfSignature) -> list[DictionaryObject]:
    """The signature fields that were not there, or empty, when this signature was made."""
    then = signature.reader.get_historical_resolver(int(signature.signed_revision))
    filled_then = {name for name, value, _ in enumerate_sig_fields(then) if value is not None}
    empty_then = {name for name, value, _ in enumerate_sig_fields(then) if value is None}
    return [
        field.get_object()
        for name, value, field in enumerate_sig_fields(signature.reader)
        if name not in filled_then and not (value is None and name in empty_then)
    ]


def _is_unseen_timestamp(field: DictionaryObject) -> bool:
    if "/V" not in field or field["/V"].get("/Type") != "/DocTimeStamp":
        return False
    left, bottom, right, top = field.get("/Rect", (0, 0, 0, 0))
    return "/AP" not in field or left == right or bottom == top


def _is_tidy(signature: EmbeddedPdfSignature, data: bytes, end: int) -> bool:
    reader = signature.reader
    revisions = range(int(signature.signed_revision) + 1, reader.xrefs.total_revisions)
    return all(_holds_proofs(reader, revision) for revision in revisions) and _is_accounted_for(
        reader, revisions, data, end
    )


def _holds_proofs(reader: PdfFileReader, revision: int) -> bool:
    """Streams of this revision are each one certificate, one revocation list or one answer, and nothing behind it."""
    view = reader.get_historical_resolver(revision)
    known = {
        reader.xrefs.get_xref_container_info(revision).stream_ref,
        view.root.get_value_as_reference("/Metadata", optional=True),
    }
    return all(
        _is_proof(item.data)
        for reference in reader.xrefs.explicit_refs_in_revision(revision)
        if reference not in known and isinstance(item := view(reference), StreamObject)
    )


def _is_proof(data: bytes) -> bool:
    for kind in _PROOFS:
        try:
            parsed = kind.load(data, strict=True)
            parsed.native  # noqa: B018 - asn1crypto parses when asked
        except (ValueError, TypeError, KeyError):
            continue
        return True
    return False


def _is_accounted_for(reader: PdfFileReader, revisions: range, data: bytes, end: int) -> bool:
    """Every byte from `end` on belongs to an object or a table that the cross-references name."""
    objects, tables = set(), set()
    for revision in revisions:
        table, entries = reader.xrefs.get_xref_container_info(revision), reader.xrefs.get_xref_data(revision)
        # An object stream may hold objects that no table names.
        if entries.obj_streams_used or table.xref_section_type not in (
            XRefSectionType.STANDARD,
            XRefSectionType.STREAM,
        ):
            return False
        objects |= {offset for _, offset in entries.standard_xrefs.values()}
        tables.add(table.declared_startxref)
    starts = sorted(objects | tables)
    if not starts or starts[0] < end or data[end : starts[0]].strip(_WHITE_SPACE):
        return False
    return all(
        (_END_OF_REVISION if start in tables else _OBJECT).fullmatch(_FILLING.sub(b"", data[start:stop]))
        for start, stop in pairwise((*starts, len(data)))
    )
