"""What is done with each class of private data: an authority's choice, within what no authority may choose."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Handling(StrEnum):
    """What becomes of a letter that holds data of a class."""

    HOLD = "hold"
    """It waits until the office reissues it without."""
    MASK = "mask"
    """It waits; a person may approve a rendition with the standard mask, and the original stays in the vault."""
    STRIP = "strip"
    """The same, and nothing of the value is left to see."""
    PUBLISH = "publish"
    """It stays as it is."""


HANDLING: Mapping[str, Handling] = MappingProxyType(
    {
        "personal-data-resident-id": Handling.MASK,
        "personal-data-mobile": Handling.MASK,
        "personal-data-bank-card": Handling.MASK,
        "personal-data-passport": Handling.MASK,
        "personal-data-home-address": Handling.MASK,
        "personal-data-deputy-contact": Handling.MASK,
        "personal-data-account": Handling.MASK,
        "personal-data-email": Handling.MASK,
        "personal-data-plate": Handling.MASK,
        "office-landline": Handling.PUBLISH,
        "contact-name": Handling.PUBLISH,
    }
)
"""Every class by its finding code, and what is done where no table says otherwise."""

MAY_STAY = frozenset({"personal-data-email", "personal-data-plate", "office-landline", "contact-name"})
"""Classes that an authority may publish as they are. No table can open any other."""


def may_be_handled(code: str, handling: Handling) -> bool:
    """Whether an operator's table may say this of the class."""
    return code in HANDLING and (handling is not Handling.PUBLISH or code in MAY_STAY)
