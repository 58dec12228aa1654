"""Which forms of signature can be verified, and what the others are called.

A form that is not known is named and stays indeterminate: to pass over it would make a signed file unsigned.
"""

from __future__ import annotations

import re
from typing import Any

from asn1crypto import cms, core
from pyhanko.sign.validation.pdf_embedded import extract_contents

from adapters.pdf.sm2 import SM2_SIGNATURE, SM2_WITH_SM3, SM3
from adapters.pdf.unsettled import indeterminate, invalid
from domain.gate.evidence import SignatureProblem

_SIGNATURES = frozenset({"/adbe.pkcs7.detached", "/ETSI.CAdES.detached"})
_TIMESTAMPS = frozenset({"/ETSI.RFC3161"})
_DIGESTS = frozenset({"sha256", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512", "sm3"})
_BROKEN_DIGESTS = frozenset({"md2", "md4", "md5", "sha1"})
_GM_ARC = "1.2.156.10197."  # GM/T 0006: SM2, SM3 and their kin
_GM_MESSAGES = f"{_GM_ARC}6.1.4.2."  # GB/T 35275: SignedData and the others, under names of their own
_GM_NAME = re.compile(r"/(?:GM|GB|CNGM|SES)\b|SM2|SM3", re.IGNORECASE)
_VERIFIED_HERE = frozenset({SM3, SM2_WITH_SM3, SM2_SIGNATURE})


def check_format(signature: Any) -> None:
    """Pass a signature dictionary whose form can be verified. Raises Unsettled for any other."""
    name = str(signature.get("/SubFilter", ""))
    kind = str(signature.get("/Type", "/Sig"))
    contents = extract_contents(signature)
    if _is_seal(contents):
        raise indeterminate("文件盖的是国密电子印章（GM/T 0031 或 GB/T 38540），暂不支持核验。", SignatureProblem.SEAL)
    if _GM_NAME.search(f"{name} {signature.get('/Filter', '')}"):
        raise indeterminate(f"国密格式的签名（{_shown(name)}）暂不支持核验。", SignatureProblem.SEAL)
    if not (kind == "/Sig" and name in _SIGNATURES) and not (kind == "/DocTimeStamp" and name in _TIMESTAMPS):
        raise indeterminate(f"签名格式 {_shown(name)} 暂不支持核验。")
    _check_container(contents)


def _shown(name: str) -> str:
    return "".join(char for char in name if char.isascii() and char.isprintable()).lstrip("/")[:40] or "未注明"


def _is_seal(contents: bytes) -> bool:
    """Whether it is an SES_Signature, or SESeal alone: its header says ES and stands at the beginning."""
    # GB/T 38540-2020, 6.1: ES_Header begins with the IA5String "ES", after three to four opening tags.
    return b"\x16\x02ES" in contents[:40]


def _check_container(contents: bytes) -> None:
    """Exactly one CMS SignedData of known algorithms, and nothing but the padding behind it."""
    try:
        container = cms.ContentInfo.load(contents)
        kind = container["content_type"].dotted
        rest = contents[len(container.dump()) :]
    except (ValueError, TypeError) as error:
        raise indeterminate("签名数据不是 PKCS#7 格式。") from error
    if kind.startswith(_GM_MESSAGES):
        raise indeterminate(f"签名数据采用国密格式（GB/T 35275，{kind}），暂不支持核验。", SignatureProblem.SEAL)
    if kind != cms.ContentType("signed_data").dotted:
        raise indeterminate(f"签名数据的类型 {kind} 暂不支持核验。")
    if rest.strip(b"\0"):
        raise indeterminate("签名数据之后还夹带了别的内容。")
    signers = list(container["content"]["signer_infos"])
    if len(signers) != 1:
        raise indeterminate(f"签名数据中应有一个签名人，实际有 {len(signers)} 个。")
    _check_algorithm(signers[0]["digest_algorithm"]["algorithm"], digest=True)
    _check_algorithm(signers[0]["signature_algorithm"]["algorithm"], digest=False)


def _check_algorithm(algorithm: core.ObjectIdentifier, *, digest: bool) -> None:
    if algorithm.dotted.startswith(_GM_ARC) and algorithm.dotted not in _VERIFIED_HERE:
        raise indeterminate(f"签名使用国密算法（{algorithm.dotted}），暂不支持核验。", SignatureProblem.SEAL)
    if digest and algorithm.native in _BROKEN_DIGESTS:
        raise invalid(f"签名使用已不安全的摘要算法 {algorithm.native}。")
    if digest and algorithm.native not in _DIGESTS:
        raise indeterminate(f"签名使用的摘要算法 {algorithm.dotted} 暂不支持核验。")
