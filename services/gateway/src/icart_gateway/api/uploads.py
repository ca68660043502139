"""Documents that agencies put into the store's arrivals, before the message that names them (IN-14, decision 0012).

A document is written down on our side first, measured and hashed on the way, and put into the store only when it is what its
sender said. What it really is, intake finds out.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.requests import ClientDisconnect

from icart_common.contracts.base import Inbound
from icart_common.contracts.documents import AttachmentsAdded
from icart_common.contracts.referral import Attachment, ReferralSubmitted
from icart_common.db.pool import named_sql
from icart_common.documents import STORE_AWAY, Store, arrival, file_chunks
from icart_common.policy import PolicyBook
from icart_gateway.api.calling import Api, Gateway, Referring
from icart_gateway.api.problems import FieldProblem, Refused, away
from icart_gateway.api.shapes import Uploaded

_SQL = named_sql("icart_gateway.api")
_TYPE: Final = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")
_DIGEST: Final = re.compile(r"\s*sha-256\s*=\s*:([A-Za-z0-9+/]+=*):\s*")
router = APIRouter()


@dataclass(frozen=True, slots=True)
class Measured:
    size: int
    sha256: str


@router.put("/attachments/{attachment}")
async def upload(request: Request, response: Response, api: Gateway, caller: Referring, attachment: UUID) -> Uploaded:
    """Put a document under an id of the agency's own. The same again changes nothing; another one needs another id."""
    store = store_of(api)
    media_type = request.headers.get("content-type", "application/octet-stream").partition(";")[0].strip().lower()
    if not _TYPE.fullmatch(media_type):
        raise Refused(415, "media-type", "The media type cannot be one", "Send for example application/pdf.")
    said = _said(request)
    with TemporaryDirectory(prefix="icart-upload-") as folder:
        file = Path(folder) / "document"
        measured = await measure(request, file, largest(api.door.book, caller.agency))
        if said and said != measured.sha256:
            raise Refused(
                422, "digest-differs", "The document is not what Content-Digest says",
                "It was changed on the way, or the digest is of something else. Nothing was kept; send it again.",
            )  # fmt: skip
        await keep(api, store, caller.agency, attachment, media_type, measured, file)
    response.status_code = 201
    return Uploaded(attachment=attachment, size=measured.size, sha256=measured.sha256)


async def keep(
    api: Api, store: Store, agency: str, attachment: UUID, media_type: str, measured: Measured, file: Path
) -> None:
    """Put a measured document into the arrivals. Raises `Refused` (409, 503)."""
    async with api.door.held.connection() as connection:
        found = await connection.fetchrow(
            _SQL["keep_upload"], agency, attachment, measured.size, measured.sha256, media_type, api.door.wall.now()
        )
    if (found["size"], found["sha256"]) != (measured.size, measured.sha256):
        raise Refused(
            409,
            "id-used",
            "Another document has this id",
            "Make a new UUID for every document, and send it under that.",
        )
    try:
        await store.put(arrival(agency, attachment), file_chunks(file, lambda _: None))
    except STORE_AWAY:
        raise away("The store of documents", 30) from None


async def measure(request: Request, file: Path, most: int) -> Measured:
    """Write a body to `file`. Raises `Refused` (400, 413) for one that is empty, cut off or larger than `most` bytes."""
    digest, size = hashlib.sha256(), 0
    with file.open("wb") as writing:
        try:
            async for chunk in request.stream():
                size += len(chunk)
                if size > most:
                    raise Refused(413, "too-large", "The document is too large", f"Send at most {most} bytes.")
                digest.update(chunk)
                writing.write(chunk)
        except ClientDisconnect:
            raise Refused(400, "cut-off", "The document was cut off", "Send it again.") from None
    if not size:
        raise Refused(400, "empty", "The document is empty", "Send the document's bytes as the body.")
    return Measured(size, digest.hexdigest())


async def refuse_lies(api: Api, body: Inbound) -> None:
    """Refuse a message whose documents are not those that were put here under their ids. What is not here yet may come."""
    named: tuple[Attachment, ...] = body.attachments if isinstance(body, ReferralSubmitted | AttachmentsAdded) else ()
    if not named:
        return
    async with api.door.held.connection() as connection:
        rows = await connection.fetch(_SQL["load_uploads"], body.agency, sorted(one.id for one in named))
    here = {row["id"]: (row["size"], row["sha256"]) for row in rows}
    errors = tuple(
        FieldProblem(
            pointer=f"#/attachments/{number}",
            found="another size or digest than the document's that was put under this id",
            expected="`size` and `sha256` as the answer to the upload gave them",
            fix="name the document as it was put here, or put the right one under a new id",
        )
        for number, one in enumerate(named)
        if here.get(one.id, (one.size, one.sha256)) != (one.size, one.sha256)
    )
    if errors:
        raise Refused(
            422, "documents-differ", "A document is not what is said of it", "Nothing was sent on.", errors=errors
        )


def store_of(api: Api) -> Store:
    """The store. Raises `Refused` (503) where there is none."""
    if api.store is None:
        raise Refused(
            503, "no-documents", "Documents are not taken here", "Send the referral without them, and say that there are some.",
            headers={"Retry-After": "3600"},
        )  # fmt: skip
    return api.store


def largest(book: PolicyBook, agency: str) -> int:
    """The most bytes that any authority of an agency takes."""
    return max(book.pack(authority).documents.largest for authority in book.authorities_of(agency))


def _said(request: Request) -> str | None:
    """The SHA-256 of `Content-Digest` (RFC 9530), in hexadecimal. Raises `Refused` (400) when it cannot be read."""
    header = request.headers.get("content-digest")
    if header is None:
        return None
    found = _DIGEST.fullmatch(header)
    try:
        digest = base64.b64decode(found[1], validate=True) if found else b""
    except binascii.Error:
        digest = b""
    if len(digest) != 32:
        raise Refused(
            400,
            "bad-digest",
            "Content-Digest cannot be read",
            "Send `sha-256=:<32 bytes in base64>:`, or leave it out.",
        )
    return digest.hex()
