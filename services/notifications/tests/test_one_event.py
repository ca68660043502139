"""IN-20: everybody who told of one event is answered: at once, and when it is decided, by what their kind may see."""

from __future__ import annotations

from icart_common.contracts.intake import JoinedTo, ReplyTo
from icart_common.contracts.screening import Told
from icart_notifications.domain.receipts import awaited
from services.notifications.tests import examples
from services.notifications.tests.examples import CASES, NOON, POLICE, PUBLIC, SCHOOL, neighbour, professional
from services.notifications.tests.test_messages import OUTCOMES, by_template, leaving, req_for_each


def told(number: int, reply_to: ReplyTo) -> Told:
    """Another sender of the event that a contact is about."""
    return Told(
        notice=examples.an_id("notice", number),
        submission=examples.an_id("submission", number),
        reference=f"WQ3LM-7HXP{number}",
        received_at=NOON,
        reply_to=reply_to,
        child="c1",
    )


@req_for_each("IN-20", "SC-11", "CO-5")
def test_every_sender_of_an_event_hears_the_outcome_under_their_own_reference_and_by_what_they_may_see(book, authority):
    outcome, level = OUTCOMES[authority]
    police = ReplyTo(agency=POLICE[authority], kind="professional")
    others = (
        told(2, neighbour(authority)),
        told(3, police),
        told(4, ReplyTo(agency=PUBLIC[authority], kind="anonymous")),
    )
    event = examples.closed(authority, professional(authority), outcome, level, also=others)
    outcomes = [
        one for one in leaving(book, event) if one.template.startswith("outcome-") and one.recipient != CASES[authority]
    ]
    assert [(one.template, one.recipient, one.reference) for one in outcomes] == [
        ("outcome-professional", SCHOOL[authority], "QK7WM-3HXPA"),
        ("outcome-others", PUBLIC[authority], "WQ3LM-7HXP2"),
        ("outcome-professional", POLICE[authority], "WQ3LM-7HXP3"),
    ]
    assert [one.in_reply_to for one in outcomes] == [examples.an_id("submission", number) for number in (0, 2, 3)]
    assert event.reasons in outcomes[2].text
    assert event.reasons not in outcomes[1].text
    for one in outcomes:
        assert not {"QK7WM-3HXPA", "WQ3LM-7HXP2", "WQ3LM-7HXP3"} - {one.reference} & set(one.text.split())


@req_for_each("IN-19")
def test_a_sender_hears_nothing_of_a_child_whom_they_did_not_name(book, authority):
    outcome, level = OUTCOMES[authority]
    event = examples.closed(authority, professional(authority), outcome, level, feedback=False)
    assert list(by_template(book, event)) == ["outcome-to-case-system"]


@req_for_each("IN-20", "IN-16", "TM-17")
def test_a_sender_whose_notice_joined_is_acknowledged_at_once_with_a_reference_of_their_own(book, authority):
    joined = JoinedTo(
        notice=examples.an_id("notice"), contact=examples.an_id("contact"), reference="WQ3LM-7HXPB", child="p1"
    )
    event = examples.taken(authority, professional(authority), opened=(), joined=(joined,))
    (one,) = leaving(book, event)
    assert (one.template, one.recipient, one.reference) == ("acknowledgement", SCHOOL[authority], event.reference)
    assert "WQ3LM-7HXPB" in one.text
    clocks = list(awaited(event, book.pack(authority)))
    assert [clock.subject for clock in clocks] == [joined.notice]
    assert one.meets == tuple(clock.clock for clock in clocks)
