"""The gate lets compatible changes pass, refuses the others by path, and is right about what it lets pass."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from icart_common.contracts import gate, schemas
from icart_common.contracts.gate import Incompatible, check, compare, write
from icart_common.contracts.schemas import FOLDER, closed, opened, schema_of
from icart_common.contracts.subset import differences

Schema = dict[str, Any]
Valid = Callable[[Any, Schema], bool]
Values = Callable[[Schema], st.SearchStrategy[Any]]

NAMES = ("born", "school", "notes", "people", "kind", "contact")
LEAVES = st.one_of(
    st.builds(lambda most: {"type": "string", "maxLength": most}, st.integers(3, 6)),
    st.builds(lambda least: {"type": "string", "minLength": least}, st.integers(0, 2)),
    st.sampled_from([{"type": "string", "format": "uuid"}, {"type": "string", "pattern": "^[a-z]{1,3}$"}, {}]),
    st.builds(lambda least, wide: {"type": "integer", "minimum": least, "maximum": least + wide},
              st.integers(0, 3), st.integers(0, 5)),
    st.sampled_from([{"type": "number"}, {"type": "boolean"}, {"type": "null"}, {"type": "integer"}, {"const": "a"}]),
    st.lists(st.sampled_from("abcd"), min_size=1, unique=True).map(lambda listed: {"enum": listed, "type": "string"}),
)  # fmt: skip


def record(fields: dict[str, Schema], needed: set[str]) -> Schema:
    return {"type": "object", "properties": fields, "required": sorted(needed & fields.keys())}


def _wider(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    return st.one_of(
        st.builds(lambda items, most: {"type": "array", "items": items, "maxItems": most}, inner, st.integers(1, 3)),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: {"anyOf": parts}),
        st.builds(record, st.dictionaries(st.sampled_from(NAMES), inner, max_size=3), st.sets(st.sampled_from(NAMES))),
        inner.map(
            lambda part: {
                "type": "object",
                "additionalProperties": part,
                "propertyNames": {"type": "string", "maxLength": 2},
            }
        ),
    )


PARTS = st.recursive(LEAVES | st.just({"$ref": "#/$defs/Node"}), _wider, max_leaves=5)


@st.composite
def roots(draw: st.DrawFn) -> Schema:
    """A message's schema, with a part that may contain itself."""
    fields = draw(st.dictionaries(st.sampled_from(NAMES), PARTS, min_size=1, max_size=4))
    inside = draw(st.dictionaries(st.sampled_from(NAMES), LEAVES, min_size=1, max_size=2))
    inside["next"] = {"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]}
    needed = draw(st.sets(st.sampled_from(NAMES)))
    node = record(inside, draw(st.sets(st.sampled_from(NAMES))))
    return {**record(fields, needed), "$defs": {"Node": node}}


def _spots(node: Any) -> list[Schema]:
    """Every schema inside a schema, itself first."""
    found = [node]
    for key, value in node.items():
        parts = value.values() if key in ("properties", "$defs") else value if key == "anyOf" else [value]
        if key in ("properties", "$defs", "anyOf", "items", "additionalProperties"):
            found += [spot for part in parts if isinstance(part, dict) for spot in _spots(part)]
    return found


@st.composite
def changed(draw: st.DrawFn, schema: Schema) -> Schema:
    """The schema after a few arbitrary changes, compatible or not."""
    new = copy.deepcopy(schema)
    for _ in range(draw(st.integers(0, 3))):
        spot = draw(st.sampled_from(_spots(new)))
        numbers = [key for key in ("maxLength", "minLength", "maximum", "minimum", "maxItems") if key in spot]
        if numbers:
            key = draw(st.sampled_from(numbers))
            spot[key] = max(0, spot[key] + draw(st.sampled_from([-1, 1])))
        elif "properties" in spot:
            name = draw(st.sampled_from(NAMES))
            spot["properties"][name] = draw(LEAVES)
            spot["required"] = sorted(draw(st.sets(st.sampled_from(sorted(spot["properties"])))))
        elif "enum" in spot:
            spot["enum"] = sorted(set(spot["enum"]) ^ {draw(st.sampled_from("abc"))}) or ["a"]
        elif "anyOf" in spot:
            spot["anyOf"] = [*spot["anyOf"], draw(LEAVES)]
        elif spot is not new and "$ref" not in spot:
            replacement = draw(LEAVES)
            spot.clear()
            spot.update(replacement)
    return new


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_is_proved_to_be_contained_is_contained(data: st.DataObject, values: Values, valid: Valid) -> None:
    """The differential: where the gate says yes, no value of the one is refused by the other."""
    old = data.draw(roots())
    new = data.draw(changed(old) | changed(old) | roots())
    proved = not differences(closed(old), opened(new))
    event(f"proved: {proved}")
    for value in data.draw(st.lists(values(closed(old)), min_size=5, max_size=5)):
        assert valid(value, closed(old))
        if proved:
            assert valid(value, opened(new))


@settings(max_examples=50, deadline=None)
@given(schema=roots())
def test_a_schema_follows_itself(schema: Schema) -> None:
    assert compare("icart.example.v1", schema, copy.deepcopy(schema)) == []


@settings(max_examples=50, deadline=None)
@given(schema=roots(), leaf=LEAVES)
def test_an_optional_field_may_be_added(schema: Schema, leaf: Schema) -> None:
    new = copy.deepcopy(schema)
    new["properties"]["added"] = {"anyOf": [leaf, {"type": "null"}], "default": None}
    assert compare("icart.example.v1", schema, new) == []


@settings(max_examples=50, deadline=None)
@given(schema=roots(), most=st.integers(1, 50), by=st.integers(1, 50))
def test_a_bound_that_widens_passes_in_one_direction(schema: Schema, most: int, by: int) -> None:
    narrow, wide = copy.deepcopy(schema), copy.deepcopy(schema)
    narrow["properties"]["words"] = {"type": "string", "maxLength": most}
    wide["properties"]["words"] = {"type": "string", "maxLength": most + by}
    assert differences(closed(narrow), opened(wide)) == []
    assert [found.path for found in differences(closed(wide), opened(narrow))] == ["$.words"]
    (refusal,) = compare("icart.example.v1", narrow, wide)
    assert refusal.path == "$.words"
    assert "old consumers would refuse" in refusal.what


NOT_CONTAINED: list[tuple[str, str, Schema, Schema]] = [
    ("undeclared field", "$.born", {"type": "object", "additionalProperties": {"type": "string"}},
     {"type": "object", "properties": {"born": {"type": "integer"}}}),
    ("field that readers shut out", "$.born", {"type": "object", "properties": {"born": {}}, "additionalProperties": False},
     {"type": "object", "properties": {}, "additionalProperties": False}),
    ("any key", "$.[key]", {"type": "object"}, {"type": "object", "propertyNames": {"type": "string", "maxLength": 3}}),
    ("declared key", "$.[key]", {"type": "object", "properties": {"born": {}}, "additionalProperties": False},
     {"type": "object", "propertyNames": {"type": "string", "maxLength": 3}}),
    ("place in a list", "$[1]", {"type": "array", "prefixItems": [{"type": "string"}, {"type": "string"}], "items": False},
     {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": False}),
    ("longer list", "$[*]", {"type": "array", "prefixItems": [{"type": "string"}]},
     {"type": "array", "prefixItems": [{"type": "string"}], "items": False}),
    ("anything", "$", {}, {"type": "object"}),
    ("true is not 1", "$", {"const": True}, {"enum": [1]}),
    ("number for integer", "$", {"type": "number"}, {"type": "integer"}),
    ("one alternative of two", "$", {"anyOf": [{"type": "string"}, {"type": "boolean"}]}, {"type": "string"}),
    ("open bound", "$", {"type": "integer", "minimum": 5}, {"type": "integer", "exclusiveMinimum": 5}),
    ("value too long", "$", {"const": "abcd"}, {"type": "string", "maxLength": 3}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "writers", "readers"), [case[1:] for case in NOT_CONTAINED], ids=[case[0] for case in NOT_CONTAINED]
)
def test_what_is_not_contained_is_not_proved(path: str, writers: Schema, readers: Schema) -> None:
    assert [found.path for found in differences(writers, readers)] == [path]


OLD: Schema = {
    "type": "object",
    "properties": {
        "contact": {"type": "string", "format": "uuid"},
        "people": {"type": "array", "items": {"$ref": "#/$defs/Person"}, "maxItems": 5},
        "kind": {"enum": ["call", "form"], "type": "string"},
        "score": {"type": "integer", "minimum": 0, "maximum": 100},
        "notes": {"anyOf": [{"type": "string", "maxLength": 10}, {"type": "null"}], "default": None},
        "code": {"type": "string", "pattern": "^[a-z]+$"},
        "statements": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "propertyNames": {"type": "string", "maxLength": 8},
        },
    },
    "required": ["contact", "kind", "people"],
    "$defs": {
        "Person": {
            "type": "object",
            "properties": {
                "ref": {"type": "string"},
                "parent": {"anyOf": [{"$ref": "#/$defs/Person"}, {"type": "null"}], "default": None},
                "born": {"type": "string", "format": "date"},
            },
            "required": ["ref"],
        }
    },
}


def edited(edit: Callable[[Schema, Schema], object]) -> Schema:
    new = copy.deepcopy(OLD)
    edit(new, new["$defs"]["Person"])
    return new


def _rename(fields: Schema, old: str, new: str) -> None:
    fields[new] = fields.pop(old)


def _person_is_somebody(message: Schema, person: Schema) -> None:
    _rename(message["$defs"], "Person", "Somebody")
    message["properties"]["people"]["items"] = person["properties"]["parent"]["anyOf"][0] = {"$ref": "#/$defs/Somebody"}


BREAKING: list[tuple[str, str, Callable[[Schema, Schema], object]]] = [
    ("required field removed", "$.contact", lambda m, p: (m["properties"].pop("contact"), m["required"].remove("contact"))),
    ("optional field removed", "$.notes", lambda m, p: m["properties"].pop("notes")),
    ("required field made optional", "$.contact", lambda m, p: m["required"].remove("contact")),
    ("optional field made required", "$.notes", lambda m, p: m["required"].append("notes")),
    ("new required field", "$.added", lambda m, p: m.update(required=[*m["required"], "added"])),
    ("rename", "$.notes", lambda m, p: _rename(m["properties"], "notes", "remarks")),
    ("rename inside", "$.people[*].born", lambda m, p: _rename(p["properties"], "born", "birth")),
    ("enum narrowed", "$.kind", lambda m, p: m["properties"]["kind"].update(enum=["call"])),
    ("enum widened", "$.kind", lambda m, p: m["properties"]["kind"].update(enum=["call", "form", "visit"])),
    ("type changed", "$.people[*].ref", lambda m, p: p["properties"].update(ref={"type": "integer"})),
    ("format changed", "$.people[*].born", lambda m, p: p["properties"]["born"].update(format="date-time")),
    ("format dropped", "$.contact", lambda m, p: m["properties"]["contact"].pop("format")),
    ("pattern changed", "$.code", lambda m, p: m["properties"]["code"].update(pattern="^[a-z0-9]+$")),
    ("pattern added", "$.people[*].ref", lambda m, p: p["properties"]["ref"].update(pattern="^p")),
    ("maximum lowered", "$.score", lambda m, p: m["properties"]["score"].update(maximum=10)),
    ("minimum dropped", "$.score", lambda m, p: m["properties"]["score"].pop("minimum")),
    ("fewer items", "$.people", lambda m, p: m["properties"]["people"].update(maxItems=4)),
    ("null no more", "$.notes", lambda m, p: m["properties"].update(notes={"type": "string", "maxLength": 10, "default": ""})),
    ("default changed", "$.notes", lambda m, p: m["properties"]["notes"].update(default="none")),
    ("integer to number", "$.score", lambda m, p: m["properties"]["score"].update(type="number")),
    ("longer keys", "$.statements.[key]", lambda m, p: m["properties"]["statements"]["propertyNames"].update(maxLength=9)),
    ("other values", "$.statements.*", lambda m, p: m["properties"]["statements"].update(additionalProperties={})),
    ("unknown keyword", "$.people[*]", lambda m, p: p.update(minProperties=2)),
    ("rules beside a reference", "$.people[*]", lambda m, p: m["properties"]["people"]["items"].update(type="object")),
    ("reference to nothing", "$.people[*]", lambda m, p: m["properties"]["people"]["items"].update({"$ref": "#/$defs/Nobody"})),
    ("endless reference", "$.people[*]", lambda m, p: m["$defs"].update(Person={"$ref": "#/$defs/Person"})),
]  # fmt: skip


@pytest.mark.parametrize(("path", "edit"), [change[1:] for change in BREAKING], ids=[change[0] for change in BREAKING])
def test_a_breaking_change_is_refused_by_its_path(path: str, edit: Callable[[Schema, Schema], object]) -> None:
    refusals = compare("icart.example.thing.v1", OLD, edited(edit))
    assert path in [refusal.path for refusal in refusals]
    for refusal in refusals:
        assert refusal.message == "icart.example.thing.v1"
        assert "publish icart.example.thing.v2 beside icart.example.thing.v1" in refusal.fix
        assert str(refusal).startswith(f"icart.example.thing.v1 at {refusal.path}: ")


COMPATIBLE: list[tuple[str, Callable[[Schema, Schema], object]]] = [
    ("nothing", lambda m, p: None),
    ("words about it", lambda m, p: p.update(description="A person", title="Somebody")),
    ("optional field inside", lambda m, p: p["properties"].update(school={"type": "string", "default": ""})),
    ("part with another name", lambda m, p: _person_is_somebody(m, p)),
    ("part written out", lambda m, p: m["properties"]["people"].update(items=copy.deepcopy(p))),
    ("order of alternatives", lambda m, p: m["properties"]["notes"]["anyOf"].reverse()),
    ("order of listed values", lambda m, p: m["properties"]["kind"]["enum"].reverse()),
]  # fmt: skip


@pytest.mark.parametrize("edit", [change[1] for change in COMPATIBLE], ids=[change[0] for change in COMPATIBLE])
def test_a_compatible_change_passes(edit: Callable[[Schema, Schema], object]) -> None:
    assert compare("icart.example.thing.v1", OLD, edited(edit)) == []


def test_the_committed_schemas_are_what_the_code_says() -> None:
    assert [str(refusal) for refusal in check(FOLDER)] == []


def test_a_new_type_needs_its_committed_schema(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "icart.timers.start.v1.json").unlink()
    (refusal,) = check(tmp_path)
    assert (refusal.message, refusal.path) == ("icart.timers.start.v1", "$")
    assert "icart schema write" in refusal.fix


def test_a_version_that_was_published_is_kept(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "icart.timers.begin.v1.json").write_text("{}", encoding="utf-8")
    (refusal,) = check(tmp_path)
    assert refusal.message == "icart.timers.begin.v1"
    assert "no longer in the catalogue" in refusal.what


@pytest.mark.parametrize("damage", [b"\xff", b"{", b"[]"])
def test_a_committed_file_that_is_damaged_is_named(tmp_path: Path, damage: bytes) -> None:
    write(tmp_path)
    (tmp_path / "icart.timers.start.v1.json").write_bytes(damage)
    assert [(refusal.message, refusal.path) for refusal in check(tmp_path)] == [("icart.timers.start.v1", "$")]
    with pytest.raises(Incompatible):
        write(tmp_path)


def _committed_with(folder: Path, kind: str, field: str, schema: Schema) -> None:
    """Commit a schema of `kind` as if the code had once had another `field`."""
    write(folder)
    old = schema_of(kind)
    old["properties"][field] = schema
    (folder / f"{kind}.json").write_text(schemas.text_of(old), encoding="utf-8")


def test_writing_does_not_get_round_the_gate(tmp_path: Path) -> None:
    kind = "icart.timers.start.v1"
    _committed_with(tmp_path, kind, "counted_from", {"type": "integer"})
    before = (tmp_path / f"{kind}.json").read_bytes()
    with pytest.raises(Incompatible) as caught:
        write(tmp_path)
    assert [(refusal.message, refusal.path) for refusal in caught.value.refusals] == [(kind, "$.counted_from")]
    assert (tmp_path / f"{kind}.json").read_bytes() == before
    assert [path.name for path in write(tmp_path, replace=[kind])] == [f"{kind}.json"]
    assert check(tmp_path) == []


def test_a_compatible_change_still_has_to_be_committed(tmp_path: Path) -> None:
    kind = "icart.timers.start.v1"
    write(tmp_path)
    old = schema_of(kind)
    old["description"] = "before"
    (tmp_path / f"{kind}.json").write_text(json.dumps(old), encoding="utf-8")
    (refusal,) = gate.check(tmp_path)
    assert "not what the code says now" in refusal.what
    assert [path.name for path in write(tmp_path)] == [f"{kind}.json"]
    assert write(tmp_path) == []
