"""The schemas say what the models do: what they allow decodes, closed is narrower than open, and the text is always the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from icart_common.contracts.catalogue import MESSAGES
from icart_common.contracts.schemas import UnknownType, field_names, schema_of, text_of, types
from icart_common.contracts.subset import differences

Schema = dict[str, Any]
KINDS = types()
IN_THE_MODELS = {"value_error", "string_too_short"}
"""What a schema cannot say: rules between fields (refs that point at somebody, born or expected), and that white space around
words is taken away before their letters are counted."""


@settings(max_examples=80, deadline=None)
@given(data=st.data(), kind=st.sampled_from(KINDS))
def test_what_the_closed_schema_allows_the_model_reads(
    data: st.DataObject, kind: str, values: Callable[[Schema], st.SearchStrategy[Any]]
) -> None:
    value = data.draw(values(schema_of(kind, "closed")))
    try:
        MESSAGES[kind].model_validate_json(json.dumps(value))
    except ValidationError as error:
        found = {detail["type"] for detail in error.errors()}
    else:
        found = set()
    assert found <= IN_THE_MODELS


@pytest.mark.parametrize("kind", KINDS)
def test_closed_is_within_open_and_open_is_not_within_closed(kind: str) -> None:
    closed, opened = schema_of(kind, "closed"), schema_of(kind, "open")
    assert differences(closed, opened) == []
    assert differences(opened, closed) != []


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_the_same_text_each_time_and_names_its_type(kind: str) -> None:
    text = text_of(schema_of(kind))
    assert text == text_of(schema_of(kind))
    assert json.loads(text)["title"] == kind
    assert json.loads(text)["$id"] == f"urn:icart:schema:{kind}"


def test_the_keys_of_a_dictionary_are_held_to_their_pattern(valid: Callable[[Any, Schema], bool]) -> None:
    kind = "icart.screening.record-section.v1"
    statements = schema_of(kind)["properties"]["statements"]
    assert valid({"childs-views": "Said nothing."}, statements)
    assert not valid({"Child's views": "Said nothing."}, statements)


def test_a_type_that_is_not_in_the_catalogue_is_said_to_be_unknown() -> None:
    with pytest.raises(UnknownType, match=r"icart\.nobody\.knows\.v1"):
        schema_of("icart.nobody.knows.v1")


def test_every_type_has_its_version_at_the_end() -> None:
    assert [kind for kind in KINDS if not kind.rpartition(".v")[2].isdigit()] == []


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_null_may_be_left_out(kind: str) -> None:
    """The outbox leaves out what is None: a field that may be null has to be read as null when it is not there."""
    schema = schema_of(kind)
    for part in (schema, *schema.get("$defs", {}).values()):
        for name, field in part.get("properties", {}).items():
            if {"type": "null"} in field.get("anyOf", []):
                assert (name, field.get("default", "none")) == (name, None)
                assert name not in part.get("required", [])


def test_the_names_that_may_be_said_are_those_of_fields() -> None:
    assert {"born", "people", "submission"} <= field_names()
    assert all(name.isidentifier() for name in field_names())
