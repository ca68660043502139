"""A command of any type, drawn from its own fields and the ids of a pack: a new kind is tried without a word about it."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal, Union, get_args, get_origin
from uuid import UUID

from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from icart_common.contracts.base import Actor, Message
from icart_common.policy import PolicyPack

Pools = Mapping[str, list[str]]
_STEM = 4
"""So many letters of a field's name are looked for in the names of the pack's lists: `agency` is one of `agencies`."""


def pools(pack: PolicyPack) -> Pools:
    """The ids that the pack names, by the list that they stand in."""
    found: dict[str, list[str]] = {}

    def walk(name: str, part: object) -> None:
        if isinstance(part, BaseModel):
            if isinstance(identifier := getattr(part, "id", None), str):
                found.setdefault(name, []).append(identifier)
            for field in type(part).model_fields:
                walk(field, getattr(part, field))
        elif isinstance(part, tuple):
            for one in part:
                walk(name, one)

    walk("", pack)
    found["rules"] = found.get("checks", [])  # what a person names as the rule is a check of the pack
    found["also"] = found.get("partners", [])  # who is asked to a strategy discussion besides
    found["persons"] = ["p1", "p2", "p3"]  # the refs of `contact_opened`
    return found


def command(
    kind: type[Message], known: Mapping[str, Any], actors: st.SearchStrategy[Actor], ids: Pools, now: datetime
) -> st.SearchStrategy[Message | None]:
    """A message of a type. Its fields in `known` are as given; None for what the contract itself refuses."""
    fields = {
        name: st.just(known[name]) if name in known else _field(name, info.annotation, info.is_required(), ids, now)
        for name, info in kind.model_fields.items()
        if name != "actor"
    }
    if "actor" in kind.model_fields:
        fields["actor"] = actors

    def built(values: dict[str, Any]) -> Message | None:
        try:
            return kind.model_validate(values)
        except ValidationError:
            return None

    return st.fixed_dictionaries(fields).map(built)


def _field(name: str, wanted: Any, needed: bool, ids: Pools, now: datetime) -> st.SearchStrategy[Any]:
    value = _value(name, wanted, ids, now)
    if needed:
        return value
    return (
        st.one_of(st.just(()), st.just(()), value)
        if get_origin(wanted) is tuple
        else st.one_of(value, value, st.none())
    )


def _value(name: str, wanted: Any, ids: Pools, now: datetime) -> st.SearchStrategy[Any]:
    origin, inner = get_origin(wanted), get_args(wanted)
    if origin is Literal:
        return st.sampled_from(inner)
    if origin in (Union, types.UnionType):
        return st.one_of([st.none() if one is type(None) else _value(name, one, ids, now) for one in inner])
    if origin is tuple:
        return st.lists(_value(name, inner[0], ids, now), min_size=1, max_size=2).map(tuple)
    if origin is dict:
        return st.just({})
    if hasattr(wanted, "__metadata__") or origin is not None:
        return _value(name, inner[0], ids, now)
    if isinstance(wanted, type) and issubclass(wanted, BaseModel):
        return _part(wanted, ids, now)
    return _PLAIN[wanted](name, ids, now) if wanted in _PLAIN else st.just("as-found")


def _part(wanted: type[BaseModel], ids: Pools, now: datetime) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {
            name: _field(name, info.annotation, info.is_required(), ids, now)
            for name, info in wanted.model_fields.items()
        }
    )


def _text(name: str, ids: Pools, now: datetime) -> st.SearchStrategy[str]:
    """An id of the pack that the name points to; else some words, or any id at all."""
    likely = [one for listed, held in ids.items() if name[:_STEM] in listed for one in held]
    words = st.just("as-found")
    if likely:
        return st.one_of(*[st.sampled_from(likely)] * 6, words)
    return st.one_of(words, words, st.sampled_from(sorted({one for held in ids.values() for one in held})))


_PLAIN: dict[Any, Callable[[str, Pools, datetime], st.SearchStrategy[Any]]] = {
    str: _text,
    bool: lambda name, ids, now: st.booleans(),
    int: lambda name, ids, now: st.integers(0, 4),
    float: lambda name, ids, now: st.floats(0, 4),
    UUID: lambda name, ids, now: st.uuids(version=4),
    date: lambda name, ids, now: st.integers(-3, 20).map(lambda days: (now + timedelta(days=days)).date()),
    datetime: lambda name, ids, now: st.integers(-50, 50).map(lambda hours: now + timedelta(hours=hours)),
}
