"""`/record` of screening: a contact's record as a document for one reader, for the pages to hand out (decision 0019).

Who read it, as whose copy and why, is kept before anything is made, beside what the pages keep.
"""

from __future__ import annotations

import asyncio
from typing import Final
from uuid import UUID

from faststream.asgi import AsgiResponse
from pydantic import Field

from icart_common.contracts.base import AuthorityId, Part, ShortText, StaffId
from icart_common.observability.asked import Asked, refused
from icart_common.policy import PolicyBook
from icart_common.running import Running
from icart_screening.domain.document.readers import NothingToShowError, Reader, document
from icart_screening.domain.document.told import LogNotWholeError
from icart_screening.printing import PRINTS, Format
from icart_screening.reading import authority_of, read

_TYPES: Final[dict[Format, str]] = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}


class Question(Part):
    """Which contact's record, as whose copy, and who asks for it why."""

    contact: UUID
    authority: AuthorityId
    reader: Reader
    format: Format
    person: StaffId
    reason: ShortText = Field(min_length=1)


class RecordsAsked(Asked):
    """The endpoint: the document's bytes, or 404 with why there is none."""

    asks = Question

    def __init__(self, running: Running, book: PolicyBook) -> None:
        super().__init__(running)
        self._book = book

    async def answer(self, question: Question) -> AsgiResponse:
        async with self.running.database.connection() as connection:
            if await authority_of(connection, question.contact) != question.authority:
                return refused(404, "there is no such contact")
            try:
                told = await read(
                    connection, self._book, question.contact, reader=question.reader, person=question.person,
                    reason=question.reason,
                )  # fmt: skip
                shown = document(told, question.reader)
            except (NothingToShowError, LogNotWholeError) as nothing:
                return refused(404, str(nothing))
        printed = await asyncio.to_thread(PRINTS[question.format], shown)
        return AsgiResponse(printed, 200, {"content-type": _TYPES[question.format]})
