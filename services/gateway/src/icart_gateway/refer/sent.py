"""What a page of the form sent: read only when it comes from a page of this draft, and its file not before that is known."""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import Request
from starlette.datastructures import FormData, Headers
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from icart_gateway.api.problems import Refused
from icart_gateway.refer.draft import Draft

MARK: Final = "mark"
"""The field that every page carries, before all others."""
_FIELD_BYTES: Final = 64 * 1024
_FIELDS: Final = 200


@asynccontextmanager
async def sent_from(request: Request, draft: Draft | None) -> AsyncIterator[FormData]:
    """The fields and the file that a page of the draft sent. Raises `Refused` (400, 403)."""
    if draft is None:
        raise _old()
    with_file = request.headers.get("content-type", "").lower().startswith("multipart/form-data")
    sent = await (_with_file(request, draft) if with_file else request.form(max_files=0, max_fields=_FIELDS))
    try:
        _check(sent.get(MARK), draft)
        yield sent
    finally:
        await sent.close()


async def _with_file(request: Request, draft: Draft) -> FormData:
    try:
        return await _Marked(request.headers, request.stream(), draft).parse()
    except (MultiPartException, ClientDisconnect):
        raise Refused(400, "cut-off", "The form was cut off", "Send it again.") from None


class _Marked(MultiPartParser):
    """A form with a file, of which nothing is kept unless the mark came before it."""

    def __init__(self, headers: Headers, stream: AsyncGenerator[bytes, None], draft: Draft) -> None:
        super().__init__(headers, stream, max_files=1, max_fields=_FIELDS, max_part_size=_FIELD_BYTES)
        self.draft = draft

    def on_headers_finished(self) -> None:
        super().on_headers_finished()
        if self._current_part.file is not None:
            _check(dict(self.items).get(MARK), self.draft)


def _check(given: object, draft: Draft) -> None:
    if not secrets.compare_digest(str(given or "").encode(), draft.mark.encode()):
        raise _old()


def _old() -> Refused:
    return Refused(403, "old-form", "This form is not open here", "Start again, or go on with your code.")
