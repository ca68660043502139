"""Documents that a story's partners attach to what they send (IN-14): put into the store, named in the message."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from icart_cli.attaching import named
from icart_cli.listening import Heard
from icart_cli.story.model import Attached
from icart_common.contracts.documents import DocumentReceived, DocumentRefused
from icart_common.contracts.ids import new_id
from icart_common.documents import Store, arrival


def names_of(documents: Iterable[Attached]) -> list[dict[str, Any]]:
    """The documents as their message names them, each under a new id."""
    found = []
    for one in documents:
        content = one.text.encode()
        found.append(named(new_id(), one.name, len(content), hashlib.sha256(content).hexdigest()))
    return found


async def put(store: Store, agency: str, documents: Iterable[Attached], names: Iterable[dict[str, Any]]) -> None:
    """Into the agency's arrivals: what was named, or what comes in its place."""
    for one, name in zip(documents, names, strict=True):
        content = (one.text if one.arrives is None else one.arrives).encode()
        await store.put(arrival(agency, UUID(name["id"])), iter((content,)))


class LookedAt:
    """Whether each of the documents has been found to be here whole, or was refused as it came."""

    def __init__(self, names: Iterable[dict[str, Any]]) -> None:
        self._left = {UUID(name["id"]) for name in names}

    def __call__(self, heard: Heard) -> bool:
        if isinstance(heard.body, DocumentReceived | DocumentRefused):
            self._left.discard(heard.body.attachment)
        return not self._left
