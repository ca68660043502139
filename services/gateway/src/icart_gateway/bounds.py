"""What may arrive at all, for every route and before anybody is signed in: how much, in which shape, and nowhere a NUL.

Bytes are counted as they arrive, so that a body without a length is bounded as well. Only documents may be large, and only where
documents are taken.
"""

from __future__ import annotations

import re
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from icart_common.contracts.catalogue import MAXIMUM_MESSAGE_BYTES
from icart_common.policy import PolicyBook
from icart_gateway.api.problems import Refused

FORM_BYTES: Final = 2 * MAXIMUM_MESSAGE_BYTES
"""The most of a form: one message as it is corrected in a form, where a sign may be written as three."""
AROUND: Final = 1024 * 1024
"""What may stand around a document, in bytes: the other fields of its form."""
_UPLOADS: Final = re.compile(r"PUT /api/v1/attachments/[^/]+")
_DOCUMENT_FORMS: Final = re.compile(r"POST /refer/[^/]+/documents")
_TYPED: Final = "application/x-www-form-urlencoded"
_WITH_FILES: Final = "multipart/form-data"


class Unfit(HTTPException):
    """A body that is not taken. It is FastAPI's kind of error, which reads bodies itself and lets that kind alone through."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.details.status)
        self.refused = refused


class Bounds:
    """Bounds what arrives. `documents`: the largest document that anybody takes, in bytes."""

    def __init__(self, app: ASGIApp, documents: int) -> None:
        self.app = app
        self.documents = documents

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # In place: whoever answers what nobody foresaw, outside of this, asks the same scope which route it was.
        scope.update(path=scope["path"].replace("\0", ""), query_string=_without_nul(scope["query_string"]))
        if scope["method"] not in ("GET", "HEAD"):
            receive = self._bounded(scope, receive)
        await self.app(scope, receive, send)

    def _bounded(self, scope: Scope, receive: Receive) -> Receive:
        headers = Headers(scope=scope)
        kind, _, more = headers.get("content-type", "").lower().partition(";")
        kind, called = kind.strip(), f"{scope['method']} {scope['path']}"
        with_files = kind == _WITH_FILES and _DOCUMENT_FORMS.fullmatch(called)
        uploaded = _UPLOADS.fullmatch(called)
        most = self.documents + AROUND if with_files or uploaded else FORM_BYTES
        bounded = _counted(receive, most, headers.get("content-length", ""))
        if uploaded:
            return bounded
        if kind == _WITH_FILES and not with_files:
            return _refusing("Files are not taken here", "Send the form as our page sends it.")
        if kind in (_TYPED, _WITH_FILES) and not _is_utf8(more):
            return _refusing("This form is not in UTF-8", "Send the form as our page sends it.")
        return _typed(bounded) if kind == _TYPED else bounded


def largest_document(book: PolicyBook) -> int:
    """The largest document that any authority takes, in bytes."""
    return max(pack.documents.largest for pack in book.packs())


def _counted(receive: Receive, most: int, length: str) -> Receive:
    """The body until it is larger than `most` bytes, or says beforehand that it will be. Raises `Unfit` (413) then."""
    arrived = 0
    announced = int(length) if length.isdecimal() and len(length) < 19 else 0

    async def counted() -> Message:
        nonlocal arrived
        message = await receive() if announced <= most else {}
        arrived += len(message.get("body", b""))
        if max(arrived, announced) > most:
            raise Unfit(Refused(
                413, "too-large", "This is too large",
                f"Send at most {most // AROUND} MB: shorter words, or a smaller file.",
            ))  # fmt: skip
        return message

    return counted


def _typed(receive: Receive) -> Receive:
    """A form that is typed: whole, so that no NUL is cut in two by where the network cuts it."""

    async def typed() -> Message:
        whole = bytearray()
        while (message := await receive())["type"] == "http.request":
            whole += message.get("body", b"")
            if not message.get("more_body", False):
                return {**message, "body": _without_nul(bytes(whole))}
        return message

    return typed


def _refusing(title: str, what_to_do: str) -> Receive:
    async def refusing() -> Message:
        raise Unfit(Refused(415, "media-type", title, what_to_do))

    return refusing


def _without_nul(typed: bytes) -> bytes:
    """Without NUL, which no column takes and nobody types. A per cent sign of somebody's own is written `%25`."""
    while b"%00" in typed or b"\0" in typed:
        typed = typed.replace(b"%00", b"").replace(b"\0", b"")
    return typed


def _is_utf8(parameters: str) -> bool:
    found = re.search(r"charset\s*=\s*\"?([^\s\";]*)", parameters)
    return found is None or found[1] in ("utf-8", "utf8")
