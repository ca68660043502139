"""Where documents lie: a local folder or S3, through one library (obstore), by a URL from the settings.

    arrivals/<agency>/<attachment>   its sender puts it here, and nobody believes it
    taken/<document>                 our copy of it, which its sender cannot change while we look
    kept/<sha256>                    clean
    refused/<document>               everything else that arrived
    findings/<document>              what was found

An agency writes under its own arrivals alone, readers read `kept` alone, and this service everything: README, "Documents".
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import unquote, urlsplit
from uuid import UUID

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from icart_common.contracts.base import AgencyId
from icart_intake.documents.finding import Finding

CHUNK: Final = 64 * 1024
"""The most of a document that is in memory at once, in bytes, beside the store's own buffer."""
_PART: Final = 5 * 1024 * 1024
"""The smallest part that S3 takes of a document in several parts."""
STORE_AWAY: Final = (BaseError, OSError)
"""What the store raises when it is away, full or closed to us; a document that is not there is a FileNotFoundError."""


class NoSuchStore(ValueError):
    """The URL of the store names none that we know."""


def arrival(agency: AgencyId, attachment: UUID) -> str:
    return f"arrivals/{agency}/{attachment}"


def taken(document: UUID) -> str:
    return f"taken/{document}"


def kept(sha256: str) -> str:
    return f"kept/{sha256}"


def refused(document: UUID) -> str:
    return f"refused/{document}"


def _finding(document: UUID) -> str:
    return f"findings/{document}"


class Places:
    """The store behind a URL: `file:///var/lib/icart/documents` or `s3://bucket/folder` (with the `AWS_*` variables)."""

    def __init__(self, url: str) -> None:
        self._root, self._store = _opened(url)

    async def put(self, path: str, chunks: AsyncIterator[bytes]) -> None:
        """Put a document. It is there whole or not at all."""
        await obstore.put_async(self._store, path, chunks, chunk_size=_PART, max_concurrency=1)

    async def size(self, path: str) -> int:
        """Bytes of a document. Raises FileNotFoundError when there is none."""
        self._refuse_links(path)
        return int((await obstore.head_async(self._store, path))["size"])

    async def chunks(self, path: str) -> AsyncIterator[bytes]:
        """A document, piece by piece. Raises FileNotFoundError when there is none."""
        self._refuse_links(path)
        found = await obstore.get_async(self._store, path)
        async for chunk in found.stream(min_chunk_size=CHUNK):
            yield bytes(chunk)

    async def copy_watched(self, source: str, target: str, watch: Callable[[bytes], None]) -> None:
        """Copy a document while `watch` sees every piece; when it raises nothing is copied."""

        async def watched() -> AsyncIterator[bytes]:
            async for chunk in self.chunks(source):
                watch(chunk)
                yield chunk

        await self.put(target, watched())

    async def copy(self, source: str, target: str) -> None:
        """Copy within the store, over whatever is there: atomic, and without reading it. In a folder it is a link."""
        await obstore.copy_async(self._store, source, target)

    async def remove(self, path: str) -> None:
        """Remove a document, if it is there."""
        with suppress(FileNotFoundError):
            await obstore.delete_async(self._store, path)

    async def finding(self, document: UUID) -> Finding | None:
        """What was found of a document before."""
        try:
            found = await obstore.get_async(self._store, _finding(document))
        except FileNotFoundError:
            return None
        return Finding.model_validate_json(bytes(await found.bytes_async()))

    async def find(self, document: UUID, finding: Finding) -> None:
        """Keep what was found."""
        await obstore.put_async(self._store, _finding(document), finding.model_dump_json(exclude_none=True).encode())

    def open(self, path: str) -> BinaryIO:
        """A document as a file that can be searched, for use in a thread of its own."""
        return io.BufferedReader(_Reading(obstore.open_reader(self._store, path, buffer_size=CHUNK)), CHUNK)

    def _refuse_links(self, path: str) -> None:
        """In a local folder nothing is read that lies outside of it."""
        if self._root is not None and (self._root / path).resolve() != self._root / path:
            raise FileNotFoundError("what lies there is a link, and is not followed")


class _Reading(io.RawIOBase):
    """The store's own reader, whose pieces are not `bytes`, as a file."""

    def __init__(self, reader: obstore.ReadableFile) -> None:
        self._reader = reader

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return int(self._reader.seek(offset, whence))

    def tell(self) -> int:
        return int(self._reader.tell())

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        found = bytes(self._reader.read(len(buffer)))
        buffer[: len(found)] = found
        return len(found)


def _opened(url: str) -> tuple[Path | None, ObjectStore]:
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in ("", "localhost") and parts.path:
        root = Path(unquote(parts.path))
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        root.chmod(0o700)
        root = root.resolve()
        return root, LocalStore(root)
    if parts.scheme == "s3" and parts.netloc:
        return None, from_url(url)
    raise NoSuchStore(
        "a store of documents is file:///a/folder or s3://bucket/folder, and ICART_DOCUMENTS_URL is neither"
    )


async def file_chunks(path: Path, seen: Callable[[bytes], None]) -> AsyncIterator[bytes]:
    """A local file, piece by piece, each shown to `seen`."""
    with path.open("rb") as file:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            seen(chunk)
            yield chunk
