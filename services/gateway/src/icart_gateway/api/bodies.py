"""Bodies of calls: bounded, of one media type, read by the contract itself, and never echoed."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.requests import ClientDisconnect

from icart_common.contracts.base import Message
from icart_common.contracts.catalogue import MAXIMUM_MESSAGE_BYTES
from icart_common.contracts.envelope import Unreadable, read_body
from icart_gateway.api.problems import Refused, fields

MOST: Final = MAXIMUM_MESSAGE_BYTES


async def raw_body(request: Request, media_type: str, most: int = MOST) -> bytes:
    """The body, of at most `most` bytes. Raises `Refused` (413, 415)."""
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sent != media_type:
        raise Refused(415, "media-type", "The body is of another media type", f"Send it as {media_type}.")
    found = bytearray()
    try:
        async for chunk in request.stream():
            found += chunk
            if len(found) > most:
                raise Refused(
                    413, "too-large", "The body is too large",
                    f"Send at most {most} bytes. Documents go to /api/v1/attachments, apart from what they belong to.",
                )  # fmt: skip
    except ClientDisconnect:
        raise Refused(400, "cut-off", "The body was cut off", "Send it again.") from None
    return bytes(found)


async def message_body(request: Request, model: type[Message]) -> tuple[Message, bytes]:
    """The body as a message of the contract, and as it was sent. Raises `Refused` naming each field that is wrong."""
    raw = await raw_body(request, "application/json")
    try:
        return read_body(model.TYPE, raw), raw
    except Unreadable as wrong:
        raise Refused(
            413 if wrong.code == "too-large" else 422, wrong.code, "The body is not what this call takes",
            "Mend the fields that are named in `errors`, and send it again.", errors=fields(wrong.problems),
        ) from None  # fmt: skip


async def form_body(request: Request) -> dict[str, str]:
    """A small form. Raises `Refused`."""
    raw = await raw_body(request, "application/x-www-form-urlencoded", 8 * 1024)
    try:
        return dict(parse_qsl(raw.decode(), max_num_fields=20))
    except ValueError:
        raise Refused(400, "not-a-form", "The body is no form", "Send name=value pairs, in UTF-8.") from None
