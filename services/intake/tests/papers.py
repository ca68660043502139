"""Documents as senders send them, and intake's work on them driven round by round."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

from icart_common.clock import SimulatedClock
from icart_common.contracts.documents import AttachmentsAdded
from icart_common.contracts.ids import new_id
from icart_common.contracts.referral import Attachment, ReferralSubmitted
from icart_intake.documents import places
from icart_intake.documents.places import Places
from icart_intake.documents.scanner import Scanner, scanner_at
from icart_intake.documents.work import DocumentWork
from icart_intake.settings import Settings
from services.intake.tests.conftest import Desk

PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def zipped(entries: dict[str, bytes], *, compress: bool = True) -> bytes:
    """A zip file."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return whole.getvalue()


def docx(**more: bytes) -> bytes:
    """A letter. `more` are further entries by name, with `__` for `/` and `_` for `.`."""
    further = {name.replace("__", "/").replace("_", "."): content for name, content in more.items()}
    return zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>", **further})


class Papers:
    """A store of documents in a folder, senders who put something there, and one or more instances that look."""

    def __init__(self, desk: Desk, folder: Path, scanner: str | None) -> None:
        self.desk = desk
        self.folder = folder / "documents"
        self.clock = SimulatedClock(folder / "clock")
        self.clock.set(desk.now)
        self.places = Places(self.folder.as_uri())
        self.scanner = scanner

    def instance(self, scanner: Scanner | None = None, **settings: Any) -> DocumentWork:
        """An instance of the service, as far as it looks at documents."""
        settings = {"database_url": "postgresql://unused", "scanner": self.scanner} | settings
        chosen = Settings.model_validate(settings)
        asked = scanner or scanner_at(chosen.scanner, chosen.scanner_seconds)
        return DocumentWork(chosen, self.desk.database, self.clock, self.desk.book, self.places, asked)

    def named(
        self, content: bytes, *, name: str = "Letter.pdf", kind: str = "application/pdf", **fields: Any
    ) -> Attachment:
        """What a message says of a document."""
        said = {"id": new_id(), "name": name, "type": kind, "size": len(content)}
        return Attachment.model_validate(said | {"sha256": hashlib.sha256(content).hexdigest()} | fields)

    async def put(self, agency: str, attachment: UUID, content: bytes) -> None:
        """What a sender does before it sends the message, or after."""

        pieces = (content[start : start + places.CHUNK] for start in range(0, len(content), places.CHUNK))
        await self.places.put(places.arrival(agency, attachment), pieces)

    async def send(
        self, *documents: bytes, authority: str = "halton", kind: str = "application/pdf", **fields: Any
    ) -> ReferralSubmitted:
        """A referral with documents that have arrived."""
        named = tuple(self.named(document, kind=kind, **fields) for document in documents)
        referral = self.desk.referral(authority, attachments=named)
        for attachment, document in zip(named, documents, strict=True):
            await self.put(referral.agency, attachment.id, document)
        await self.desk.send(referral)
        return referral

    async def add(self, referral: ReferralSubmitted, content: bytes, **fields: Any) -> AttachmentsAdded:
        """One more document to a submission."""
        attachment = self.named(content, **fields)
        await self.put(referral.agency, attachment.id, content)
        added = {
            "agency": referral.agency,
            "authority": referral.authority,
            "submission": referral.submission,
            "attachments": [attachment.model_dump() | fields],
        }
        message = AttachmentsAdded.model_validate(added)
        await self.desk.send(message)
        return message

    async def look(self, work: DocumentWork | None = None) -> int:
        """One round over everything, whether it is due or not. Returns how many documents were looked at."""
        async with self.desk.database.connection() as connection:
            await connection.execute("update document set look_at = '-infinity'")
        return await self.rounds(work or self.instance())

    async def rounds(self, work: DocumentWork) -> int:
        """Rounds over what is due until nothing is."""
        seen = 0
        while found := await work.once():
            seen += found
        return seen

    async def rows(self) -> list[dict[str, Any]]:
        async with self.desk.database.connection() as connection:
            found = await connection.fetch("select * from document order by named_at, declared_size, id")
        return [dict(row) for row in found]

    async def states(self) -> list[tuple[str, str | None]]:
        """State and reason of every document."""
        return [(row["state"], row["reason"]) for row in await self.rows()]

    def lying(self) -> dict[str, bytes]:
        """Everything in the store, by its place."""
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in files}

    def places_used(self) -> set[str]:
        """The first parts of the places where something lies."""
        return {path.split("/")[0] for path in self.lying()}
