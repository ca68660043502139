"""`/ops/dead-letters`: what could not be handled, looked at (recorded), corrected, handled again one or many, discarded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from icart_common.contracts.catalogue import Topic
from icart_common.db.pool import named_sql
from icart_common.deployment import deployment_topics
from icart_common.messaging.publish import NotTaken, TooLarge
from icart_gateway.doorway import Doorway
from icart_gateway.ops.asking import Unanswered, addresses
from icart_gateway.ops.keepers import Keepers, why_not_corrected
from icart_gateway.ops.rights import OnCall, OnCallActing
from icart_gateway.pages.rendering import page
from icart_gateway.signing_in.session import Door, SignedIn
from icart_gateway.signing_in.staff import names_of

_SQL = named_sql("icart_gateway.ops")
_MOST = 100
_WHY = "Write why, in at most 300 characters: it is kept"
router = APIRouter(prefix="/ops/dead-letters")


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter as it may be listed."""

    id: UUID
    service: str
    topic: str
    partition: int
    offset: int
    authority: str | None
    """Whose it is; None: nobody can tell, so it is listed to everybody, without what is wrong with it."""
    code: str
    problems: Sequence[dict[str, str]]
    size: int
    received_at: datetime
    state: str
    settled_by: str | None
    """By the name that they signed in with."""
    settled_at: datetime | None


@router.get("", response_class=HTMLResponse)
async def listed(
    request: Request, door: Door, who: OnCall, service: str | None = None, topic: str | None = None,
    code: str | None = None, state: str = "waiting", done: int | None = None, left: int = 0,
) -> HTMLResponse:  # fmt: skip
    """Dead letters of the authority, and nobody's, with their reasons, the oldest first, by service, topic, code and state."""
    async with door.models.connection() as connection:
        rows = await connection.fetch(_SQL["list_letters"], state, service, topic, code, _MOST, who.authority)
    return page(
        request, "ops_letters.html", who, letters=await _letters(door, who, rows), verdicts=None, wrong="", done=done,
        left=left, state=state, most=_MOST,
    )  # fmt: skip


@router.post("", response_class=HTMLResponse)
async def settled(
    request: Request, door: Door, who: OnCallActing, letter: Annotated[list[UUID] | None, Form()] = None,
    what: Annotated[str, Form()] = "try", reason: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Try what would happen, handle again, or discard those that were ticked."""
    chosen = await _those(door, who, letter or [])
    if not chosen or not _good(reason) or what not in {"try", "handle-again", "discard"}:
        wrong = "Tick at least one message that waits" if not chosen else _WHY
        return page(
            request, "ops_letters.html", who, status=422, letters=chosen or await _those(door, who, None), verdicts=None,
            wrong=wrong, done=None, left=0, state="waiting", most=_MOST,
        )  # fmt: skip
    really = what != "try"
    verdicts: dict[UUID, str] = {}
    wrong = ""
    for service in sorted({one.service for one in chosen}):
        ids = [one.id for one in chosen if one.service == service]
        try:
            found = await _keepers(door).ask(
                service,
                "discard" if what == "discard" else "handle-again",
                ids,
                person=who.person,
                reason=reason,
                really=really,
            )
        except Unanswered as why:
            wrong = str(why)
            continue
        verdicts |= {UUID(one["dead_letter"]): one["problem"] for one in found}
    if really and not wrong:
        left = sum(bool(problem) for problem in verdicts.values())
        return RedirectResponse(f"/ops/dead-letters?done={len(verdicts) - left}&left={left}", 303)
    return page(
        request, "ops_letters.html", who, status=503 if wrong else 200, letters=chosen, verdicts=verdicts, wrong=wrong,
        done=None, left=0, state="waiting", most=_MOST,
    )  # fmt: skip


@router.get("/{identifier}", response_class=HTMLResponse)
async def one(request: Request, door: Door, who: OnCall, identifier: UUID) -> HTMLResponse:
    """Where one came from and why it is here. What it says is shown for a reason that is kept."""
    found = await _one(door, who, identifier)
    return _gone(request, who) if found is None else _shown(request, who, door, found)


@router.post("/{identifier}", response_class=HTMLResponse)
async def opened(
    request: Request, door: Door, who: OnCallActing, identifier: UUID, reason: Annotated[str, Form()] = "",
    what: Annotated[str, Form()] = "look", value: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Look at what it says (break-glass), try a correction, or send the corrected message on its topic."""
    found = await _one(door, who, identifier)
    if found is None:
        return _gone(request, who)
    if not _good(reason):
        return _shown(request, who, door, found, wrong=_WHY, status=422)
    keepers, topics, why = _keepers(door), _topics(door), {"person": who.person, "reason": reason}
    try:
        if what == "look":
            seen = await keepers.ask(found.service, "look", [identifier], **why, really=True)
            return _shown(request, who, door, found, value=seen["value"], reason=reason)
        mended = value.replace("\r\n", "\n").encode()
        corrected, problem = await keepers.correction(found.service, identifier, mended, topics, **why)
    except Unanswered as away:
        return _shown(request, who, door, found, wrong=str(away), status=503)
    if problem or what == "try":
        verdict = problem or "It can be read now. Nothing was sent yet."
        return _shown(request, who, door, found, value=value, reason=reason, verdict=verdict)
    try:
        await door.publisher.send_again(topics[found.topic], corrected, seconds=door.settings.publish_seconds)
        await keepers.ask(found.service, "corrected", [identifier], **why, really=True)
    except (NotTaken, TooLarge):
        wrong = "The broker did not take it: nothing was sent. What you wrote is below; try again"
        return _shown(request, who, door, found, value=value, reason=reason, wrong=wrong, status=503)
    except Unanswered:
        wrong = "The corrected message was sent, but its service could not note that. Discard this one when it is back"
        return _shown(request, who, door, found, value=value, reason=reason, wrong=wrong, status=503)
    return RedirectResponse("/ops/dead-letters?done=1", 303)


def _shown(
    request: Request, who: SignedIn, door: Doorway, found: Letter, *, value: str | None = None, reason: str = "",
    verdict: str = "", wrong: str = "", status: int = 200,
) -> HTMLResponse:  # fmt: skip
    return page(
        request, "ops_letter.html", who, status=status, letter=found, value=value, reason=reason, verdict=verdict,
        wrong=wrong, not_corrected=why_not_corrected(found.topic, _topics(door)),
    )  # fmt: skip


def _keepers(door: Doorway) -> Keepers:
    return Keepers(addresses(door.settings), door.settings.ops_token)


def _topics(door: Doorway) -> dict[str, Topic]:
    return {topic.name: topic for topic in deployment_topics(door.book)}


def _good(reason: str) -> bool:
    return 0 < len(reason.strip()) <= 300


async def _one(door: Doorway, who: SignedIn, identifier: UUID) -> Letter | None:
    async with door.models.connection() as connection:
        rows = await connection.fetch(_SQL["one_letter"], identifier, who.authority)
    return next(iter(await _letters(door, who, rows)), None)


async def _those(door: Doorway, who: SignedIn, chosen: Sequence[UUID] | None) -> list[Letter]:
    """Of those that wait, the chosen ones; all when None."""
    async with door.models.connection() as connection:
        rows = await connection.fetch(_SQL["list_letters"], "waiting", None, None, None, 1000, who.authority)
    return await _letters(door, who, [row for row in rows if chosen is None or row["id"] in chosen])


async def _letters(door: Doorway, who: SignedIn, rows: Sequence[Any]) -> list[Letter]:
    staff = await names_of(door, who)
    return [
        Letter(
            **{
                **row,
                "problems": json.loads(row["problems"]),
                "settled_by": staff[row["settled_by"]] if row["settled_by"] else None,
            }
        )
        for row in rows
    ]


def _gone(request: Request, who: SignedIn) -> HTMLResponse:
    return page(
        request, "problem.html", who, status=404, heading="There is no such message",
        what="Nothing of this number is kept.", do="The list is at /ops/dead-letters.",
    )  # fmt: skip
