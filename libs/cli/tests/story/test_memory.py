"""What a story remembers: names for what opens, versions, and which of several names says best what a message is about."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from icart_cli import exits
from icart_cli.listening import Heard
from icart_cli.story.memory import Memory
from icart_common.contracts.base import Actor, Message
from icart_common.contracts.disagreements import DisagreementRaised
from icart_common.contracts.envelope import Envelope
from icart_common.contracts.meetings import EnquiryDecided
from icart_common.contracts.screening import ContactStepped, SectionRecorded
from icart_common.testing import example

NOON = datetime(2026, 12, 18, 12, tzinfo=UTC)
FIRST, SECOND = UUID(int=1), UUID(int=2)


def heard(body: Message, *, offset: int = 0, causation: UUID | None = None) -> Heard:
    return Heard("events.screening", offset, Envelope(uuid4(), body.TYPE, "/service", NOON, causation=causation), body)


def stepped() -> ContactStepped:
    return ContactStepped.model_validate(
        {"contact": SECOND, "authority": "halton", "version": 1, "at": NOON, "first": FIRST, "origin": FIRST,
         "pack_version": "2026.1", "strand": "safeguarding",
         "urgency": "urgent", "desktop": "cart", "reference": "R", "received_at": NOON}
    )  # fmt: skip


def disagreed(undertaking: UUID) -> DisagreementRaised:
    return DisagreementRaised(
        undertaking=undertaking, contact=FIRST, authority="halton", pack_version="2026.1", version=1, at=NOON,
        by=Actor(person="m-1", role="social-worker"), agency="brackenfield-high", about="it", because="so", wants="more",
        reference="R",
    )  # fmt: skip


def recorded(version: int) -> SectionRecorded:
    by = Actor(person="m-1", role="social-worker")
    return SectionRecorded(
        contact=FIRST, authority="halton", version=version, at=NOON, by=by, section="screening", text="Written."
    )


def test_a_contact_that_follows_another_is_called_after_it() -> None:
    memory = Memory()
    memory.call("late/p1", FIRST)
    memory.hear(heard(stepped()))
    assert memory.id_of("late/p1/next") == SECOND
    assert memory.title_of(memory.heard[0]) == "late/p1/next"


def test_an_undertaking_is_called_by_its_contact_and_kind_and_the_second_counted() -> None:
    memory = Memory()
    memory.call("late/p1", FIRST)
    for number, undertaking in enumerate((UUID(int=8), UUID(int=9))):
        memory.hear(heard(disagreed(undertaking), offset=number))
        memory.hear(heard(disagreed(undertaking), offset=number + 2))
    assert memory.id_of("late/p1/disagreement") == UUID(int=8)
    assert memory.id_of("late/p1/disagreement-2") == UUID(int=9)
    assert memory.owner_of(UUID(int=9)) == FIRST
    assert memory.names_in(memory.heard[0]) == {"late/p1", "late/p1/disagreement"}


def test_the_newest_version_is_kept_whatever_the_order_of_hearing() -> None:
    memory = Memory()
    for version in (3, 2):
        memory.hear(heard(recorded(version)))
    assert memory.version_of(FIRST) == 3
    assert memory.version_of(SECOND) == 1


def test_names_in_values_become_ids() -> None:
    memory = Memory()
    memory.call("late", FIRST)
    assert memory.with_ids({"a": ["@late", "late"]}) == {"a": [str(FIRST), "late"]}
    with pytest.raises(exits.Stop, match="Nothing is called early"):
        memory.with_ids("@early")


def test_at_one_instant_causes_come_before_what_follows_from_them() -> None:
    memory = Memory()
    cause = heard(recorded(2), offset=9)
    consequence = heard(recorded(3), offset=1, causation=cause.envelope.id)
    early = Heard(cause.topic, 9, Envelope(cause.envelope.id, cause.envelope.type, "/s", NOON), cause.body)
    for one in (early, consequence):
        memory.hear(one)
    assert memory.in_turn([consequence, early]) == [early, consequence]


def test_what_a_meeting_gives_out_is_called_by_its_enquiry() -> None:
    memory = Memory()
    decided = example("icart.screening.enquiry-decided.v1")
    assert isinstance(decided, EnquiryDecided)
    memory.call("late/p1", decided.enquiry)
    memory.hear(heard(decided))
    assert memory.id_of("late/p1/task-1") == decided.tasks[0].task
