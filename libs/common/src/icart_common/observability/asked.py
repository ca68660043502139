"""What a service is asked for on its health port, beside its health: on the inside network, by whoever shows the token (0017).

Nothing is handed out before the person and the reason are kept: that is each endpoint's own.
"""

from __future__ import annotations

import json
import secrets
from abc import ABC, abstractmethod
from typing import Any, ClassVar, Final

from faststream.asgi import AsgiResponse
from pydantic import ValidationError

from icart_common.contracts.base import Part
from icart_common.messaging.errors import TRANSIENT
from icart_common.running import Running

_MOST_BYTES: Final = 100_000


class Asked(ABC):
    """An endpoint: a POST of JSON, with the operations' token."""

    asks: ClassVar[type[Part]]
    """The shape of the question."""

    def __init__(self, running: Running) -> None:
        self.running = running

    @abstractmethod
    async def answer(self, question: Any) -> AsgiResponse:
        """The answer to a question of the shape `asks`. What is transient is answered with 503."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        answer = await self._answer(scope, receive)
        await answer(scope, receive, send)

    async def _answer(self, scope: Any, receive: Any) -> AsgiResponse:
        token = self.running.settings.ops_token
        shown = dict(scope["headers"]).get(b"authorization", b"")
        if token is None or not secrets.compare_digest(shown, f"Bearer {token.get_secret_value()}".encode()):
            return refused(403, "this asks for the operations' token (ICART_OPS_TOKEN)")
        if scope["method"] != "POST":
            return refused(405, "this is asked by POST")
        try:
            question = self.asks.model_validate_json(await _body(receive))
        except ValidationError as wrong:
            return refused(422, f"{wrong.error_count()} fields are not as they should be")
        try:
            return await self.answer(question)
        except TRANSIENT as error:
            return refused(503, f"the database does not answer ({type(error).__name__})")


def in_json(status: int, body: object) -> AsgiResponse:
    """An answer as JSON."""
    return AsgiResponse(json.dumps(body, default=str).encode(), status, {"content-type": "application/json"})


def refused(status: int, why_not: str) -> AsgiResponse:
    """An answer that says why there is none. Never anything of a record."""
    return in_json(status, {"why_not": why_not})


async def _body(receive: Any) -> bytes:
    found = b""
    more = True
    while more and len(found) <= _MOST_BYTES:
        part = await receive()
        found += part.get("body", b"")
        more = part.get("more_body", False)
    return found
