"""Evidence as plain data and back, for a pipe between two processes and for the vault.

Generic over frozen dataclasses, so that a new field needs no line here. Reading back checks every type: what comes out
of a pipe was written by a process that had a stranger's file in its hands.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from domain.gate.evidence import Evidence

T = TypeVar("T")


class EvidenceShapeError(ValueError):
    """The plain data does not have the shape of the type. The message names types and fields, never values."""


def evidence_to_plain(evidence: Evidence) -> dict[str, Any]:
    """The evidence as dictionaries, lists, strings and numbers, ready for JSON."""
    plain = to_plain(evidence)
    assert isinstance(plain, dict)  # noqa: S101 - a dataclass always becomes a dictionary
    return plain


def evidence_from_plain(plain: object) -> Evidence:
    """The evidence again. Raises EvidenceShapeError where anything is missing, surplus or of another type."""
    return from_plain(Evidence, plain)


def to_plain(value: Any) -> Any:
    """A value made of dataclasses, tuples, mappings, enumerations and scalars as plain data."""
    if dataclasses.is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: to_plain(item) for key, item in value.items()}
    return value


def from_plain(wanted: type[T], plain: object) -> T:
    """The value of the wanted type. Raises EvidenceShapeError where the plain data does not fit."""
    value: T = _reader(cast("Any", wanted))(plain)
    return value


@cache
def _reader(wanted: Any) -> Callable[[object], Any]:
    origin = get_origin(wanted)
    if origin in (Union, types.UnionType):
        return _optional(wanted)
    if origin is tuple:
        return _tuple(get_args(wanted))
    if origin is Mapping:
        return _mapping(*get_args(wanted))
    if dataclasses.is_dataclass(wanted):
        return _dataclass(wanted)
    if isinstance(wanted, type) and issubclass(wanted, StrEnum):
        return _enumeration(wanted)
    return _scalar(wanted)


def _optional(wanted: Any) -> Callable[[object], Any]:
    [some] = [member for member in get_args(wanted) if member is not types.NoneType]
    read = _reader(some)
    return lambda plain: None if plain is None else read(plain)


def _tuple(members: tuple[Any, ...]) -> Callable[[object], Any]:
    member, ellipsis = members
    if ellipsis is not Ellipsis:
        raise TypeError("only tuples of one type of any length are read")
    read = _reader(member)

    def read_tuple(plain: object) -> tuple[Any, ...]:
        if not isinstance(plain, list):
            raise EvidenceShapeError("a list was expected")
        return tuple(read(item) for item in plain)

    return read_tuple


def _mapping(key: Any, value: Any) -> Callable[[object], Any]:
    read_key, read_value = _reader(key), _reader(value)

    def read_mapping(plain: object) -> dict[Any, Any]:
        if not isinstance(plain, dict):
            raise EvidenceShapeError("a mapping was expected")
        return {read_key(name): read_value(item) for name, item in plain.items()}

    return read_mapping


def _dataclass(wanted: Any) -> Callable[[object], Any]:
    hints = get_type_hints(wanted)
    names = [field.name for field in dataclasses.fields(wanted)]

    def read_dataclass(plain: object) -> Any:
        if not isinstance(plain, dict) or plain.keys() != set(names):
            raise EvidenceShapeError(f"the fields of {wanted.__name__} were expected")
        return wanted(**{name: _reader(hints[name])(plain[name]) for name in names})

    return read_dataclass


def _enumeration(wanted: type[StrEnum]) -> Callable[[object], Any]:
    def read_enumeration(plain: object) -> StrEnum:
        try:
            return wanted(cast("str", plain))
        except ValueError as error:
            raise EvidenceShapeError(f"a value of {wanted.__name__} was expected") from error

    return read_enumeration


def _scalar(wanted: Any) -> Callable[[object], Any]:
    if wanted not in (str, int, float, bool):
        raise TypeError(f"no plain form of {wanted!r}")
    accepted = (float, int) if wanted is float else (wanted,)

    def read_scalar(plain: object) -> Any:
        if type(plain) not in accepted:
            raise EvidenceShapeError(f"{wanted.__name__} was expected")
        return wanted(plain)

    return read_scalar
