"""The OpenAPI document as people read it: each call with what is sent and answered, and each shape with its fields."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

_MARKED: Final = re.compile(r"\*\*(?P<strong>.+?)\*\*|`(?P<code>[^`]+)`")
_TEXTS: Final = {
    "date": "a day, `2026-11-16`", "date-time": "an instant, `2026-11-16T10:00:00Z`", "uuid": "a UUID", "binary": "bytes",
}  # fmt: skip

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """A field, a parameter or an answer."""

    name: str
    kind: str
    """What may stand there, in words; what is to be typed as it is stands between backticks."""
    shape: str
    """The shape that it holds, by its name; empty: none."""
    needed: bool
    says: str


@dataclass(frozen=True, slots=True)
class Call:
    """One way to call the API."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    scope: str
    """What the token has to allow; empty: no token is asked for."""
    parameters: tuple[Line, ...]
    media_type: str
    """Of what is sent; empty: nothing is."""
    body: str
    """The shape that is sent, by its name; empty: none that has one."""
    fields: tuple[Line, ...]
    """Of a form that is sent instead of a shape."""
    example: str
    answers: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """What travels, by its name."""

    name: str
    description: str
    fields: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ApiDocument:
    """All of it, in the order of the document."""

    title: str
    version: str
    description: str
    calls: tuple[Call, ...]
    shapes: tuple[Shape, ...]


def read(document: Mapping[str, Any]) -> ApiDocument:
    """The document as a page shows it. It is our own: a part that it lacks is a KeyError."""
    about = document["info"]
    shapes = document["components"]["schemas"]
    return ApiDocument(
        about["title"], about["version"], about["description"],
        tuple(_call(path, how, one) for path, ways in document["paths"].items() for how, one in ways.items()),
        tuple(Shape(name, one.get("description", ""), _fields(one)) for name, one in shapes.items()),
    )  # fmt: skip


def pieces(text: str) -> Iterable[tuple[str, str]]:
    """Text in pieces, each with how it is set: `strong`, `code` or nothing."""
    at = 0
    for found in _MARKED.finditer(text):
        yield "", text[at : found.start()]
        yield str(found.lastgroup), str(found[found.lastgroup or 0])
        at = found.end()
    yield "", text[at:]


def _call(path: str, method: str, one: Mapping[str, Any]) -> Call:
    (media_type, media), *_ = one.get("requestBody", {}).get("content", {"": {}}).items()
    schema = media.get("schema", {})
    examples = [held["value"] for held in media.get("examples", {}).values()]
    return Call(
        one["operationId"], method.upper(), path, one["summary"], one.get("description", ""),
        ", ".join(scope for asked in one["security"] for scope in asked["client"]),
        tuple(_parameter(given) for given in one.get("parameters", ())), media_type, _name(schema), _fields(schema),
        json.dumps(examples[0], indent=2, ensure_ascii=False) if examples else "",
        tuple(_answer(status, answered) for status, answered in one["responses"].items()),
    )  # fmt: skip


def _parameter(given: Mapping[str, Any]) -> Line:
    kind, shape = _kind(given["schema"])
    where = {"path": "in the address", "query": "in the query", "header": "a header"}[given["in"]]
    return Line(given["name"], f"{where}: {kind}", shape, given.get("required", False), given.get("description", ""))


def _answer(status: str, answered: Mapping[str, Any]) -> Line:
    shapes = [_name(media.get("schema", {})) for media in answered.get("content", {}).values()]
    return Line(status, "", next(iter(shapes), ""), False, answered["description"])


def _fields(schema: Schema) -> tuple[Line, ...]:
    needed = set(schema.get("required", ()))
    return tuple(
        Line(name, *_kind(one), name in needed, one.get("description", ""))
        for name, one in schema.get("properties", {}).items()
    )


def _name(schema: Schema) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _kind(schema: Schema) -> tuple[str, str]:
    """What may stand there in words, and the shape that it holds."""
    if name := _name(schema):
        return name, name
    if "anyOf" in schema:
        kinds = [_kind(one) for one in schema["anyOf"] if one != {"type": "null"}]
        return " or ".join(words for words, _ in kinds), next((shape for _, shape in kinds if shape), "")
    if "const" in schema:
        return f"`{schema['const']}`", ""
    if "enum" in schema:
        return "one of " + ", ".join(f"`{one}`" for one in schema["enum"]), ""
    if schema.get("type") == "array":
        words, shape = _kind(schema["items"])
        most = f" of at most {schema['maxItems']}" if "maxItems" in schema else ""
        return f"a list{most}, each {words}", shape
    return _simple(schema), ""


def _simple(schema: Schema) -> str:
    kind = schema.get("type", "anything")
    if kind == "string":
        words = _TEXTS.get(schema.get("format", ""), "text")
        if "pattern" in schema:
            words += f" like `{schema['pattern']}`"
        return words + (f", at most {schema['maxLength']:,} characters" if "maxLength" in schema else "")
    if kind == "integer" and "minimum" in schema and "maximum" in schema:
        return f"a number from {schema['minimum']} to {schema['maximum']}"
    return {"integer": "a number", "number": "a number", "boolean": "`true` or `false`", "object": "an object"}.get(
        kind, str(kind)
    )
