"""Every object that is written is first held against the portal's contract (schemas/*.json)."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from domain.publication.canonical_json import Json
from domain.publication.object_keys import schema_key

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_SUFFIX = ".json"


class SchemaViolation(Exception):  # noqa: N818 - named for what is the case
    """An object does not keep the contract: our mistake, never the document's.

    The message says where in the object and which rule, not what stands there, for that may be private.
    """

    def __init__(self, schema: str, place: str, rule: str) -> None:
        super().__init__(f"对象不符合 {schema} 的约定：{place}（{rule}）。未写入。")
        self.schema, self.place, self.rule = schema, place, rule

    def __reduce__(self) -> tuple[type[SchemaViolation], tuple[str, str, str]]:
        return type(self), (self.schema, self.place, self.rule)


def check(schema: str, document: Json) -> None:
    """Do nothing if the document follows the schema, such as `manifest-1`. Raises SchemaViolation."""
    violation = best_match(_validator(schema).iter_errors(document))
    if violation is not None:
        raise SchemaViolation(schema, violation.json_path, str(violation.validator))


def check_part(schema: str, part: str, document: Json) -> None:
    """The same for one definition of the schema, such as the `row` of a catalogue page. Raises SchemaViolation."""
    violation = best_match(_validator(schema, part).iter_errors(document))
    if violation is not None:
        raise SchemaViolation(schema, violation.json_path, str(violation.validator))


def schemas() -> dict[str, bytes]:
    """Name and bytes of every schema, to be published under `domain.publication.object_keys.schema_key`."""
    found = sorted(_folder().iterdir(), key=lambda file: file.name)
    return {file.name.removesuffix(_SUFFIX): file.read_bytes() for file in found if file.name.endswith(_SUFFIX)}


@cache
def _validator(schema: str, part: str | None = None) -> Draft202012Validator:
    document = json.loads(_folder().joinpath(schema_key(schema).rpartition("/")[2]).read_bytes())
    Draft202012Validator.check_schema(document)
    if part is not None:
        document = {"$ref": f"#/$defs/{part}", "$defs": document["$defs"]}
    return Draft202012Validator(document, format_checker=Draft202012Validator.FORMAT_CHECKER)


def _folder() -> Traversable:
    return files("schemas")
