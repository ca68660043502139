"""Who hears of a disagreement, at each of its stages (SC-20)."""

from __future__ import annotations

from typing import Any

import pytest

from icart_common.contracts.base import Actor
from icart_common.contracts.disagreements import (
    DisagreementAnswered,
    DisagreementEvent,
    DisagreementRaised,
    DisagreementRaisedHigher,
    DisagreementResolved,
)
from icart_common.contracts.notifications import OutboundNotice
from icart_common.testing import outbox_messages, record_of
from services.notifications.tests.examples import NOON, SCHOOL, an_id

pytestmark = pytest.mark.broker
WORDS = {"about": "the outcome", "because": "nothing changed", "wants": "an assessment"}


def event(kind: type[DisagreementEvent], authority: str, **said: Any) -> DisagreementEvent:
    head = {
        "undertaking": an_id("disagreement"), "contact": an_id("contact", 0), "authority": authority,
        "pack_version": "2026.1", "version": 2, "at": NOON, "agency": SCHOOL[authority], "reference": "QK7WM-3HXPA",
        "submitted": an_id("own"), "by": Actor(person="HBC-1", role="social-work-manager"),
    }  # fmt: skip
    return kind.model_validate({**head, **said})


async def heard(events, database, message: DisagreementEvent) -> tuple[list[OutboundNotice], dict[str, str]]:
    """The notices on the agency's topic, and the mails that wait, by address."""
    await events.run([record_of(message, "events.screening", at=NOON)])
    notices = [said for _, said in await outbox_messages(database) if isinstance(said, OutboundNotice)]
    rows = await database.pool.fetch("select address, body from delivery where channel = 'smtp'")
    return notices, {row["address"]: row["body"] for row in rows}


@pytest.mark.parametrize(
    "authority", [pytest.param(name, marks=pytest.mark.req("SC-20", authority=name)) for name in sorted(SCHOOL)]
)
async def test_each_stage_is_told_to_whom_it_concerns(events, database, book, authority):
    pack = book.pack(authority)
    front_door, board = pack.contact_points.secure_mailbox.email, pack.board.email
    notices, mails = await heard(events, database, event(DisagreementRaised, authority, **WORDS))
    assert (notices[0].in_reply_to, "with the managers" in notices[0].text) == (an_id("own"), True)
    assert set(mails) == {front_door}
    assert all(words in mails[front_door] for words in WORDS.values())
    notices, mails = await heard(
        events, database, event(DisagreementAnswered, authority, stage="managers", answer="Six weeks.")
    )
    assert "Six weeks." in notices[1].text
    assert "raise it to the board" in notices[1].text
    notices, mails = await heard(events, database, event(DisagreementRaisedHigher, authority, **WORDS))
    assert set(mails) == {front_door, board}
    assert pack.board.name in notices[2].text
    resolved = event(DisagreementResolved, authority, stage="board", resolution="Assessed.", upheld=True)
    notices, mails = await heard(events, database, resolved)
    assert "you were right in the main" in notices[3].text
    assert "Assessed." in mails[board] or "Assessed." in notices[3].text
    assert {notice.subject_id for notice in notices} == {an_id("own")}
