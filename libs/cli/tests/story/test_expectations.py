"""An expectation holds for what was said, and says what came instead when it does not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import TypeAdapter

from icart_cli.listening import Heard
from icart_cli.story.expectations import Window, check
from icart_cli.story.letters import Letter
from icart_cli.story.matching import fits, values_at
from icart_cli.story.memory import Memory
from icart_cli.story.model import Expectation
from icart_common.contracts.base import Message
from icart_common.contracts.envelope import Envelope
from icart_common.contracts.intake import Gap, ReplyTo, SubmissionTaken
from icart_common.contracts.notifications import OutboundNotice
from icart_common.contracts.timers import ClockMet, ClockStarted

NOON = datetime(2026, 12, 18, 12, tzinfo=UTC)
THING = UUID(int=5)


def taken() -> SubmissionTaken:
    return SubmissionTaken(
        submission=THING,
        reference="ABCDE-FGHJK",
        authority="halton",
        pack_version="1",
        channel="form",
        received_at=NOON,
        out_of_hours=False,
        reply_to=ReplyTo(agency="larkspur-lane-primary", kind="professional"),
        gaps=(Gap(field="child-views", question="What does the child say?"), Gap(field="when", question="When?")),
        score=40,
    )


def notice(text: str = "Thank you") -> OutboundNotice:
    return OutboundNotice(
        delivery=uuid4(), template="acknowledgement", authority="halton", reference="R", in_reply_to=THING,
        subject="We have it", text=text, facts={}, sent_at=NOON,
    )  # fmt: skip


def heard(body: Message, topic: str = "events.intake") -> Heard:
    return Heard(topic, 0, Envelope(uuid4(), body.TYPE, "/service/x", NOON), body)


def outcome(wanted: dict[str, Any], *said: Heard, letters: tuple[Letter, ...] = ()) -> str | None:
    memory = Memory()
    memory.call("first", THING)
    left = [one for one in said if one.topic.startswith("outbound.")]
    expectation: Expectation = TypeAdapter(Expectation).validate_python(wanted)
    _, failure = check(expectation, Window(said, letters, left, letters, memory))
    return f"{failure.expected} | {failure.came}" if failure else None


@pytest.mark.parametrize(
    ("path", "found"),
    [("gaps.1.field", ["when"]), ("gaps.*.field", ["child-views", "when"]), ("gaps.7.field", []), ("score", [40])],
)
def test_a_dotted_path_finds_values(path: str, found: list[object]) -> None:
    assert values_at(taken().model_dump(mode="json"), path) == found


@pytest.mark.parametrize(
    ("where", "holds"),
    [
        ({"score": 40}, True),
        ({"score": 41}, False),
        ({"gaps.*.field": "when"}, True),
        ({"gaps.*.question": {"contains": "child"}}, True),
        ({"gaps.*.question": {"lacks": "child"}}, False),
        ({"gaps": {"items": 2}}, True),
        ({"channel": {"not": "form"}}, False),
        ({"received_at": {"at": "Fri 18 Dec 2026 12:00"}}, True),
        ({"nothing": None}, True),
        ({"reply_to.kind": "professional", "score": 1}, False),
    ],
)
def test_every_condition_has_to_hold(where: dict[str, Any], holds: bool) -> None:
    assert fits(taken(), where) is holds


def test_said_counts_what_is_about_the_thing() -> None:
    wanted = {"said": "intake.submission-taken", "about": "first", "count": 1}
    assert outcome(wanted, heard(taken())) is None
    assert outcome(wanted, heard(taken()), heard(taken())) is not None
    other = taken().model_copy(update={"submission": uuid4()})
    assert "0 such" in (outcome(wanted, heard(other)) or "")


def test_a_failure_says_what_came_instead() -> None:
    failed = outcome({"said": "intake.submission-taken", "where": {"score": 90}}, heard(taken()))
    assert failed is not None
    assert "score = 90" in failed
    assert "[40]" in failed


def test_never_fails_when_it_was_said() -> None:
    assert outcome({"never": "intake.submission-taken"}) is None
    assert outcome({"never": "intake.submission-taken"}, heard(taken())) is not None


def test_an_agency_is_told_on_its_own_topic_alone() -> None:
    own = heard(notice(), "outbound.larkspur-lane-primary")
    assert outcome({"told": "larkspur-lane-primary", "template": "acknowledgement"}, own) is None
    assert outcome({"told": "brackenfield-high"}, own) is not None
    assert outcome({"not_told": "brackenfield-high"}, own) is None
    assert outcome({"not_told": "larkspur-lane-primary"}, own) is not None


def test_a_word_that_may_leave_nowhere_is_found_on_topics_and_in_letters() -> None:
    assert outcome({"nowhere": ["Ashgrove"]}, heard(notice(), "outbound.a")) is None
    assert outcome({"nowhere": ["Ashgrove"]}, heard(notice("Mrs Ashgrove called"), "outbound.a")) is not None
    assert outcome({"nowhere": ["Ashgrove"]}, letters=(Letter("x@example.org", "S", "Mrs Ashgrove"),)) is not None


def test_a_letter_has_its_address_subject_and_words() -> None:
    letter = Letter("x@example.org", "We have your contact", "Line one\nline two")
    assert outcome({"mail": "x@example.org", "subject": "We have", "holds": ["one line"]}, letters=(letter,)) is None
    assert outcome({"mail": "y@example.org"}, letters=(letter,)) is not None
    assert outcome({"mail": "x@example.org", "lacks": ["two"]}, letters=(letter,)) is not None
    assert outcome({"mail": "y@example.org", "count": 0}, letters=(letter,)) is None


def test_a_clock_is_held_to_its_due_date_its_sum_and_its_state() -> None:
    about = {
        "clock": uuid4(),
        "authority": "halton",
        "pack_version": "2026.1",
        "rule": "TM-2",
        "owner": "screening",
        "subject": THING,
    }
    due = datetime(2026, 12, 22, 17, 30, tzinfo=UTC)
    started = heard(
        ClockStarted.model_validate(
            {**about, "counted_from": NOON, "due_at": due, "sum": "one working day", "warns_at": ()}
        ),
        "events.timers",
    )
    late = heard(
        ClockMet.model_validate({**about, "due_at": due, "met_at": due, "late": True, "by_event": "closed"}),
        "events.timers",
    )
    wanted = {"clock": "TM-2", "about": "first"}
    assert outcome({**wanted, "due": "Tue 22 Dec 2026 17:30", "sum": "working day"}, started) is None
    assert outcome({**wanted, "due": "Tue 22 Dec 2026 17:00"}, started) is not None
    assert outcome({**wanted, "state": "late"}, late) is None
    assert outcome({**wanted, "state": "met"}, late) is not None
