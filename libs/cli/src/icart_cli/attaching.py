"""`icart submit --attach FILE`: puts documents into the store's arrivals and names them in the message (IN-14)."""

from __future__ import annotations

import hashlib
import json
import mimetypes
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from icart_cli import exits
from icart_cli.output import Output
from icart_cli.places import Places
from icart_common.contracts.ids import new_id
from icart_intake.documents import places as lying
from icart_intake.documents.places import STORE_AWAY, NoSuchStore, file_chunks

_LONG = 1024 * 1024
"""Bytes from which on a bar shows how far a document is."""


def store_of(places: Places) -> lying.Places:
    """The store of documents. Raises `Stop` when nothing says where it is, or when it cannot be one."""
    try:
        return lying.Places(places.documents_url())
    except (NoSuchStore, OSError) as error:
        raise exits.Stop(exits.WRONG_USE, f"The store of documents cannot be used: {error}.") from None


async def attached(output: Output, places: Places, raw: bytes, files: Sequence[Path]) -> bytes:
    """The message with its documents named in it, all of them in the store. Raises `Stop` for what cannot be sent."""
    message: dict[str, Any] = _object(raw)
    agency = message.get("agency")
    if not isinstance(agency, str) or not agency:
        raise exits.Stop(exits.WRONG_USE, "The message does not say which agency it is of.", "Fill in `agency`.")
    store = store_of(places)
    added = [await _put(output, store, agency, path) for path in files]
    return json.dumps({**message, "attachments": [*message.get("attachments", ()), *added]}).encode()


def _object(raw: bytes) -> dict[str, Any]:
    try:
        message = json.loads(raw)
    except ValueError:
        message = None
    if not isinstance(message, dict):
        raise exits.Stop(exits.WRONG_USE, "The message is not a JSON object, so nothing can be attached to it.")
    return message


async def _put(output: Output, store: lying.Places, agency: str, path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise exits.Stop(exits.WRONG_USE, f"There is no file {path}.")
    attachment: UUID = new_id()
    digest, size = hashlib.sha256(), 0
    with _bar(output, path) as further:

        def seen(chunk: bytes) -> None:
            nonlocal size
            digest.update(chunk)
            size += len(chunk)
            further(len(chunk))

        try:
            await store.put(lying.arrival(agency, attachment), file_chunks(path, seen))
        except (*STORE_AWAY, ValueError) as error:
            raise exits.Stop(
                exits.NOT_REACHED, f"The store of documents did not take {path} ({type(error).__name__})."
            ) from None
    output.fact("attached", f"In the store: {path} as {attachment}, {size} bytes.", attachment=attachment, size=size)
    return named(attachment, path.name, size, digest.hexdigest())


def named(attachment: UUID, name: str, size: int, sha256: str) -> dict[str, Any]:
    """A document as a message names it, by what its sender says of it. `size` in bytes."""
    return {
        "id": str(attachment),
        "name": name,
        "type": mimetypes.guess_type(name)[0] or "application/octet-stream",
        "size": size,
        "sha256": sha256,
    }


@contextmanager
def _bar(output: Output, path: Path) -> Iterator[Callable[[int], None]]:
    """Shows how far a long document is, on a terminal."""
    size = path.stat().st_size
    if not output.interactive or size < _LONG:
        yield lambda _: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=output.console, transient=True) as progress:
        task = progress.add_task(path.name, total=size)
        yield lambda more: progress.advance(task, more)
