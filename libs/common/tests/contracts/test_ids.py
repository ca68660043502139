"""Ids follow from what caused them, so that reading a topic again gives the same ids (R4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from icart_common.contracts.ids import derived_id, instant_of, new_id, reference

INSTANTS = st.datetimes(datetime(1970, 1, 2), datetime(9000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive
PARTS = st.lists(st.text(max_size=8), min_size=1, max_size=3)


@given(at=INSTANTS, parts=PARTS)
def test_the_same_cause_gives_the_same_id(at: datetime, parts: list[str]) -> None:
    assert derived_id(at, *parts) == derived_id(at, *parts)


@given(at=INSTANTS, one=PARTS, other=PARTS)
def test_another_cause_gives_another_id(at: datetime, one: list[str], other: list[str]) -> None:
    assert (derived_id(at, *one) == derived_id(at, *other)) == ("\x1f".join(one) == "\x1f".join(other))


@given(at=INSTANTS, parts=PARTS)
def test_a_derived_id_is_a_uuid_of_version_7_that_begins_with_its_instant(at: datetime, parts: list[str]) -> None:
    made = derived_id(at, *parts)
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert abs(instant_of(made) - at) <= timedelta(milliseconds=1)


@given(at=INSTANTS, later=st.timedeltas(timedelta(milliseconds=1), timedelta(days=400)), parts=PARTS)
def test_ids_sort_by_time(at: datetime, later: timedelta, parts: list[str]) -> None:
    assert derived_id(at, *parts) < derived_id(at + later, *parts)


def test_new_ids_are_of_version_7_and_of_now() -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=2)
    made = {new_id() for _ in range(1000)}
    assert len(made) == 1000
    assert {identifier.version for identifier in made} == {7}
    assert all(before <= instant_of(identifier) <= datetime.now(UTC) for identifier in made)


@given(at=INSTANTS, parts=PARTS)
def test_a_reference_can_be_read_out_on_the_telephone(at: datetime, parts: list[str]) -> None:
    said = reference(derived_id(at, *parts))
    assert said[5] == "-"
    assert len(said) == 11
    assert set(said.replace("-", "")) <= set("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")


def test_references_of_different_things_differ() -> None:
    at = datetime(2026, 11, 16, 9, 40, tzinfo=UTC)
    assert len({reference(derived_id(at, number)) for number in range(20_000)}) == 20_000
