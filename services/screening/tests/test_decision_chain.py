"""Who decides when managers are away: the chain, its clocks, and what is shown first (SC-16, TM-16)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icart_common.contracts.decisions import (
    AbsenceTurned,
    DecisionAsked,
    DecisionOverdue,
    DecisionSettled,
    MarkAway,
    MarkBack,
    chain_id,
)
from icart_common.contracts.referral import Consent
from icart_common.contracts.screening import Authorise, SendBack, Triage
from icart_common.contracts.timers import CancelClock, ClockBreached, MeetClock, StartClock
from icart_screening.domain.running_out import run_out
from icart_screening.domain.undertakings.decision_chain import DecisionChain, Waiting
from services.screening.tests.front_door import CASTS, FrontDoor, each, of, of_type

GIVEN = (Consent(person="p2", status="given"),)
YORK = ("advice-manager", "assessment-manager", "service-manager")


def submitted(door: FrontDoor) -> UUID:
    """A contact on the early strand that `w1` has submitted."""
    contact = door.allocated(door.cast.early, consents=GIVEN)
    door.submitted(contact, door.cast.early_ending, door.cast.early_level)
    return contact


def chain(door: FrontDoor) -> DecisionChain:
    held = door.undertakings[chain_id(door.authority)]
    assert isinstance(held, DecisionChain)
    return held


def waiting(door: FrontDoor, contact: UUID) -> Waiting:
    return chain(door).waiting[str(contact)]


def mark(door: FrontDoor, kind: type, person: str, role: str, **fields: Any) -> None:
    where = {"undertaking": chain_id(door.authority), "authority": door.authority}
    by = next(own.id for own in door.pack.roles_with("keep-rota"))
    door.begun(chain_id(door.authority), kind, by, "a1", **where, person=person, role=role, **fields)


def away(door: FrontDoor, person: str, role: str, days: int = 1) -> None:
    mark(door, MarkAway, person, role, since=door.now, until=door.now + timedelta(days=days))


def runs_out(door: FrontDoor, contact: UUID, rule: str) -> None:
    """The clock's breach, and what follows from it."""
    door.now += timedelta(hours=1)
    clock = next(one.clock for one in of_type(door.clocks, StartClock) if (one.subject, one.rule) == (contact, rule))
    breached = ClockBreached(
        clock=clock,
        authority=door.authority,
        pack_version=door.pack.version,
        rule=rule,
        owner="screening",
        subject=contact,
        due_at=door.now,
        sum="x",
    )
    follows = run_out(breached, door.pack)
    assert isinstance(follows, DecisionOverdue)
    door.heard(follows, chain(door))


def absence_clocks(door: FrontDoor) -> dict[datetime, UUID]:
    """The clocks of absences that run, each by its moment."""
    ended = {one.clock for one in of_type(door.asked, CancelClock)}
    started = [one for one in of_type(door.asked, StartClock) if one.rule == door.pack.decision_chain.absence_clock]
    return dict(sorted((one.counted_from, one.clock) for one in started if one.clock not in ended))


def goes_off(door: FrontDoor, moment: datetime, clock: UUID) -> None:
    """The moment of an absence, and what follows from it."""
    rule, subject = door.pack.decision_chain.absence_clock, chain_id(door.authority)
    breached = ClockBreached(
        clock=clock,
        authority=door.authority,
        pack_version=door.pack.version,
        rule=rule,
        owner="screening",
        subject=subject,
        due_at=moment,
        sum="x",
    )
    follows = run_out(breached, door.pack)
    assert isinstance(follows, AbsenceTurned)
    door.now = max(door.now, moment)
    door.heard(follows, chain(door))


def roles(door: FrontDoor) -> tuple[str, ...]:
    """The chain of the early strand."""
    manager = door.pack.strand(door.cast.early).manager_role
    return tuple(stage.role or manager for stage in door.pack.decision_chain.stages)


@of("SC-16", "TM-16", authorities=("york",))
def test_one_manager_after_another_each_after_a_set_time(door: FrontDoor) -> None:
    contact = submitted(door)
    assert waiting(door, contact).turn == 0
    runs_out(door, contact, "TM-16-chain-1")
    assert waiting(door, contact).turn == 1
    runs_out(door, contact, "TM-16-chain-1")
    assert waiting(door, contact).turn == 1, "the same clock moves it once"
    runs_out(door, contact, "TM-16-chain-2")
    asked = of_type(door.told, DecisionAsked)
    assert [one.stages[one.turn].role for one in asked] == list(YORK)
    assert [one.because for one in asked] == ["submitted", "no-decision-in-time", "no-decision-in-time"]
    door.done(contact, Authorise, "service-manager", "m3")
    assert chain(door).waiting == {}
    started = {one.clock for one in of_type(door.clocks, StartClock) if one.rule.startswith("TM-16-chain")}
    assert started == {one.clock for one in of_type(door.clocks, MeetClock)} & started


@of("SC-16", authorities=("york",))
def test_a_manager_who_is_away_is_skipped_at_once(door: FrontDoor) -> None:
    away(door, "m1", "advice-manager")
    contact = submitted(door)
    assert waiting(door, contact).turn == 1
    away(door, "m2", "assessment-manager")
    (last,) = of_type(door.told, DecisionAsked)[-1:]
    assert (last.turn, last.because, last.nobody) == (2, "somebody-is-away", False)
    runs_out(door, contact, "TM-16-chain-1")
    assert waiting(door, contact).turn == 2


@of("SC-16", authorities=("york",))
def test_a_second_manager_of_the_role_is_there_instead(door: FrontDoor) -> None:
    mark(door, MarkBack, "m9", "advice-manager")
    away(door, "m1", "advice-manager")
    assert waiting(door, submitted(door)).turn == 0


@each("SC-16")
def test_everybody_is_away_and_it_is_shown_first(door: FrontDoor) -> None:
    first = submitted(door)
    assert not waiting(door, first).nobody
    for number, role in enumerate(roles(door)):
        away(door, f"m{number}", role)
    second = submitted(door)
    assert waiting(door, second).nobody
    mark(door, MarkBack, "m0", roles(door)[0])
    away(door, "m0", roles(door)[0])
    asked = of_type(door.told, DecisionAsked)
    assert asked[-1].nobody
    assert asked[-1].turn == len(roles(door)) - 1
    assert [one.nobody for one in chain(door).queue()] == [True, True]
    mark(door, MarkBack, "m0", roles(door)[0])
    assert [one.nobody for one in chain(door).queue()] == [False, False]


@each("SC-16")
def test_the_only_manager_is_the_worker(door: FrontDoor) -> None:
    mark(door, MarkBack, "w1", roles(door)[0])
    contact = submitted(door)
    held = waiting(door, contact)
    assert (held.turn, held.nobody) == ((1, False) if len(roles(door)) > 1 else (0, True))
    refused = door.refused(contact, Authorise, door.pack.strand(door.cast.early).manager_role, "w1")
    assert refused.code == "own-work"
    mark(door, MarkBack, "m7", roles(door)[0])
    if len(roles(door)) == 1:
        assert not waiting(door, contact).nobody


@each("SC-16")
def test_what_is_sent_back_or_triaged_elsewhere_waits_for_nobody(door: FrontDoor) -> None:
    manager = door.pack.strand(door.cast.early).manager_role
    contact, other = submitted(door), submitted(door)
    door.done(contact, SendBack, manager, "m2", actions=("ask the school",))
    elsewhere = {"strand": door.cast.safeguarding, "urgency": "urgent", "reason": "she has told more"}
    door.done(other, Triage, door.cast.manager, "m2", **elsewhere)
    assert chain(door).waiting == {}
    assert len(of_type(door.told, DecisionSettled)) == 2


@each("SC-16")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"role": "edt-worker"}, "role-does-not-decide"),
        ({"role": "nobody"}, "role-does-not-decide"),
        ({"hours": -1}, "no-time"),
        ({"undertaking": UUID(int=9)}, "not-that-chain"),
    ],
)
def test_what_cannot_be_marked(door: FrontDoor, changes: dict[str, Any], code: str) -> None:
    fields = {
        "undertaking": chain_id(door.authority),
        "authority": door.authority,
        "person": "m1",
        "role": roles(door)[0],
        "since": door.now,
        "until": door.now + timedelta(hours=changes.get("hours", 1)),
        **changes,
    }
    by = door.pack.roles_with("keep-rota")[0].id
    assert door.not_begun(chain_id(door.authority), MarkAway, by, "a1", **fields).code == code
    worker = door.not_begun(chain_id(door.authority), MarkAway, "edt-worker", "e1", **fields)
    assert worker.code == "role-may-not"


PEOPLE = st.sampled_from(["m0", "m1", "m2", "w1"])
STEPS = st.lists(
    st.tuples(st.sampled_from(["away", "ahead", "back", "submit", "overdue", "decide"]), PEOPLE), max_size=14
)


def turned_by_now(door: FrontDoor, gone_off: frozenset[UUID]) -> frozenset[UUID]:
    """Every clock of an absence whose moment has come goes off, once."""
    for moment, clock in sorted(absence_clocks(door).items()):
        if moment <= door.now and clock not in gone_off:
            goes_off(door, moment, clock)
            gone_off |= {clock}
    return gone_off


@given(authority=st.sampled_from(sorted(CASTS)), steps=STEPS)
def test_whatever_happens_it_is_somebodys_turn_who_is_there_or_the_front_door_is_told(
    authority: str, steps: list[tuple[str, str]]
) -> None:
    door = FrontDoor(authority)
    first = submitted(door)
    open_ones, gone_off = [first], frozenset[UUID]()
    for step, person in steps:
        role = roles(door)[int(person[1]) % len(roles(door))]
        if step == "away":
            away(door, person, role)
        elif step == "ahead":
            begins = door.now + timedelta(minutes=90)
            mark(door, MarkAway, person, role, since=begins, until=begins + timedelta(hours=2))
        elif step == "back":
            mark(door, MarkBack, person, role)
        elif step == "submit":
            open_ones.append(submitted(door))
        elif step == "overdue" and authority == "york" and open_ones:
            runs_out(door, open_ones[0], "TM-16-chain-1")
        elif step == "decide" and open_ones:
            manager = door.pack.strand(door.cast.early).manager_role
            door.done(open_ones.pop(), Authorise, manager, "m8")
        gone_off = turned_by_now(door, gone_off)
        held = chain(door)
        assert set(held.waiting) == {str(one) for one in open_ones}
        for one in held.waiting.values():
            assert one.nobody or held.turn_from(one.turn, one, door.now) == one.turn
            assert not one.nobody or one.turn == len(one.stages) - 1
        assert [one.nobody for one in held.queue()] == sorted((one.nobody for one in held.queue()), reverse=True)
    assert isinstance(door.now, datetime)


@of("SC-16", authorities=("york",))
def test_absences_ahead_are_skipped_then_and_end_by_themselves(door: FrontDoor) -> None:
    first, second = door.now + timedelta(days=3), door.now + timedelta(days=10)
    for begins in (second, first):
        mark(door, MarkAway, "m1", YORK[0], since=begins, until=begins + timedelta(days=2))
    turns = []
    for at in (door.now, first, first + timedelta(days=2), second, second + timedelta(days=2)):
        door.now = at
        turns.append(waiting(door, submitted(door)).turn)
    assert turns == [0, 1, 0, 1, 0]


@of("SC-16", authorities=("york",))
def test_an_absence_ahead_is_corrected_and_taken_back(door: FrontDoor) -> None:
    begins = door.now + timedelta(days=3)
    mark(door, MarkAway, "m1", YORK[0], since=begins, until=begins + timedelta(days=5))
    mark(door, MarkAway, "m1", YORK[0], since=begins, until=begins + timedelta(days=1))
    (post,) = chain(door).posts
    assert [one.until for one in post.absences] == [begins + timedelta(days=1)], "the second took its place"
    mark(door, MarkBack, "m1", YORK[0])
    assert chain(door).posts == (post,), "they are here now; what is ahead stands"
    where = {"undertaking": chain_id(door.authority), "authority": door.authority, "person": "m1", "role": YORK[0]}
    by = door.pack.roles_with("keep-rota")[0].id
    wrong = door.not_begun(chain_id(door.authority), MarkBack, by, "a1", **where, absence=begins + timedelta(hours=1))
    assert wrong.code == "no-such-absence"
    assert begins.isoformat() in wrong.allowed[0]
    mark(door, MarkBack, "m1", YORK[0], absence=begins)
    door.now = begins
    assert waiting(door, submitted(door)).turn == 0


@of("SC-16", authorities=("york",))
def test_days_are_whole_in_the_authoritys_time(door: FrontDoor) -> None:
    day = date(2026, 7, 6)  # summer time: it begins at 23:00 UTC of the day before
    door.now = datetime(2026, 7, 1, 9, tzinfo=UTC)
    mark(door, MarkAway, "m1", YORK[0], since=day, until=day)
    (post,) = chain(door).posts
    (absence,) = post.absences
    assert absence.since == datetime(2026, 7, 5, 23, tzinfo=UTC)
    assert absence.until == datetime(2026, 7, 6, 23, tzinfo=UTC)


@of("SC-16", "TM-16", authorities=("york",))
def test_an_absence_that_begins_moves_what_waits_already(door: FrontDoor) -> None:
    contact = submitted(door)
    begins = door.now + timedelta(hours=3)
    mark(door, MarkAway, "m1", YORK[0], since=begins, until=begins + timedelta(hours=4))
    assert waiting(door, contact).turn == 0
    clocks = absence_clocks(door)
    assert list(clocks) == [begins, begins + timedelta(hours=4)]
    goes_off(door, begins, clocks[begins])
    (last,) = of_type(door.told, DecisionAsked)[-1:]
    assert (last.turn, last.because, last.at) == (1, "somebody-is-away", begins)
    goes_off(door, begins + timedelta(hours=4), clocks[begins + timedelta(hours=4)])
    assert waiting(door, contact).turn == 1, "whose turn it has become decides"


@each("SC-16")
def test_when_nobody_is_there_it_is_somebodys_turn_again_as_an_absence_ends(door: FrontDoor) -> None:
    for number, role in enumerate(roles(door)):
        away(door, f"m{number}", role, days=1 + number)
    contact = submitted(door)
    assert waiting(door, contact).nobody
    clocks = absence_clocks(door)
    assert len(clocks) == len(roles(door)), "what lasts already has no clock for its beginning"
    first = min(clocks)
    goes_off(door, first, clocks[first])
    (last,) = of_type(door.told, DecisionAsked)[-1:]
    assert (last.turn, last.because, last.nobody) == (0, "somebody-is-back", False)


@of("SC-16", authorities=("york",))
def test_an_absence_that_is_taken_back_or_marked_anew_moves_nothing(door: FrontDoor) -> None:
    contact = submitted(door)
    begins = door.now + timedelta(hours=3)
    mark(door, MarkAway, "m1", YORK[0], since=begins, until=begins + timedelta(hours=4))
    before = absence_clocks(door)
    mark(door, MarkAway, "m1", YORK[0], since=begins, until=begins + timedelta(hours=9))
    anew = absence_clocks(door)
    assert list(anew) == [begins, begins + timedelta(hours=9)]
    assert not set(before.values()) & set(anew.values())
    mark(door, MarkBack, "m1", YORK[0], absence=begins)
    assert absence_clocks(door) == {}
    goes_off(door, begins, before[begins])
    assert waiting(door, contact).turn == 0


@of("SC-16", authorities=("york",))
def test_who_comes_back_sooner_has_no_clock_left(door: FrontDoor) -> None:
    away(door, "m1", YORK[0])
    (end,) = absence_clocks(door)
    assert end == chain(door).posts[0].absences[0].until
    mark(door, MarkBack, "m1", YORK[0])
    assert absence_clocks(door) == {}
