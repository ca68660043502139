"""What the tests of the contracts share: values of a JSON Schema, a second opinion on whether a value fits one, examples."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from icart_common.contracts.subset import is_a

Schema = dict[str, Any]
Values = st.SearchStrategy[Any]
EXAMPLES = Path(__file__).with_name("examples")

_TEXT = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
_ANYTHING: Values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(_TEXT, max_size=5), st.just([]), st.just({})
)
_FORMATS: dict[str, Values] = {
    "uuid": st.uuids().map(str),
    "date": st.dates().map(str),
    "date-time": st.datetimes(timezones=st.just(UTC)).map(lambda at: at.isoformat()),
}


def _string(schema: Schema) -> Values:
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    if "format" in schema:
        return _FORMATS[schema["format"]]
    if "pattern" in schema:
        matching = st.from_regex(schema["pattern"], fullmatch=True, alphabet=st.characters(codec="ascii"))
        return matching.filter(lambda text: least <= len(text) <= (most or 10**9) and not text.endswith("\n"))
    longest = least + 6 if most is None else min(most, least + 6)
    short, long = st.text(_TEXT, min_size=least, max_size=longest), st.text(_TEXT, min_size=longest, max_size=longest)
    return long | short  # mistakes live at the bounds


def _object(schema: Schema, root: Schema) -> Values:
    fields, needed = schema.get("properties", {}), schema.get("required", ())
    extra = schema.get("additionalProperties", True)
    declared = st.fixed_dictionaries(
        {name: values_of(fields.get(name, extra), root) for name in needed},
        optional={name: values_of(part, root) for name, part in fields.items() if name not in needed},
    )
    if extra is False:
        return declared
    names = values_of({"type": "string", **schema.get("propertyNames", {"maxLength": 3})}, root)
    others = st.dictionaries(names.filter(lambda name: name not in fields), values_of(extra, root), max_size=2)
    return st.builds(lambda one, other: {**other, **one}, declared, others)


def values_of(schema: Schema | bool, root: Schema) -> Values:
    """Values that the schema allows, small ones first."""
    if isinstance(schema, bool):
        return _ANYTHING if schema else st.nothing()
    if "$ref" in schema:
        return st.deferred(lambda: values_of(root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root))
    if "anyOf" in schema:
        return st.one_of([values_of(part, root) for part in schema["anyOf"]])
    if "const" in schema or "enum" in schema:
        return st.sampled_from(schema.get("enum", [schema.get("const")]))
    kind = schema.get("type")
    lowest, highest = schema.get("minimum"), schema.get("maximum")
    items = schema.get("items", True)
    least = schema.get("minItems", 0)
    made: dict[str | None, Callable[[], Values]] = {
        None: lambda: _ANYTHING,
        "null": st.none,
        "boolean": st.booleans,
        "string": lambda: _string(schema),
        "integer": lambda: st.integers(lowest, highest),
        "number": lambda: st.floats(lowest, highest, allow_nan=False, allow_infinity=False),
        "array": lambda: st.lists(
            values_of(items, root), min_size=least, max_size=min(schema.get("maxItems", 99), least + 2)
        ),
        "object": lambda: _object(schema, root),
    }
    return made[kind]()


def fits(value: Any, schema: Schema | bool, root: Schema) -> bool:
    """Whether a value is valid: written apart from the gate, straight from the meaning of each keyword."""
    if isinstance(schema, bool):
        return schema
    if "$ref" in schema:
        return fits(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root)
    if "anyOf" in schema:
        return any(fits(value, part, root) for part in schema["anyOf"])
    if "const" in schema or "enum" in schema:
        return json.dumps(value) in [json.dumps(listed) for listed in schema.get("enum", [schema.get("const")])]
    if "type" in schema and not is_a(value, schema["type"]):
        return False
    return all(_rules(value, schema, root))


def _rules(value: Any, schema: Schema, root: Schema) -> Iterator[bool]:
    if isinstance(value, str):
        yield schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 10**9)
        yield "pattern" not in schema or re.search(schema["pattern"], value) is not None
    elif isinstance(value, list):
        yield schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 10**9)
        yield all(fits(item, schema.get("items", True), root) for item in value)
    elif isinstance(value, dict):
        fields, names = schema.get("properties", {}), schema.get("propertyNames", True)
        yield value.keys() >= set(schema.get("required", ()))
        for name, part in value.items():
            yield fits(name, names, root)
            yield fits(part, fields.get(name, schema.get("additionalProperties", True)), root)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield schema.get("minimum", value) <= value <= schema.get("maximum", value)


@pytest.fixture(scope="session")
def values() -> Callable[[Schema], Values]:
    """The strategy of a whole schema's values."""
    return lambda schema: values_of(schema, schema)


@pytest.fixture(scope="session")
def valid() -> Callable[[Any, Schema], bool]:
    """Whether a value is valid under a whole schema."""
    return lambda value, schema: fits(value, schema, schema)


@pytest.fixture(scope="session")
def examples() -> dict[str, list[bytes]]:
    """The committed examples by message type. `<type>.json` is the newest; `<type>.<label>.json` are kept from before."""
    found: dict[str, list[bytes]] = {}
    for path in sorted(EXAMPLES.glob("*.json")):
        kind = re.sub(r"(\.v\d+)(\.[a-z0-9-]+)?\.json$", r"\1", path.name)
        found.setdefault(kind, []).append(path.read_bytes())
    return found
