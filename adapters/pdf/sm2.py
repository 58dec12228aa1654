"""SM2 with SM3 (GB/T 32918, GB/T 32905) for pyHanko, which knows neither.

The curve is gmalg's work, the digest OpenSSL's by way of cryptography. Only verification: Fuwen signs no letter.
pyHanko asks the validator for whatever is signed: certificates, revocation lists, signatures, timestamps.
"""

from __future__ import annotations

from typing import Final

from asn1crypto import algos, core, keys
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from gmalg.base import Hash
from gmalg.ellipticcurve import ECDLP
from gmalg.sm2 import SM2Core
from pyhanko_certvalidator.sig_validate import (
    DEFAULT_VALIDATION_CONTEXT,
    DefaultSignatureValidator,
    SignatureValidationContext,
)

SM3: Final = "1.2.156.10197.1.401"  # GM/T 0006
SM2_WITH_SM3: Final = "1.2.156.10197.1.501"
SM2_SIGNATURE: Final = "1.2.156.10197.1.301.1"  # GB/T 35275 names only the curve's algorithm; the digest is SM3
_CURVE: Final = "1.2.156.10197.1.301"
_IDENTITY: Final = b"1234567812345678"  # GM/T 0009, clause 10: the signer's identity where none is agreed

# The curve of GB/T 32918.5.
_P: Final = 0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF_00000000_FFFFFFFF_FFFFFFFF
_A: Final = 0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF_00000000_FFFFFFFF_FFFFFFFC
_B: Final = 0x28E9FA9E_9D9F5E34_4D5A9E4B_CF6509A7_F39789F5_15AB8F92_DDBCBD41_4D940E93
_N: Final = 0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_7203DF6B_21C6052B_53BBF409_39D54123
_G: Final = (
    0x32C4AE2C_1F198119_5F990446_6A39C994_8FE30BBF_F2660BE1_715A4589_334C74C7,
    0xBC3736A2_F4F6779C_59BDCEE3_6B692153_D0A9877C_C62A4740_02DF32E5_2139F0A0,
)


_EXAMPLE_POINT: Final = bytes.fromhex(
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
_EXAMPLE_R: Final = 0xF5A03B06_48D2C463_0EEAC513_E1BB81A1_5944DA38_27D5B741_43AC7EAC_EEE720B3
_EXAMPLE_S: Final = 0xB1B6AA29_DF212FD8_763182BC_0D421CA1_BB9038FD_1F7F42D4_840B69C4_85BBC1AA


class _OpenSslSm3(Hash):  # type: ignore[misc]
    """gmalg's own SM3 takes seconds for a revocation list of a megabyte."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._hash = hashes.Hash(hashes.SM3())

    def update(self, data: bytes) -> None:
        self._hash.update(bytes(data))

    def value(self) -> bytes:
        return self._hash.finalize()


class _Sm2Signature(core.Sequence):  # type: ignore[misc]
    """GM/T 0009, 7.3."""

    _fields = [("r", core.Integer), ("s", core.Integer)]  # noqa: RUF012 - as asn1crypto has it


def verifies(public_point: bytes, message: bytes, signature: bytes) -> bool:
    """Whether it is the SM2 signature of the message, under the customary identity.

    `public_point` is 04, x, y; `signature` the DER of r and s. Whatever has another form is no signature.
    """
    if len(public_point) != 65 or public_point[0] != 4:
        return False
    x, y = (int.from_bytes(public_point[at : at + 32], "big") for at in (1, 33))
    # gmalg takes any pair of numbers for a point.
    if x >= _P or y >= _P or (y * y - (x * x * x + _A * x + _B)) % _P:
        return False
    try:
        parsed = _Sm2Signature.load(signature, strict=True)
        r, s = int(parsed["r"].native), int(parsed["s"].native)
    except (ValueError, TypeError):
        return False
    if parsed.dump(force=True) != signature:
        return False
    return bool(SM2Core(ECDLP(_P, _A, _B, _G, _N), _OpenSslSm3()).verify(message, r, s, _IDENTITY, (x, y)))


def proves_itself() -> bool:
    """Whether the example of GB/T 32918.5, A.2, verifies on this machine, and a changed one does not."""
    signature = bytes(_Sm2Signature({"r": _EXAMPLE_R, "s": _EXAMPLE_S}).dump())
    return verifies(_EXAMPLE_POINT, b"message digest", signature) and not verifies(_EXAMPLE_POINT, b"", signature)


def is_sm2_key(key: keys.PublicKeyInfo) -> bool:
    """Whether it is a key on the curve of GB/T 32918.5."""
    algorithm = key["algorithm"]
    parameters = algorithm["parameters"]
    return bool(
        algorithm["algorithm"].dotted == "1.2.840.10045.2.1"  # id-ecPublicKey, RFC 5480
        and parameters.name == "named"
        and parameters.chosen.dotted == _CURVE
    )


class SignatureValidatorWithSm2(DefaultSignatureValidator):
    """pyHanko's validator, and SM2 with SM3."""

    def validate_signature(
        self,
        signature: bytes,
        signed_data: bytes,
        public_key_info: keys.PublicKeyInfo,
        signature_algorithm: algos.SignedDigestAlgorithm,
        context: SignatureValidationContext = DEFAULT_VALIDATION_CONTEXT,
    ) -> None:
        """Return if it is the signature of the data. Raises InvalidSignature if not."""
        named = signature_algorithm["algorithm"].dotted in (SM2_WITH_SM3, SM2_SIGNATURE)
        if not named and not is_sm2_key(public_key_info):
            super().validate_signature(signature, signed_data, public_key_info, signature_algorithm, context)
        # SM2 signs a digest of the message and the signer's key: a digest of the message alone will not do.
        elif (
            not named
            or context.prehashed
            or context.contextual_md_algorithm not in (None, "sm3")
            or not is_sm2_key(public_key_info)
            or not verifies(public_key_info["public_key"].native, signed_data, signature)
        ):
            raise InvalidSignature


def _teach_asn1crypto() -> None:
    """The name of SM3, under which cryptography offers it: pyHanko looks digests up by name."""
    names = algos.DigestAlgorithmId
    names._map[SM3] = "sm3"
    if names._reverse_map is not None:
        names._reverse_map["sm3"] = SM3


_teach_asn1crypto()
