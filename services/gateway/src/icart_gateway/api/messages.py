"""What stands on an agency's own topic, for those who have no consumer: page by page, from where they stopped."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter

from icart_gateway.api.calling import Gateway, Reading
from icart_gateway.api.places import BadCursor, cursor_of, message_places, read_on
from icart_gateway.api.problems import Refused
from icart_gateway.api.shapes import Told, ToldPage

router = APIRouter()
_MOST = 100


@router.get("/messages")
async def messages(api: Gateway, caller: Reading, after: str = "", limit: str = "50") -> ToldPage:
    """The messages after a place. Reading removes nothing."""
    if not (limit.isascii() and limit.isdigit() and 1 <= int(limit[:9]) <= _MOST):
        raise Refused(400, "bad-limit", "`limit` cannot be one", f"Send a number from 1 to {_MOST}, or leave it out.")
    try:
        places = message_places(caller.agency, after)
    except BadCursor:
        raise Refused(
            400, "bad-cursor", "`after` is no place of your messages", "Send what the page before gave as `after`."
        ) from None
    async with api.door.models.connection() as connection:
        page = await read_on(connection, caller.agency, places, int(limit))
    return ToldPage(
        messages=tuple(told(json.loads(row["told"])) for row in page.rows), after=cursor_of(page.places), more=page.more
    )


def told(body: dict[str, Any]) -> Told:
    """A message as it left."""
    return Told.model_validate({**body, "message": body["delivery"]})
