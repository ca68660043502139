"""Webhooks of an agency: where it is knocked for, and how that went."""

from __future__ import annotations

import base64
import json
import secrets
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from icart_common.contracts.base import Problem
from icart_common.contracts.envelope import unreadable
from icart_common.contracts.ids import new_id
from icart_common.db.pool import named_sql
from icart_gateway.api.addresses import NotThere, whereabouts
from icart_gateway.api.bodies import raw_body
from icart_gateway.api.calling import Gateway, Reading
from icart_gateway.api.places import Places, newest
from icart_gateway.api.problems import FieldProblem, Refused, fields, not_found
from icart_gateway.api.shapes import NewWebhook, Webhook, WebhookMade, Webhooks

_SQL = named_sql("icart_gateway.api")
_MOST = 5
router = APIRouter()


@router.get("/webhooks")
async def list_webhooks(api: Gateway, caller: Reading) -> Webhooks:
    """The agency's webhooks, with what waits and what was given up."""
    async with api.door.held.connection() as connection:
        rows = await connection.fetch(_SQL["list_webhooks"], caller.agency)
    return Webhooks(webhooks=tuple(Webhook.model_validate(dict(row)) for row in rows))


@router.post("/webhooks")
async def add_webhook(request: Request, response: Response, api: Gateway, caller: Reading) -> WebhookMade:
    """Register a webhook. Its secret is in the answer, this once; it hears of what is said from now on."""
    url = await _url(request, anywhere=api.door.settings.webhooks_anywhere)
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    identifier, now = new_id(), api.door.wall.now()
    async with api.door.models.connection() as models:
        places = await newest(models, caller.agency)
    async with api.door.held.transaction() as connection:
        if await connection.fetchval(_SQL["count_webhooks"], caller.agency) >= _MOST:
            raise Refused(409, "too-many-webhooks", f"There are {_MOST} webhooks", "Remove one that is not used.")
        try:
            await connection.execute(
                _SQL["add_webhook"], identifier, caller.agency, url, secret, now, json.dumps(written(places))
            )
        except asyncpg.UniqueViolationError:
            raise Refused(
                409, "registered", "This URL is registered", "Remove it first, if you want another secret."
            ) from None
    response.status_code = 201
    response.headers["Location"] = f"/api/v1/webhooks/{identifier}"
    return WebhookMade(webhook=identifier, url=url, made_at=now, waiting=0, dead=0, secret=secret)


@router.delete("/webhooks/{webhook}", status_code=204)
async def remove_webhook(webhook: str, api: Gateway, caller: Reading) -> None:
    """Remove a webhook; nothing more is sent to it."""
    try:
        identifier = UUID(webhook)
    except ValueError:
        raise not_found() from None
    async with api.door.held.connection() as connection:
        if await connection.execute(_SQL["remove_webhook"], identifier, caller.agency) == "DELETE 0":
            raise not_found()


def written(places: Places) -> dict[str, int]:
    """How far a webhook was told, as its row keeps it."""
    return {f"{topic}/{partition}": offset for (topic, partition), offset in sorted(places.items())}


def read(kept: str) -> Places:
    """The reverse of `written`."""
    found: Places = {}
    for name, offset in json.loads(kept).items():
        topic, _, partition = name.rpartition("/")
        found[topic, int(partition)] = offset
    return found


async def _url(request: Request, *, anywhere: bool) -> str:
    raw = await raw_body(request, "application/json", 8 * 1024)
    try:
        url = NewWebhook.model_validate_json(raw).url
    except ValidationError as error:
        raise _bad(fields(unreadable(error, raw).problems)) from None
    try:
        await whereabouts(url, anywhere=anywhere)
    except NotThere as wrong:
        raise _bad(_about_url(f"a URL of which {wrong}")) from None
    except OSError:
        raise _bad(_about_url("a URL whose host's name is not known")) from None
    return url


def _about_url(found: str) -> tuple[FieldProblem, ...]:
    expected = "an https:// URL that the internet reaches"
    return fields((Problem(path="$.url", found=found, expected=expected, fix=f"send {expected}"),))


def _bad(errors: tuple[FieldProblem, ...]) -> Refused:
    return Refused(422, "bad-webhook", "The webhook cannot be registered", "Mend what `errors` names.", errors=errors)
