"""SM2 is verified as the standard has it, and as another implementation does."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.pdf.sm2 import verifies
from tests.adapters.sm2_pdfs import IDENTITY, Sm2Key, der_of

# GB/T 32918.5-2017, A.2.
POINT = bytes.fromhex(
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
R = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
S = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA
N = 0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_7203DF6B_21C6052B_53BBF409_39D54123
MESSAGE = b"message digest"


def test_the_example_of_the_standard_verifies() -> None:
    assert verifies(POINT, MESSAGE, der_of(R, S))


@pytest.mark.parametrize(
    ("point", "message", "signature"),
    [
        (POINT, MESSAGE + b".", der_of(R, S)),
        (POINT, MESSAGE, der_of(S, R)),
        (POINT, MESSAGE, der_of(R, S + 1)),
        (POINT, MESSAGE, der_of(R, S + N)),
        (POINT, MESSAGE, der_of(R, 0)),
        (POINT, MESSAGE, der_of(0, S)),
        (POINT, MESSAGE, der_of(R, N - R)),
        (POINT, MESSAGE, der_of(R, -S)),
        (POINT, MESSAGE, der_of(R, S) + b"\0"),
        (POINT, MESSAGE, der_of(R, S)[:-1]),
        (POINT, MESSAGE, b""),
        (POINT, MESSAGE, R.to_bytes(32, "big") + S.to_bytes(32, "big")),
        (POINT[:-1] + b"\x14", MESSAGE, der_of(R, S)),
        (b"\x04" + bytes(64), MESSAGE, der_of(R, S)),
        (b"\x00", MESSAGE, der_of(R, S)),
        (POINT[1:], MESSAGE, der_of(R, S)),
    ],
)
def test_nothing_else_does(point: bytes, message: bytes, signature: bytes) -> None:
    assert not verifies(point, message, signature)


@settings(max_examples=10)
@given(message=st.binary(max_size=400), change=st.integers(0, 10_000))
def test_gmssl_agrees(message: bytes, change: int) -> None:
    """What GmSSL signs verifies here, what is signed here verifies there, and what was changed verifies nowhere."""
    gmssl = pytest.importorskip("gmssl_pyx", reason="GmSSL has no wheel for this machine")
    public, secret = gmssl.sm2_key_generate()
    point, theirs = b"\x04" + public, gmssl.sm2_sign(secret, public, message, IDENTITY)
    assert verifies(point, message, theirs)
    ours = Sm2Key(secret, point).sign(message)
    assert gmssl.sm2_verify(public, message, ours, IDENTITY)
    at = change % len(theirs)
    changed = theirs[:at] + bytes([theirs[at] ^ 1]) + theirs[at + 1 :]
    assert not verifies(point, message, changed)
