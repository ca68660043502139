"""Is everything that one JSON Schema allows allowed by another? Proved, or answered with the places where it is not.

Sound and not complete: no answer of `differences` is empty unless each value of the first schema is a value of the second,
but a true containment may be refused because it cannot be proved (patterns and formats have to be the same; a type is never
split over several alternatives; a keyword that is not known here proves nothing). The schemas are those that pydantic
emits, of JSON Schema 2020-12. In the words of the answers, the first schema is what writers send and the second what
readers take.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Schema = dict[str, Any]
Json = dict[str, Any] | list[Any] | str | int | float | bool | None

_ANNOTATIONS = {"title", "description", "default", "examples", "deprecated", "$schema", "$id", "$defs", "$comment"}
_BY_TYPE: dict[str, set[str]] = {
    "null": set(),
    "boolean": set(),
    "string": {"minLength", "maxLength", "pattern", "format"},
    "integer": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
    "number": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
    "array": {"items", "prefixItems", "minItems", "maxItems", "uniqueItems"},
    "object": {"properties", "required", "additionalProperties", "propertyNames"},
}
_KNOWN = {"$ref", "anyOf", "enum", "const", "type"}.union(*_BY_TYPE.values())


@dataclass(frozen=True, slots=True)
class Difference:
    """A place (`$.people[*].born`) where writers may send what readers do not take."""

    path: str
    what: str


class _NotProvable(Exception):
    def __init__(self, path: str, what: str) -> None:
        super().__init__(what)
        self.difference = Difference(path, f"not provable: {what}")


def differences(writers: Schema, readers: Schema) -> list[Difference]:
    """Why `writers` is not contained in `readers`; empty when every value that it allows is allowed by `readers`."""
    return _Comparison(writers, readers).parts(writers, readers, "$")


def alternatives(schema: Schema | bool, root: Schema, path: str = "$") -> list[Schema]:
    """The schema as alternatives that each have an `enum`, or one `type`, or nothing at all (anything goes)."""
    return list(_alternatives(schema, root, path, ()))


def is_provable(schema: Schema | bool, root: Schema) -> bool:
    """Whether a schema, not counting what is inside it, is of the subset that is understood here."""
    try:
        alternatives(schema, root)
    except _NotProvable:
        return False
    return True


def _alternatives(schema: Schema | bool, root: Schema, path: str, seen: tuple[str, ...]) -> Iterator[Schema]:
    if isinstance(schema, bool):
        if schema:
            yield {}
        return
    rules = {key: value for key, value in schema.items() if key not in _ANNOTATIONS}
    for keyword in sorted(rules.keys() - _KNOWN):
        raise _NotProvable(path, f"the keyword {keyword} is not understood")
    for lonely in ("$ref", "anyOf"):
        if lonely in rules and len(rules) > 1:
            raise _NotProvable(path, f"{lonely} stands beside {', '.join(sorted(rules.keys() - {lonely}))}")
    if "$ref" in rules:
        reference = rules["$ref"]
        if reference in seen:
            raise _NotProvable(path, f"{reference} refers to itself")
        yield from _alternatives(_resolved(reference, root, path), root, path, (*seen, reference))
    elif "anyOf" in rules:
        for part in rules["anyOf"]:
            yield from _alternatives(part, root, path, seen)
    else:
        yield from _typed(rules, path)


def _resolved(reference: str, root: Schema, path: str) -> Schema | bool:
    name = reference.removeprefix("#/$defs/")
    if name == reference or name not in root.get("$defs", {}):
        raise _NotProvable(path, f"{reference} leads nowhere")
    found: Schema | bool = root["$defs"][name]
    return found


def _typed(rules: Schema, path: str) -> Iterator[Schema]:
    kinds = rules.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if "const" in rules or "enum" in rules:
        values = [rules["const"]] if "const" in rules else rules["enum"]
        if rules.keys() - {"const", "enum", "type"} or {"const", "enum"} <= rules.keys():
            raise _NotProvable(path, "listed values stand beside other rules")
        yield {"enum": [value for value in values if kinds == [None] or any(is_a(value, kind) for kind in kinds)]}
    elif kinds == [None]:
        if rules:
            raise _NotProvable(path, f"{', '.join(sorted(rules))} without a type")
        yield {}
    else:
        for kind in kinds:
            if kind not in _BY_TYPE:
                raise _NotProvable(path, f"the type {kind} is not understood")
            yield {"type": kind, **{key: value for key, value in rules.items() if key in _BY_TYPE[kind]}}


def is_a(value: Json, kind: str) -> bool:
    """Whether a JSON value is of a JSON Schema type."""
    if isinstance(value, bool) or value is None:
        return kind == ("null" if value is None else "boolean")
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return {
        "integer": whole,
        "number": isinstance(value, int | float),
        "string": isinstance(value, str),
        "array": isinstance(value, list),
        "object": isinstance(value, dict),
    }.get(kind, False)


def _same(one: Json, other: Json) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@dataclass
class _Comparison:
    writers: Schema
    readers: Schema
    assumed: set[tuple[str, str]] = field(default_factory=set)
    """Pairs under comparison. Met again further down a value, they may be assumed: values are finite."""

    def parts(self, one: Schema | bool, other: Schema | bool, path: str) -> list[Difference]:
        try:
            sent = alternatives(one, self.writers, path)
            taken = alternatives(other, self.readers, path)
        except _NotProvable as refusal:
            return [refusal.difference]
        return [difference for part in sent for difference in self._one_of(part, taken, path)]

    def _one_of(self, part: Schema, taken: list[Schema], path: str) -> list[Difference]:
        if {} in taken:
            return []
        if not part:
            return [Difference(path, "writers may send anything, readers do not take everything")]
        if "enum" in part:
            return self._listed(part["enum"], taken, path)
        kind = part["type"]
        fitting = [other for other in taken if other.get("type") in (kind, "number" if kind == "integer" else kind)]
        if not fitting:
            words = ", ".join(sorted({other.get("type", "listed values") for other in taken})) or "nothing"
            return [Difference(path, f"writers may send {kind}, readers take {words}")]
        return min((self._contained(part, other, path) for other in fitting), key=len)

    def _listed(self, values: list[Any], taken: list[Schema], path: str) -> list[Difference]:
        refused = [value for value in values if not any(_takes(other, value) for other in taken)]
        if not refused:
            return []
        return [
            Difference(path, f"writers may send {', '.join(map(repr, refused))}, which readers are not known to take")
        ]

    def _contained(self, part: Schema, other: Schema, path: str) -> list[Difference]:
        pair = (json.dumps(part, sort_keys=True), json.dumps(other, sort_keys=True))
        if pair in self.assumed:
            return []
        self.assumed.add(pair)
        try:
            found = list(_bounds(part, other, path))
            if part["type"] == "array":
                found += self._items(part, other, path)
            elif part["type"] == "object":
                found += self._fields(part, other, path)
        finally:
            self.assumed.discard(pair)
        return found

    def _items(self, part: Schema, other: Schema, path: str) -> Iterator[Difference]:
        firsts = max(len(part.get("prefixItems", ())), len(other.get("prefixItems", ())))
        longest = part.get("maxItems", firsts + 1)
        for position in range(min(firsts, longest)):
            yield from self.parts(_item(part, position), _item(other, position), f"{path}[{position}]")
        if longest > firsts:
            yield from self.parts(part.get("items", True), other.get("items", True), f"{path}[*]")

    def _fields(self, part: Schema, other: Schema, path: str) -> Iterator[Difference]:
        mine, theirs = part.get("properties", {}), other.get("properties", {})
        for name in other.get("required", ()):
            if name not in part.get("required", ()):
                yield Difference(f"{path}.{name}", "writers may leave it out, readers need it")
        for name, schema in mine.items():
            yield from self.parts(schema, theirs.get(name, other.get("additionalProperties", True)), f"{path}.{name}")
        extra = part.get("additionalProperties", True)
        if extra is not False:
            for name in sorted(theirs.keys() - mine.keys()):
                yield from self.parts(extra, theirs[name], f"{path}.{name}")
            yield from self.parts(extra, other.get("additionalProperties", True), f"{path}.*")
        yield from self._names(part, other, path)

    def _names(self, part: Schema, other: Schema, path: str) -> Iterator[Difference]:
        if "propertyNames" not in other:
            return
        allowed = other["propertyNames"]
        if part.get("additionalProperties", True) is False:
            yield from self.parts({"enum": list(part.get("properties", {}))}, allowed, f"{path}.[key]")
        else:
            yield from self.parts(part.get("propertyNames", {"type": "string"}), allowed, f"{path}.[key]")


def _item(schema: Schema, position: int) -> Schema | bool:
    prefix = schema.get("prefixItems", ())
    found: Schema | bool = prefix[position] if position < len(prefix) else schema.get("items", True)
    return found


_LOWEST = {
    "minLength": "characters",
    "minItems": "items",
    "minimum": "as the least",
    "exclusiveMinimum": "as the least",
}
_HIGHEST = {"maxLength": "characters", "maxItems": "items", "maximum": "as the most", "exclusiveMaximum": "as the most"}


def _bounds(part: Schema, other: Schema, path: str) -> Iterator[Difference]:
    for keyword, unit in _LOWEST.items():
        lowest = 0 if keyword in ("minLength", "minItems") else float("-inf")
        if keyword in other and not part.get(keyword, lowest) >= other[keyword]:
            sent = part.get(keyword, "no bound")
            yield Difference(path, f"{keyword}: writers keep to {sent}, readers need {other[keyword]} {unit}")
    for keyword, unit in _HIGHEST.items():
        if keyword in other and not part.get(keyword, float("inf")) <= other[keyword]:
            sent = part.get(keyword, "no bound")
            yield Difference(path, f"{keyword}: writers keep to {sent}, readers take {other[keyword]} {unit}")
    for keyword in ("pattern", "format", "multipleOf", "uniqueItems"):
        if keyword in other and not _same(part.get(keyword), other[keyword]):
            sent = part.get(keyword, "none")
            yield Difference(path, f"not provable: {keyword} of writers is {sent}, of readers {other[keyword]}")


def _takes(schema: Schema, value: Json) -> bool:
    """Whether an alternative takes a listed value. A pattern, a format or a compound type proves nothing."""
    if "enum" in schema:
        return any(_same(value, listed) for listed in schema["enum"])
    kind = schema.get("type")
    if kind is None or not is_a(value, kind) or kind in ("array", "object"):
        return kind is None
    if isinstance(value, str):
        as_sent: Schema = {"type": kind, "minLength": len(value), "maxLength": len(value)}
    elif kind in ("integer", "number"):
        as_sent = {"type": kind, "minimum": value, "maximum": value}
    else:
        as_sent = {"type": kind}
    return not list(_bounds(as_sent, schema, "$"))
