"""What each agency may hear of what it sent, and what it is told: read by the partners' API (IN-3, IN-15, IN-16, SC-11).

Of every event only what its sender may know is kept (CO-5): never who else told of the child, who works with the family, nor
what was found in our records. What an agency is sent on its own topic was cut to that agency before it left, and is kept whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import asyncpg

from icart_common.contracts.base import InboundRefused, Message
from icart_common.contracts.catalogue import FAMILY
from icart_common.contracts.checks import CheckReplied, CheckRepliedAgain
from icart_common.contracts.disagreements import DisagreementRaised, DisagreementRaisedHigher
from icart_common.contracts.documents import (
    DocumentClean,
    DocumentEvent,
    DocumentMissing,
    DocumentNamed,
    DocumentReceived,
    DocumentRefused,
)
from icart_common.contracts.intake import (
    AdviceGiven,
    AnswersTaken,
    Gap,
    ReferralReturned,
    SubmissionRepeated,
    SubmissionTaken,
)
from icart_common.contracts.notifications import NoticeRecorded, OutboundNotice
from icart_common.contracts.police_vpa import VpaRecorded
from icart_common.db.pool import named_sql
from icart_common.messaging.message import Received
from icart_gateway.model.changes import Changes

_SQL = named_sql("icart_gateway.model")
_DOCUMENTS: Final[dict[type[Message], str]] = {
    DocumentNamed: "named",
    DocumentReceived: "waiting",
    DocumentClean: "clean",
    DocumentRefused: "refused",
    DocumentMissing: "missing",
}


@dataclass(frozen=True, slots=True)
class Hearing:
    """What one message tells one agency. `subject` is the agency's own id of what it sent."""

    agency: str
    subject: UUID | None
    told: dict[str, Any]


class ForAgencies:
    """One row for each message that tells an agency something."""

    def __init__(self, family: str) -> None:
        said = FAMILY[family].messages
        self.hears: frozenset[type[Message]] = frozenset(said) & TOLD

    async def __call__(self, batch: Sequence[Received[Any]], connection: asyncpg.Connection, changes: Changes) -> None:
        rows = [(one, hearing) for one in batch if (hearing := hearing_of(one.body, one.topic)) is not None]
        records = [one.record for one, _ in rows if one.record is not None]
        if not records:
            return
        await connection.execute(
            _SQL["add_for_agency"],
            [record.topic for record in records],
            [record.partition for record in records],
            [record.offset for record in records],
            [hearing.agency for _, hearing in rows],
            [hearing.subject for _, hearing in rows],
            [one.correlation for one, _ in rows],
            [one.at for one, _ in rows],
            [one.body.TYPE for one, _ in rows],
            [json.dumps(hearing.told) for _, hearing in rows],
        )


def hearing_of(body: Message, topic: str) -> Hearing | None:
    """What a message tells an agency; None when it tells none. Nothing of it is confidential from that agency."""
    match body:
        case SubmissionTaken():
            return Hearing(body.reply_to.agency, body.submission, _taken(body))
        case AdviceGiven():
            told = {"reference": body.reference, "call_police_now": body.call_police_now, "missing": _asked(body.ask)}
            return Hearing(body.reply_to.agency, body.submission, {"state": "advice", **told})
        case ReferralReturned():
            told = {"reference": body.reference, "needs": list(body.missing), "tools": list(body.tools)}
            return Hearing(
                body.reply_to.agency, body.submission, {"state": "returned", **told, "missing": _asked(body.gaps)}
            )
        case SubmissionRepeated():
            told = {"reference": body.reference, "first_received_at": body.first_received_at.isoformat()}
            return Hearing(body.reply_to.agency, body.submission, {"state": "repeated", **told})
        case AnswersTaken():
            answers = [one.model_dump(mode="json", exclude_none=True) for one in body.answers]
            return Hearing(
                body.reply_to.agency,
                body.submission,
                {
                    "state": "taken", "reference": body.reference, "answers": answers, "missing": _asked(body.still_open),
                    "answers_due": body.answers_due.isoformat() if body.answers_due else None,
                },
            )  # fmt: skip
        case InboundRefused():
            problems = [problem.model_dump(mode="json") for problem in body.problems]
            return Hearing(body.agency, None, {"state": "refused", "problems": problems})
        case OutboundNotice():
            agency = topic.removeprefix("outbound.")
            return Hearing(agency, body.in_reply_to, body.model_dump(mode="json", exclude_none=True))
        case DocumentEvent():
            document = {"attachment": str(body.attachment), "state": _DOCUMENTS[type(body)]}
            reason = {"reason": body.reason} if isinstance(body, DocumentRefused) else {}
            return Hearing(body.agency, body.submission, {"document": document | reason})
    return _beside_referrals(body)


def _beside_referrals(body: Message) -> Hearing | None:
    match body:
        case VpaRecorded():
            return Hearing(body.agency, body.vpa, {"state": "taken"})
        case NoticeRecorded():
            return Hearing(body.agency, body.notice, {"state": "taken", "reference": body.reference})
        case CheckReplied() | CheckRepliedAgain():
            by_message = body.way == "message" and body.agency is not None
            return Hearing(body.agency or "", body.undertaking, {"state": "taken"}) if by_message else None
        case DisagreementRaised() | DisagreementRaisedHigher():
            own = body.submitted
            return Hearing(body.agency, own, {"state": "taken", "reference": body.reference}) if own else None
    return None


TOLD: Final[frozenset[type[Message]]] = frozenset(
    {
        SubmissionTaken, AdviceGiven, ReferralReturned, SubmissionRepeated, AnswersTaken, InboundRefused, OutboundNotice,
        VpaRecorded, NoticeRecorded, CheckReplied, CheckRepliedAgain, DisagreementRaised, DisagreementRaisedHigher,
        *_DOCUMENTS,
    }
)  # fmt: skip


def _taken(body: SubmissionTaken) -> dict[str, Any]:
    """Each child under the sender's own reference, whether it has a contact of its own or joined another's (IN-20).

    That a child has a worker already is said to a professional alone, and not who (IN-5).
    """
    children = {one.child: one.reference for one in (*body.opened, *body.put_to)}
    children |= {one.child: one.reference for one in body.joined}
    professional = body.reply_to.kind == "professional"
    redirected = list(body.redirected) if professional else []
    return {
        "state": "redirected" if redirected and not children else "taken",
        "reference": body.reference,
        "children": [{"ref": ref, "reference": reference} for ref, reference in children.items()],
        "redirected": redirected,
        "missing": _asked(body.gaps),
        "answers_due": body.answers_due.isoformat() if body.answers_due else None,
        "tools": list(body.tools_missing),
    }


def _asked(gaps: Iterable[Gap]) -> list[dict[str, str]]:
    """What is asked, each with the ids by which it is answered."""
    return [
        {"question": gap.field, "words": gap.question, **({"person": gap.person} if gap.person else {})} for gap in gaps
    ]
