"""The JSON Schema of every message, made from its model and committed under `schemas/`, one file per type and version.

Two readings of one schema. *Closed* is what producers write: the declared fields alone. *Open* is what consumers accept:
fields that they do not know as well. The committed files are the closed ones; the open one follows from it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Literal

from icart_common.contracts.base import Part
from icart_common.contracts.catalogue import MESSAGES
from icart_common.contracts.descriptions import Described

Schema = dict[str, Any]
Mode = Literal["closed", "open"]

FOLDER = Path(__file__).with_name("schemas")
"""Where the committed schemas are."""


class UnknownType(LookupError):
    """A message type that is not in the catalogue."""


def types() -> tuple[str, ...]:
    """Every message type of the catalogue, sorted."""
    return tuple(sorted(MESSAGES))


def schema_of(kind: str, mode: Mode = "closed") -> Schema:
    """The JSON Schema (2020-12) of a message type, as the code has it now. Raises `UnknownType`."""
    if kind not in MESSAGES:
        raise UnknownType(f"{kind} is not in the catalogue: `icart schema list` shows the types")
    schema = closed(model_schema(MESSAGES[kind]))
    schema |= {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:icart:schema:{kind}",
        "title": kind,
    }
    return opened(schema) if mode == "open" else schema


def text_of(schema: Schema) -> str:
    """A schema as it is committed: the same schema is the same text, byte for byte."""
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


@cache  # what it gives back is never changed: `closed` and `opened` make copies
def model_schema(model: type[Part], ref_template: str = "#/$defs/{model}") -> Schema:
    """What pydantic says of a model, without its made-up titles and with the keys of dictionaries said in one way."""
    schema = model.model_json_schema(mode="validation", ref_template=ref_template, schema_generator=Described)
    return _mapped(schema, _tidied)


def closed(schema: Schema) -> Schema:
    """The schema that refuses fields which are not declared."""
    return _mapped(schema, lambda part: {**part, "additionalProperties": False} if "properties" in part else part)


def opened(schema: Schema) -> Schema:
    """The schema that lets fields pass which are not declared."""
    return _mapped(schema, lambda part: {**part, "additionalProperties": True} if "properties" in part else part)


def _mapped(schema: Schema, change: Callable[[Schema], Schema]) -> Schema:
    """The schema with `change` made to it and to every schema inside it."""
    found: Schema = {}
    for key, value in schema.items():
        if key in ("properties", "$defs"):
            found[key] = {name: _mapped(part, change) for name, part in value.items()}
        elif key == "patternProperties":
            found[key] = {pattern: _mapped(part, change) for pattern, part in value.items()}
        elif key in ("anyOf", "prefixItems"):
            found[key] = [_mapped(part, change) for part in value]
        elif key in ("items", "additionalProperties", "propertyNames") and isinstance(value, dict):
            found[key] = _mapped(value, change)
        else:
            found[key] = value
    return change(found)


def _tidied(schema: Schema) -> Schema:
    return _named_keys({key: value for key, value in schema.items() if key != "title"})


def _named_keys(node: Schema) -> Schema:
    """`patternProperties` with a single pattern lets every other key pass; the model does not, so say what it does."""
    patterns = node.get("patternProperties")
    if not patterns or len(patterns) != 1 or "properties" in node:
        return node
    ((pattern, value),) = patterns.items()
    names = {**node.get("propertyNames", {}), "type": "string", "pattern": pattern}
    rest = {key: part for key, part in node.items() if key not in ("patternProperties", "propertyNames")}
    return {**rest, "additionalProperties": value, "propertyNames": names}


@cache
def field_names() -> frozenset[str]:
    """Every name of a field that a message or a part of one declares: the only names that may be said of a refused message."""
    found: set[str] = set()
    kinds: list[type[Part]] = [Part]
    while kinds:
        kind = kinds.pop()
        found |= kind.model_fields.keys()
        kinds += kind.__subclasses__()
    return frozenset(found)
