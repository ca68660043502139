"""`/ops`: is every service alive and moving, does a child wait, and what to do. It refreshes itself."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from icart_common.contracts.catalogue import MESSAGES
from icart_common.contracts.ids import new_id
from icart_common.contracts.notifications import ResendDelivery
from icart_common.db.pool import named_sql
from icart_common.deployment import deployment_topics
from icart_common.messaging.publish import NotTaken
from icart_gateway.doorway import Doorway
from icart_gateway.ops.alarms import Counts, alarms
from icart_gateway.ops.asking import Said, ask_all
from icart_gateway.ops.rights import OnCall, OnCallActing
from icart_gateway.ops.runbook import runbook
from icart_gateway.ops.words import waiting
from icart_gateway.pages.rendering import page
from icart_gateway.signing_in.session import Door, SignedIn, pack_of

_SQL = named_sql("icart_gateway.ops")
_MOST_FAILED = 50
router = APIRouter(prefix="/ops")


@router.get("", response_class=HTMLResponse)
async def front(request: Request, door: Door, who: OnCall) -> HTMLResponse:
    """Everything at a glance, the worst first."""
    said = await ask_all(door.settings)
    async with door.models.connection() as connection:
        troubles = dict(await connection.fetchrow(_SQL["count_troubles"], who.authority))
        clocks = await connection.fetch(_SQL["count_clocks"], who.authority)
        letters = await connection.fetch(_SQL["count_letters"], who.authority)
    counts = Counts(**troubles, clocks_breached=sum(row["breached"] for row in clocks))
    names = {rule.id: rule.name for rule in pack_of(door, who).clocks}
    return page(
        request, "ops_front.html", who, alarms=alarms(said, counts), said=said, waiting=waiting, letters=letters,
        longest=max(said, key=lambda one: one.oldest_seconds), clocks=clocks, names=names,
    )  # fmt: skip


@router.get("/deliveries", response_class=HTMLResponse)
async def deliveries(request: Request, door: Door, who: OnCall, asked: int = 0) -> HTMLResponse:
    """Messages to agencies that did not arrive, each with a form to send it again (ST-12)."""
    return await _deliveries(request, door, who, asked=bool(asked))


@router.post("/deliveries", response_class=HTMLResponse)
async def resend(
    request: Request, door: Door, who: OnCallActing, delivery: Annotated[UUID, Form()], message: Annotated[UUID, Form()],
    reason: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Ask for a delivery to be sent again, as it was rendered."""
    if not reason.strip() or len(reason) > 300:
        return await _deliveries(
            request, door, who, wrong="Write why it is sent again, in at most 300 characters", status=422
        )
    async with door.models.connection() as connection:
        if not await connection.fetchval(_SQL["own_failed"], delivery, who.authority):
            raise HTTPException(404)
    command = ResendDelivery(actor=who.actor, delivery=delivery, reason=reason)
    try:
        await door.publisher.publish(
            command, message_id=message, authority=who.authority, seconds=door.settings.publish_seconds
        )
    except NotTaken:
        return await _deliveries(
            request, door, who, wrong="The broker does not answer: nothing was sent. Try again", status=503
        )
    return RedirectResponse("/ops/deliveries?asked=1", 303)


async def _deliveries(
    request: Request, door: Doorway, who: SignedIn, *, asked: bool = False, wrong: str = "", status: int = 200
) -> HTMLResponse:
    async with door.models.connection() as connection:
        rows = await connection.fetch(_SQL["list_failed"], who.authority, _MOST_FAILED)
    found = [(row, new_id()) for row in rows]
    return page(request, "ops_deliveries.html", who, status=status, failed=found, asked=asked, wrong=wrong)


@router.get("/topics", response_class=HTMLResponse)
async def topics(request: Request, door: Door, who: OnCall) -> HTMLResponse:
    """Topics with what they carry, how far behind each reader is, the packs in force, and what release each service runs."""
    said = await ask_all(door.settings)
    found = deployment_topics(door.book)
    today = door.clock.now().date()
    in_force = {pack.authority.id: door.book.on(pack.authority.id, today).version for pack in door.book.newest()}
    return page(
        request, "ops_topics.html", who, topics=found, said=said, types=len(MESSAGES), packs=door.book.packs(),
        in_force=in_force, readers=_readers(said),
    )  # fmt: skip


def _readers(said: list[Said]) -> list[tuple[str, str, int | None, str]]:
    """Consumer group, service, how many messages behind, and how long the oldest waits."""
    return [
        (f"icart.{one.service}.{name}", one.service, measured["lag"], waiting(measured.get("oldest", 0.0)))
        for one in said
        for name, measured in one.progress.get("consumers", {}).items()
    ]


@router.get("/runbook", response_class=HTMLResponse)
async def contents(request: Request, who: OnCall) -> HTMLResponse:
    """The pages of the runbook."""
    titles = [(name, found[0].lines[0]) for name, found in runbook().items()]
    return page(request, "ops_runbook.html", who, titles=titles, blocks=())


@router.get("/runbook/{name}", response_class=HTMLResponse)
async def chapter(request: Request, who: OnCall, name: str) -> HTMLResponse:
    """One page of the runbook: what an alarm means for children, what to look at, what to do, when it is over."""
    found = runbook().get(name)
    if found is None:
        return page(
            request, "problem.html", who, status=404, heading="There is no such page in the runbook",
            what="The address may have been typed by hand.", do="The runbook's contents are at /ops/runbook.",
        )  # fmt: skip
    return page(request, "ops_runbook.html", who, titles=[], blocks=found)
