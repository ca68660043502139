"""How something stands that an agency sent: from what it may hear of it, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter

from icart_common.contracts.base import Problem
from icart_common.contracts.checks import CheckAnswered
from icart_common.contracts.documents import AttachmentsAdded
from icart_common.contracts.intake import AnswersTaken, SubmissionRepeated
from icart_common.contracts.notifications import OutboundNotice
from icart_common.contracts.referral import GapsAnswered, ReferralSubmitted
from icart_common.db.pool import named_sql
from icart_common.policy import PolicyBook
from icart_gateway.api.calling import Gateway, Reading
from icart_gateway.api.problems import fields, not_found
from icart_gateway.api.shapes import Standing

_SQL = named_sql("icart_gateway.api")
_KEPT: Final = (
    "reference", "first_received_at", "call_police_now", "children", "redirected", "needs", "tools", "missing", "answers_due",
)  # fmt: skip
router = APIRouter()


@router.get("/submissions/{receipt}")
async def standing(receipt: str, api: Gateway, caller: Reading) -> Standing:
    """How it stands. Another agency's receipt is not found."""
    try:
        identifier = UUID(receipt)
    except ValueError:
        raise not_found() from None
    async with api.door.held.connection() as connection:
        row = await connection.fetchrow(_SQL["load_receipt"], identifier, caller.agency)
    if row is None:
        raise not_found()
    async with api.door.models.connection() as connection:
        told = await connection.fetch(_SQL["load_standing"], caller.agency, row["subject"], row["correlation"])
    return standing_of(row, told, outcomes(api.door.book))


def outcomes(book: PolicyBook) -> frozenset[str]:
    """The templates by which a referrer is told how it ended, of every pack."""
    return frozenset(
        template
        for pack in book.packs()
        for outcome in pack.outcomes
        if outcome.feedback
        for template in (outcome.feedback.professional, outcome.feedback.others)
    )


def standing_of(receipt: Mapping[str, Any], told: Iterable[Mapping[str, Any]], outcome: frozenset[str]) -> Standing:
    """The standing of a receipt after what its agency was told, in the order in which it was."""
    found: dict[str, Any] = {"state": "received"}
    documents: dict[str, Any] = {}
    messages: list[dict[str, Any]] = []
    for row in told:
        body = json.loads(row["told"])
        if row["type"] == OutboundNotice.TYPE:
            messages.append(_message(body, outcome))
        elif "document" in body:
            documents[body["document"]["attachment"]] = body["document"]
        elif row["correlation"] == receipt["correlation"] or _goes_on(receipt, row):
            found |= _changed(body)
        elif row["type"] == AnswersTaken.TYPE and receipt["type"] == ReferralSubmitted.TYPE:
            found |= {"missing": body["missing"], "answers_due": body["answers_due"]}
    return Standing.model_validate(
        {
            "receipt": receipt["id"], "submission": receipt["subject"], "type": receipt["type"],
            "received_at": receipt["received_at"], "documents": tuple(documents.values()), "messages": tuple(messages),
            "outcome_ready": any(one["outcome"] for one in messages), **found,
        }
    )  # fmt: skip


def _goes_on(receipt: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Whether it is about the thing that was sent, though not caused by this very message: the same was sent twice.

    A repeat and an answer's receipt are of one message alone.
    """
    return row["type"] not in (SubmissionRepeated.TYPE, AnswersTaken.TYPE) and receipt["type"] not in _FOLLOWING


_FOLLOWING: Final = frozenset({GapsAnswered.TYPE, AttachmentsAdded.TYPE, CheckAnswered.TYPE})
"""What is said of something that was sent before: each is answered by itself."""


def _changed(body: Mapping[str, Any]) -> dict[str, Any]:
    problems = fields(Problem.model_validate(one) for one in body.get("problems", ()))
    changed = {name: body[name] for name in _KEPT if name in body}
    return {"state": body["state"], **changed, **({"problems": problems} if problems else {})}


def _message(body: Mapping[str, Any], outcome: frozenset[str]) -> dict[str, Any]:
    return {
        "message": body["delivery"], "template": body["template"], "sent_at": body["sent_at"],
        "outcome": body["template"] in outcome,
    }  # fmt: skip
