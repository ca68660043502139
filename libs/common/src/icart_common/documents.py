"""The store of documents: a local folder or S3, through one library (obstore), by a URL from the settings (decision 0012).

Its blocking functions are used, in threads: a process that ends right after one of its coroutines may be aborted (0.12.1).

    arrivals/<agency>/<attachment>   its sender puts it here, and nobody believes it
    kept/<sha256>                    clean: what readers may fetch

What lies beside them is intake's alone.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import unquote, urlsplit
from uuid import UUID

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from icart_common.contracts.base import AgencyId

CHUNK: Final = 256 * 1024
"""The most of a document that is in memory at once, in bytes, beside the store's own buffer."""
_PART: Final = 5 * 1024 * 1024
"""The smallest part that S3 takes of a document in several parts."""
STORE_AWAY: Final = (BaseError, OSError)
"""What the store raises when it is away, full or closed to us; a document that is not there is a FileNotFoundError."""


class NoSuchStore(ValueError):
    """The URL of the store names none that we know."""


def arrival(agency: AgencyId, attachment: UUID) -> str:
    return f"arrivals/{agency}/{attachment}"


def kept(sha256: str) -> str:
    return f"kept/{sha256}"


class Store:
    """The store behind a URL: `file:///var/lib/icart/documents` or `s3://bucket/folder` (with the `AWS_*` variables)."""

    def __init__(self, url: str) -> None:
        self._root, self._store = _opened(url)

    async def put(self, path: str, chunks: Iterator[bytes]) -> None:
        """Put a document, read in a thread of its own. It is there whole or not at all."""
        await asyncio.to_thread(self._put, path, chunks)

    def _put(self, path: str, chunks: Iterator[bytes]) -> None:
        with obstore.open_writer(self._store, path, buffer_size=_PART, max_concurrency=1) as writing:
            for chunk in chunks:
                writing.write(chunk)

    async def size(self, path: str) -> int:
        """Bytes of a document. Raises FileNotFoundError when there is none."""
        self._refuse_links(path)
        return int((await asyncio.to_thread(obstore.head, self._store, path))["size"])

    async def chunks(self, path: str) -> AsyncIterator[bytes]:
        """A document, piece by piece. Raises FileNotFoundError when there is none."""
        reading = await asyncio.to_thread(self._reading, path)
        while (chunk := await asyncio.to_thread(next, reading, None)) is not None:
            yield chunk

    def _reading(self, path: str) -> Iterator[bytes]:
        self._refuse_links(path)
        return map(bytes, obstore.get(self._store, path).stream(min_chunk_size=CHUNK))

    async def copy_watched(self, source: str, target: str, watch: Callable[[bytes], None]) -> None:
        """Copy a document while `watch` sees every piece, in a thread of its own; when it raises nothing is copied."""

        def watched() -> Iterator[bytes]:
            for chunk in self._reading(source):
                watch(chunk)
                yield chunk

        await self.put(target, watched())

    async def copy(self, source: str, target: str) -> None:
        """Copy within the store, over whatever is there: atomic, and without reading it. In a folder it is a link."""
        await asyncio.to_thread(obstore.copy, self._store, source, target)

    async def remove(self, path: str) -> None:
        """Remove a document, if it is there."""
        with suppress(FileNotFoundError):
            await asyncio.to_thread(obstore.delete, self._store, path)

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


def file_chunks(path: Path, seen: Callable[[bytes], None]) -> Iterator[bytes]:
    """A local file, piece by piece, each shown to `seen`."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            seen(chunk)
            yield chunk
