"""What agencies get of a strategy discussion, and the police of a suspected crime (SC-12, SC-14, CO-7, CO-8)."""

from datetime import date
from typing import Any

import pytest

from icart_common.contracts.at_once import PoliceTold
from icart_common.contracts.family import ChildTold
from icart_common.contracts.notifications import OutboundNotice
from icart_common.contracts.strategy import (
    ActionOwner,
    AgreedAction,
    Attendance,
    Seat,
    StrategyDiscussionCalledOff,
    StrategyDiscussionClosed,
    StrategyInformationShared,
    StrategyPartnersInvited,
)
from icart_common.testing import outbox_messages, record_of, said
from services.notifications.tests.examples import ACTOR, NIGHT, NOON, POLICE, SCHOOL, an_id

pytestmark = pytest.mark.broker
CHILD = ChildTold(
    given_name="Tamsin", family_name="Quillfeather", born=date(2017, 2, 28), address="14 Larkspur Close, ZZ99 1AA"
)


def each(*rows: str) -> pytest.MarkDecorator:
    marked = [pytest.param(one, marks=[pytest.mark.req(*rows, authority=one)]) for one in sorted(POLICE)]
    return pytest.mark.parametrize("authority", marked)


def head(authority: str) -> dict[str, Any]:
    return {
        "undertaking": an_id("discussion"), "contact": an_id("contact", 0), "authority": authority,
        "pack_version": "2026.1", "version": 2, "at": NOON, "by": ACTOR, "reference": "QK7WM-3HXPA", "child": CHILD,
    }  # fmt: skip


def seats(authority: str) -> dict[str, Seat]:
    return {
        "police": Seat(partner="police", agency=POLICE[authority]),
        "school": Seat(partner="school", agency=SCHOOL[authority]),
        "camhs": Seat(partner="camhs", agency=f"camhs-{authority}"),
        "ours": Seat(partner="social-care"),
    }


async def heard(events: Any, event: Any) -> None:
    await events.run([record_of(event, "events.screening", at=NOON)])


async def only_notice(database: Any) -> tuple[str, OutboundNotice]:
    """The one thing that left on a topic, and where."""
    left = await outbox_messages(database)
    ((topic, notice),) = [(topic, message) for topic, message in left if isinstance(message, OutboundNotice)]
    return topic, notice


@each("SC-14", "CO-7")
async def test_each_agency_is_asked_on_its_topic_or_at_its_mailbox_and_told_no_more_than_it_needs(
    events, database, authority
):
    who = seats(authority)
    asked = tuple(who.values())
    invited = StrategyPartnersInvited(**head(authority), seats=asked, meets_at=NIGHT, how="by video")
    await heard(events, invited)
    by_topic = {topic for topic, message in await outbox_messages(database) if isinstance(message, OutboundNotice)}
    assert by_topic == {f"outbound.{POLICE[authority]}", f"outbound.{SCHOOL[authority]}"}
    posted = await database.pool.fetch("select recipient, address, body from delivery where channel = 'smtp'")
    assert [row["recipient"] for row in posted] == [f"camhs-{authority}"]
    notices = await said(database, OutboundNotice)
    for text in (*(notice.text for notice in notices), posted[0]["body"]):
        assert "Tamsin Quillfeather, born 28 February 2017, 14 Larkspur Close, ZZ99 1AA" in text
        assert "Friday 16 October 2026 at 22:00" in text
        assert "It follows an earlier discussion" not in text
    assert "Quillfeather" not in notices[0].subject


@each("SC-14", "CO-8")
async def test_what_one_agency_is_given_goes_to_that_agency_with_its_ground(events, database, authority):
    shared = StrategyInformationShared(
        **head(authority), agency=POLICE[authority], information="Seen with a mark.", ground="crime"
    )
    await heard(events, shared)
    topic, notice = await only_notice(database)
    assert topic == f"outbound.{POLICE[authority]}"
    assert "Seen with a mark." in notice.text
    assert "Shared because: To prevent" in notice.text


@each("SC-14")
async def test_everybody_who_was_asked_gets_the_record_with_every_actions_owner_and_day(events, database, authority):
    who = seats(authority)
    owner = ActionOwner(agency=POLICE[authority], who="The duty sergeant")
    actions = (
        AgreedAction(number=1, what="Speak to the neighbour.", owner=owner, due=date(2026, 10, 19)),
        AgreedAction(number=2, what="Ring the aunt.", settled="withdrawn"),
        AgreedAction(number=3, what="See her.", owner=ActionOwner(who="W"), due=date(2026, 10, 17), settled="done"),
    )
    attendance = (
        Attendance(seat=who["ours"], took_part="came"),
        Attendance(seat=who["police"], took_part="by-telephone", who="The duty sergeant", brought="An earlier call."),
        Attendance(seat=Seat(partner="referrers-agency", agency=SCHOOL[authority]), took_part="absent"),
    )
    told = (POLICE[authority], SCHOOL[authority])
    closed = StrategyDiscussionClosed(
        **head(authority), outcome="s47-joint", reasons="Not explained.", held_at=NIGHT, attendance=attendance,
        actions=actions, told=told,
    )  # fmt: skip
    await heard(events, closed)
    notices = await said(database, OutboundNotice)
    assert len(notices) == 2
    for notice in notices:
        assert "by social care together with the police" in notice.text
        assert "1. Speak to the neighbour. The duty sergeant" in notice.text
        assert "by 19 October 2026" in notice.text
        assert "by 17 October 2026, done" in notice.text
        assert "aunt" not in notice.text
        assert ", The duty sergeant: consulted by telephone" in notice.text
        assert "referrer" not in notice.text.lower(), "nobody reads whose contact it was (CO-5)"


@each("SC-12")
async def test_the_police_are_told_of_a_suspected_crime_at_once(events, database, authority):
    fields = head(authority)
    fields.pop("undertaking")
    await heard(events, PoliceTold(**fields, concern="A mark that may have been made by a hand."))
    topic, notice = await only_notice(database)
    assert topic == f"outbound.{POLICE[authority]}"
    assert notice.template == "crime-to-police"
    assert "A mark that may have been made by a hand." in notice.text
    assert "14 Larkspur Close, ZZ99 1AA" in notice.text


@each("SC-14", "CO-7")
async def test_everybody_who_was_asked_hears_that_it_does_not_take_place_and_not_why(events, database, authority):
    told = (POLICE[authority], SCHOOL[authority])
    reasons = "CANARY: the coach and the hospital say the same."
    await heard(events, StrategyDiscussionCalledOff(**head(authority), reasons=reasons, told=told))
    left = await outbox_messages(database)
    notices = {topic: message for topic, message in left if isinstance(message, OutboundNotice)}
    assert set(notices) == {f"outbound.{agency}" for agency in told}
    for notice in notices.values():
        assert "it does not take place" in " ".join(notice.text.split())
        assert "Tamsin Quillfeather" in notice.text
        assert "CANARY" not in notice.text
