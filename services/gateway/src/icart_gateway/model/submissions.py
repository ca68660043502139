"""What is found under the references that others hold: what became of each submission (`events.intake`, IN-16), and the questions
that agencies were asked (`events.screening`, SC-5)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

import asyncpg

from icart_common.contracts.base import Message
from icart_common.contracts.checks import CheckRequested
from icart_common.contracts.ids import reference
from icart_common.contracts.intake import AdviceGiven, CaseRedirected, ReferralReturned, SubmissionTaken
from icart_common.db.pool import named_sql
from icart_common.messaging.message import Received
from icart_gateway.model.changes import Changes
from icart_gateway.model.fold import Row

_SQL = named_sql("icart_gateway.model")
_Ended = SubmissionTaken | AdviceGiven | ReferralReturned
_STATES: Final[dict[type[Message], str]] = {
    SubmissionTaken: "taken",
    AdviceGiven: "advice",
    ReferralReturned: "returned",
}


class Submissions:
    """A row for each submission, and one for each of its notices that joined the contact of another sender's (IN-20).

    Of a submission that is told again the latest stands: a contact was opened for it after all.
    """

    hears: frozenset[type[Message]] = frozenset(_STATES)

    async def __call__(
        self, batch: Sequence[Received[_Ended]], connection: asyncpg.Connection, changes: Changes
    ) -> None:
        rows = {one.body.submission: _submission(one.body) for one in batch}
        await _keep(connection, "save_submissions", rows)
        taken = [one.body for one in batch if isinstance(one.body, SubmissionTaken)]
        await _keep(connection, "add_joined_notices", {row["notice"]: row for body in taken for row in _joined(body)})


class Redirections:
    """A row for each child whose worker was told instead (IN-5)."""

    hears: frozenset[type[Message]] = frozenset({CaseRedirected})

    async def __call__(
        self, batch: Sequence[Received[CaseRedirected]], connection: asyncpg.Connection, changes: Changes
    ) -> None:
        await _keep(connection, "add_redirections", {one.body.redirection: _redirection(one.body) for one in batch})


class Questions:
    """A row for each check that an agency was asked for: it quotes the check's own reference."""

    hears: frozenset[type[Message]] = frozenset({CheckRequested})

    async def __call__(
        self, batch: Sequence[Received[CheckRequested]], connection: asyncpg.Connection, changes: Changes
    ) -> None:
        asked = [one.body for one in batch if one.body.agency is not None and one.body.contact is not None]
        await _keep(connection, "add_questions", {body.undertaking: _question(body) for body in asked})


async def _keep(connection: asyncpg.Connection, statement: str, rows: Mapping[UUID, Row]) -> None:
    """One statement for all of them, in the order of their ids; none when there is none."""
    if rows:
        await connection.execute(_SQL[statement], json.dumps([rows[one] for one in sorted(rows)], default=str))


def _submission(body: _Ended) -> Row:
    asked = body.ask if isinstance(body, AdviceGiven) else body.gaps if isinstance(body, ReferralReturned) else ()
    returned = body if isinstance(body, ReferralReturned) else None
    return {
        "id": body.submission,
        "authority": body.authority,
        "reference": body.reference,
        "agency": body.reply_to.agency,
        "received_at": body.received_at,
        "state": _STATES[type(body)],
        "asked": list(dict.fromkeys(gap.question for gap in asked)),
        "missing": list(returned.missing) if returned else [],
        "tools": list(returned.tools) if returned else [],
        "call_police_now": isinstance(body, AdviceGiven) and body.call_police_now,
    }


def _question(body: CheckRequested) -> Row:
    return {
        "check_id": body.undertaking,
        "authority": body.authority,
        "reference": reference(body.undertaking),
        "contact": body.contact,
    }


def _joined(body: SubmissionTaken) -> Iterator[Row]:
    for one in body.joined:
        yield {
            "notice": one.notice,
            "authority": body.authority,
            "reference": one.reference,
            "submission": body.submission,
            "contact": one.contact,
        }


def _redirection(body: CaseRedirected) -> Row:
    return {
        "id": body.redirection,
        "authority": body.authority,
        "submission": body.submission,
        "person": body.person,
        "given_name": body.child.given_name,
        "family_name": body.child.family_name,
        "worker": body.case.worker,
        "team": body.case.team,
    }
