"""Any merges and undoings, in any order, end in the partition of mentions that the merges left standing make (IN-17)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icart_common.contracts.base import Actor
from icart_common.contracts.ids import derived_id
from icart_common.contracts.people import ApproveMerge, ProposeMerge, UndoMerge
from icart_intake.domain.matching import Facts
from icart_intake.domain.merging import decide_merge, propose_merge
from icart_intake.domain.people import KnownPerson
from icart_intake.domain.registry import Refusal, Registry
from icart_intake.weights import load_weights

BEGIN = datetime(2026, 6, 9, 10, tzinfo=UTC)
PEOPLE = [derived_id(BEGIN, "person", place) for place in range(6)]
WORKER, MANAGER = Actor(person="a", role="worker"), Actor(person="b", role="manager")


def roots(registry: Registry) -> dict[UUID, UUID]:
    return {person: known.stands_for for person, known in registry.people.items()}


def begin() -> Registry:
    registry = Registry(load_weights())
    registry.people = {person: KnownPerson(id=person, authority="halton", facts=Facts()) for person in PEOPLE}
    return registry


def merge(registry: Registry, stays: UUID, goes: UUID, at: datetime) -> UUID | None:
    made = derived_id(at, "merge")
    try:
        propose_merge(
            registry,
            ProposeMerge(actor=WORKER, merge=made, authority="halton", stays=stays, goes=goes, reason="One."),
            at,
        )
        decide_merge(registry, ApproveMerge(actor=MANAGER, merge=made, seen_version=1), at)
    except Refusal:
        return None
    return made


STEPS = st.lists(
    st.tuples(st.just("merge"), st.integers(0, 5), st.integers(0, 5))
    | st.tuples(st.just("undo"), st.integers(0, 20), st.just(0)),
    max_size=25,
)


@pytest.mark.req("IN-17")
@settings(deadline=None)
@given(STEPS)
def test_only_the_merges_that_stand_count(steps):
    registry, standing = begin(), []
    for hours, (what, one, other) in enumerate(steps):
        at = BEGIN + timedelta(hours=hours)
        if what == "merge":
            made = merge(registry, PEOPLE[one], PEOPLE[other], at)
            if made:
                standing.append((made, PEOPLE[one], PEOPLE[other]))
        elif standing:
            made, _, _ = standing.pop(one % len(standing))
            decide_merge(registry, UndoMerge(actor=MANAGER, merge=made, seen_version=2, reason="Two."), at)
    expected = {person: person for person in PEOPLE}
    pointers = {goes: stays for _, stays, goes in standing}
    for person in PEOPLE:
        end = person
        while end in pointers:
            end = pointers[end]
        expected[person] = end
    assert roots(registry) == expected
    for made, _, _ in reversed(standing):
        decide_merge(registry, UndoMerge(actor=MANAGER, merge=made, seen_version=2, reason="Two."), BEGIN)
    assert roots(registry) == roots(begin())
    assert registry.people == begin().people
