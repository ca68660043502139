"""What services say of invented contacts, by the committed examples: as much of a contact's life as a page needs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from icart_common.contracts.base import Message
from icart_common.contracts.ids import derived_id
from icart_common.testing import example

RECEIVED = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


def contact_id(number: int) -> UUID:
    """The id of the invented contact with that number."""
    return derived_id(RECEIVED, "contact", str(number))


def opened(number: int, **changes: Any) -> Message:
    """What came."""
    child = example("icart.intake.contact-opened.v1").model_dump(mode="json")["child"]
    named = {"given_name": f"Tamsin{number}", "family_name": "Quillfeather"}
    return example(
        "icart.intake.contact-opened.v1",
        **{
            "contact": str(contact_id(number)), "reference": f"QK7WM-{number:05}", "pack_version": "2026.1",
            "submission": str(derived_id(RECEIVED, "submission", str(number))), "siblings": [],
            "child": {**child, **named, **changes.pop("child", {})}, **changes,
        },
    )  # fmt: skip


CHILD, OTHER_CHILD = (UUID(f"0198c2a4-7d02-7002-8002-00000000000{number}") for number in (3, 4))
"""The two people of the committed examples about matching."""
MENTION = UUID("0198c2a4-7d02-7002-8002-000000000005")


def two_children(first: int = 1, **changes: Any) -> list[Message]:
    """A contact about each of the two, numbered 1 and 2 unless the first has another number."""
    known = example("icart.intake.contact-opened.v1").model_dump(mode="json")["child_known"]
    one = {**known, "person": str(CHILD), "mention": str(MENTION)}
    return [
        opened(first, child_known=one, **changes),
        received(first, **changes),
        opened(first + 1, child_known={**known, "person": str(OTHER_CHILD)}, **changes),
        received(first + 1, **changes),
    ]


def now_about(number: int, person: UUID, before: UUID, because: str, minute: int) -> Message:
    """Intake says that a contact is about another person from that minute on."""
    at = (RECEIVED + timedelta(hours=1, minutes=minute)).isoformat()
    return example(
        "icart.intake.contact-person-changed.v1", contact=str(contact_id(number)), person=str(person), before=str(before),
        because=because, at=at,
    )  # fmt: skip


def received(number: int, **changes: Any) -> Message:
    """It is on its first desktop."""
    return example(
        "icart.screening.received.v1",
        **{
            "contact": str(contact_id(number)), "reference": f"QK7WM-{number:05}", "pack_version": "2026.1", "version": 1,
            "desktop": "icart", "received_at": (RECEIVED + timedelta(minutes=number)).isoformat(), "re_referral": None,
            **changes,
        },
    )  # fmt: skip


def event(kind: str, number: int, version: int, **changes: Any) -> Message:
    """Something that screening says of it."""
    return example(kind, contact=str(contact_id(number)), version=version, **changes)


def clock(number: int, due: datetime, **changes: Any) -> Message:
    """A clock of it begins."""
    return example(
        "icart.timers.started.v1",
        **{
            "clock": str(derived_id(RECEIVED, "clock", str(number), str(due))), "subject": str(contact_id(number)),
            "due_at": due.isoformat(), **changes,
        },
    )  # fmt: skip


async def reads(gateway: Any, address: str) -> list[str]:
    """What a page asks the read models for: a transaction's beginning, end and rights read no table."""
    gateway.door.models.count.texts = []
    await gateway.client.get(address)
    texts = gateway.door.models.count.texts
    gateway.door.models.count.texts = None
    return [one for one in texts if "from" in one]
