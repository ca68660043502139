"""Old messages decode: every example ever committed, for every type and version of the catalogue (R6)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from icart_common.contracts.catalogue import MESSAGES
from icart_common.contracts.envelope import read_body
from icart_common.contracts.schemas import schema_of

KINDS = sorted(MESSAGES)


def kept(old: Any, new: Any) -> bool:
    """Everything in `old` is in `new`, which may have more fields."""
    if isinstance(old, dict) and isinstance(new, dict):
        return all(name in new and kept(part, new[name]) for name, part in old.items())
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(kept, old, new))
    return bool(old == new)


@pytest.mark.parametrize("kind", KINDS)
def test_every_example_decodes_and_nothing_of_it_is_dropped(kind: str, examples: dict[str, list[bytes]]) -> None:
    for example in examples[kind]:
        message = read_body(kind, example)
        assert kept(json.loads(example), message.model_dump(mode="json"))
        assert read_body(kind, message.model_dump_json().encode()) == message
        assert read_body(kind, message.model_dump_json(exclude_none=True).encode()) == message


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_model_writes_fits_the_closed_schema(
    kind: str, examples: dict[str, list[bytes]], valid: Callable[[Any, dict[str, Any]], bool]
) -> None:
    for example in examples[kind]:
        written = read_body(kind, example).model_dump(mode="json")
        assert valid(written, schema_of(kind, "closed"))


@pytest.mark.parametrize("kind", KINDS)
def test_the_examples_of_a_type_fill_every_field(kind: str, examples: dict[str, list[bytes]]) -> None:
    filled = {name for example in examples[kind] for name in json.loads(example)}
    assert filled == set(MESSAGES[kind].model_fields)


def test_no_example_is_of_a_type_that_has_gone(examples: dict[str, list[bytes]]) -> None:
    assert set(examples) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_consumer_passes_by_fields_of_a_newer_producer(kind: str, examples: dict[str, list[bytes]]) -> None:
    for example in examples[kind]:
        newer = {**json.loads(example), "added_in_a_later_version": {"anything": [1]}}
        assert read_body(kind, json.dumps(newer).encode()) == read_body(kind, example)


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_says_what_it_is_about(kind: str, examples: dict[str, list[bytes]]) -> None:
    message = read_body(kind, examples[kind][0])
    assert str(message.subject_id) in examples[kind][0].decode() or "/" in str(message.subject_id)
