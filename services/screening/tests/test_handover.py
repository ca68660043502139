"""A night's handover both ways, its morning report, and what a professional is asked (ED-1, ED-2, ED-3, ED-5, ED-7)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from icart_common.contracts.base import Actor
from icart_common.contracts.cases import Case
from icart_common.contracts.handover import (
    AcceptItem,
    AlertNightTeam,
    FormAsked,
    NightReported,
    ReportNight,
    handover_id,
)
from icart_common.contracts.intake import CaseRedirected, Known
from icart_common.contracts.referral import Referrer, Safety, WhatHappened
from icart_common.contracts.screening import Allocate, Authorise, ReferralCreated, Triage
from icart_screening.domain.night import last_night, night_on
from icart_screening.domain.undertakings.handover import Handover
from services.screening.tests.front_door import FrontDoor, contact_opened, each, of_type

FRIDAY = date(2026, 11, 13)
SATURDAY_NIGHT = datetime(2026, 11, 14, 23, 10, tzinfo=UTC)


def by_night(door: FrontDoor, **changes: Any) -> UUID:
    """A contact that the night team took on Saturday night."""
    door.now = max(door.now, SATURDAY_NIGHT) if door.opened else SATURDAY_NIGHT
    edt = next(agency.id for agency in door.pack.agencies if agency.kind == "edt")
    return door.open(agency=edt, channel="edt", received_at=SATURDAY_NIGHT, **changes)


def handover(door: FrontDoor, night: date = FRIDAY) -> Handover:
    held = door.undertakings[handover_id(door.authority, night)]
    assert isinstance(held, Handover)
    return held


def ask(door: FrontDoor, kind: type, role: str, person: str, night_of: date = FRIDAY, **fields: Any) -> Any:
    identifier = handover_id(door.authority, night_of)
    where = {"undertaking": identifier, "authority": door.authority}
    return door.ask(identifier, kind, role, person, **{**where, **fields})


def accepts(door: FrontDoor) -> str:
    return door.pack.roles_with("edt-accept")[0].id


def opening(door: FrontDoor) -> datetime:
    return night_on(door.pack, FRIDAY).opens_at


@each("ED-1", "ED-7")
def test_a_contact_of_the_night_is_handed_over_and_accepted_by_name(door: FrontDoor) -> None:
    contact = by_night(door)
    (item,) = handover(door).items
    assert (item.id, item.reference, item.desktop) == (
        contact,
        door.contacts[contact].reference,
        door.pack.desktop_of("arrivals").id,
    )
    door.now = opening(door) - timedelta(minutes=10)
    ask(door, AcceptItem, accepts(door), "d1", item=contact)
    (item,) = handover(door).items
    assert item.accepted_by == Actor(person="d1", role=accepts(door))
    assert not item.missed(opening(door))
    again = ask(door, AcceptItem, accepts(door), "d2", item=contact)
    wrong = ask(door, AcceptItem, "edt-worker", "e1", item=by_night(door))
    assert (again.code, wrong.code) == ("accepted", "role-may-not")


@each("ED-7")
def test_the_day_teams_alert_is_accepted_by_the_night_team(door: FrontDoor) -> None:
    door.now = datetime(2026, 11, 13, 15, 0, tzinfo=UTC)
    role = door.cast.social_worker
    alert: dict[str, Any] = {"night": FRIDAY, "about": "QK7WM-3HXPA", "alert": "The father may come back tonight."}
    ask(door, AlertNightTeam, role, "w1", **alert)
    (item,) = handover(door).items
    assert (item.kind, item.alert) == ("alert", alert["alert"])
    assert ask(door, AcceptItem, door.cast.manager, "m1", item=item.id).code == "role-may-not"
    ask(door, AcceptItem, "edt-worker", "e1", item=item.id)
    assert handover(door).items[0].accepted_by == Actor(person="e1", role="edt-worker")
    assert ask(door, AcceptItem, "edt-worker", "e1", item=UUID(int=3)).code == "unknown-item"
    door.now = opening(door)
    assert ask(door, AlertNightTeam, role, "w1", **alert).code == "night-over"


@each("ED-7")
def test_what_nobody_accepted_by_opening_is_shown_first(door: FrontDoor) -> None:
    taken, left = by_night(door), by_night(door)
    assert [one.id for one in handover(door).queue(door.now)][:1] == [min(taken, left)]
    ask(door, AcceptItem, accepts(door), "d1", item=taken)
    assert [one.id for one in handover(door).queue(opening(door))] == [left, taken]
    door.now = opening(door) + timedelta(minutes=20)
    ask(door, AcceptItem, accepts(door), "d1", item=left)
    assert next(one for one in handover(door).items if one.id == left).missed(opening(door))


@each("ED-5", "ED-2")
def test_the_morning_report_names_every_child_section_47_first(door: FrontDoor) -> None:
    plain = by_night(door)
    taken = by_night(door)
    harm = by_night(door, section_47_begun=True)
    edt = door.contacts[plain].arrival.agency
    opened = contact_opened(door.authority, 90, SATURDAY_NIGHT)
    redirected = CaseRedirected(
        redirection=UUID(int=5),
        authority=door.authority,
        submission=opened.submission,
        reference="ABCDE-FGHJK",
        agency=edt,
        received_at=SATURDAY_NIGHT,
        person=opened.child_known.person,
        child=opened.child,
        case=Case(status="open", allocated=True, worker="Odile Marchbanks"),
        event=WhatHappened(what="Rang at midnight."),
    )
    door.heard(redirected, None)
    ask(door, AcceptItem, accepts(door), "d1", item=taken)
    door.now = opening(door)
    ask(door, ReportNight, accepts(door), "d1", night=FRIDAY)
    (report,) = of_type(door.told, NightReported)
    assert [line.item for line in report.lines][:1] == [harm]
    assert [line.item for line in report.lines][-1:] == [taken]
    assert {line.item for line in report.lines} == {plain, taken, harm, UUID(int=5)}
    assert report.says == "4 children, 1 section 47 enquiry, 3 not accepted in time"
    assert handover(door).state == "reported"


@each("ED-5")
def test_the_report_says_what_lies_on_the_wrong_desktop(door: FrontDoor) -> None:
    known = contact_opened(door.authority).child_known
    case = Case(status="open", allocated=False)
    open_case = by_night(door, child_known=Known(ref="p1", person=known.person, match="exact", case=case))
    harm = by_night(door, section_47_begun=True)
    door.now = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
    early = {"strand": door.cast.early, "urgency": "routine", "reason": "by mistake"}
    door.done(harm, Triage, door.cast.manager, "m1", **early)
    ask(door, ReportNight, accepts(door), "d1", night=FRIDAY)
    (report,) = of_type(door.told, NightReported)
    assert {line.item: line.wrong_desktop for line in report.lines} == {open_case: True, harm: True}
    safe = {"strand": door.cast.safeguarding, "urgency": "urgent", "reason": "a section 47 enquiry has begun"}
    door.done(harm, Triage, door.cast.manager, "m1", **safe)
    held = handover(door).item(harm)
    assert held is not None
    assert not held.wrong_desktop
    door.now += timedelta(days=2)
    door.done(harm, Triage, door.cast.manager, "m1", **early)
    held = handover(door).item(harm)
    assert held is not None
    assert not held.wrong_desktop, "the day after is over"


@each("ED-5")
def test_a_quiet_night_is_reported_too_and_no_night_begins_on_a_saturday(door: FrontDoor) -> None:
    door.now = opening(door)
    ask(door, ReportNight, accepts(door), "d1", night=FRIDAY)
    (report,) = of_type(door.told, NightReported)
    assert (report.says, report.lines) == ("nobody overnight", ())
    saturday = date(2026, 11, 14)
    assert ask(door, ReportNight, accepts(door), "d1", saturday, night=saturday).code == "no-night"
    assert ask(door, ReportNight, accepts(door), "d1", saturday, night=FRIDAY).code == "not-that-night"


PROFESSIONAL = Referrer(kind="professional", name="Bertrand Thistlewood", email="b.thistlewood@example.org")
MOTHER = Referrer(kind="family", name="Odalys Quillfeather", email="odalys@example.org")


@each("ED-3")
@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({"referrer": PROFESSIONAL}, 1),
        ({"referrer": MOTHER}, 0),
        ({"referrer": PROFESSIONAL, "answered_by_edt": True}, 0),
        ({"referrer": PROFESSIONAL, "section_47_begun": True}, 0),
        ({"referrer": PROFESSIONAL, "safety": Safety(safe=False)}, 0),
        ({"referrer": PROFESSIONAL, "event": WhatHappened(what="x", urgency="immediate")}, 0),
    ],
)
def test_a_professional_who_tells_what_is_no_emergency_is_asked_for_the_form(
    door: FrontDoor, changes: dict[str, Any], asked: int
) -> None:
    contact = by_night(door, **changes)
    said = of_type(door.asked, FormAsked)
    assert [one.contact for one in said] == [contact] * asked
    door.open(referrer=PROFESSIONAL)
    assert len(of_type(door.asked, FormAsked)) == asked, "by day a professional writes themselves"


@each("ED-2")
def test_a_section_47_of_the_night_comes_to_the_front_door_and_a_manager_decides_on_the_referral(
    door: FrontDoor,
) -> None:
    contact = by_night(door, section_47_begun=True)
    assert door.contacts[contact].desktop == door.pack.desktop_of("arrivals").id
    door.now = opening(door) + timedelta(minutes=5)
    decided = {"strand": door.cast.safeguarding, "urgency": "urgent", "reason": "a section 47 enquiry has begun"}
    door.done(contact, Triage, door.cast.manager, "m1", **decided)
    assert of_type(door.log, ReferralCreated) == []
    assert door.refused(contact, Authorise, door.cast.manager, "m2").code == "not-submitted"
    door.done(contact, Allocate, door.cast.manager, "m1", worker="w1")
    harm = {"need_code": "N1", "without_consent": door.cast.ground}
    door.submitted(contact, door.cast.assessment, door.cast.assessment_level, **harm)
    assert of_type(door.log, ReferralCreated) == []
    door.authorised(contact)
    (created,) = of_type(door.log, ReferralCreated)
    assert created.contact == contact


@each("AU-3", "ED-5")
@pytest.mark.parametrize(
    ("at", "night"),
    [
        (datetime(2026, 11, 13, 20, 0, tzinfo=UTC), FRIDAY),
        (datetime(2026, 11, 15, 3, 0, tzinfo=UTC), FRIDAY),
        (datetime(2026, 11, 16, 8, 0, tzinfo=UTC), FRIDAY),
        (datetime(2026, 11, 16, 12, 0, tzinfo=UTC), FRIDAY),
        (datetime(2026, 11, 16, 18, 0, tzinfo=UTC), date(2026, 11, 16)),
        (datetime(2026, 12, 26, 2, 0, tzinfo=UTC), date(2026, 12, 24)),
        (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), date(2026, 3, 27)),
    ],
)
def test_every_instant_belongs_to_one_night(door: FrontDoor, at: datetime, night: date) -> None:
    found = last_night(door.pack, at)
    assert found.on == night
    assert found.begins_at <= at
    assert found.begins_at < found.opens_at
