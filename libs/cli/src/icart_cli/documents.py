"""`icart documents`: how documents stand, and a clean one fetched. What is not clean is given to nobody."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from icart_cli import exits
from icart_cli.attaching import store_of
from icart_cli.database import connect
from icart_cli.describe import shown
from icart_cli.output import Output
from icart_cli.places import Places
from icart_intake.documents import places as lying
from icart_intake.documents.places import STORE_AWAY

_LIST = """
select d.id, o.submission, d.reference, d.agency, d.attachment, d.state, d.reason, d.kind,
       coalesce(d.size, d.declared_size) as size, d.named_at
from document_of o join document d on d.id = o.document
where ($1::uuid is null or o.submission = $1) and ($2::text is null or d.state = $2)
order by d.named_at desc, d.id limit $3
"""
_ONE = "select * from document where id = $1 or attachment = $1 order by (id = $1) desc limit 2"
_FETCHED = """
insert into document_fetch (document, at, person, reason) values ($1, clock_timestamp(), $2, $3)
"""
_NOT_CLEAN = {
    "named": ("it has not arrived yet", "`icart documents list` shows when it has."),
    "waiting": ("nobody has scanned it yet", "`icart doctor` says whether the scanner is there."),
    "missing": ("it never arrived", "Its sender has been told."),
}
_SHOWN = (
    "id", "attachment", "submission", "reference", "agency", "authority", "state", "reason", "kind", "declared_type",
    "declared_size", "size", "sha256", "named_at", "received_at", "settled_at", "tries",
)  # fmt: skip


async def _one(connection: asyncpg.Connection, identifier: UUID) -> Any:
    """A document by our id, or by its sender's. Raises `Stop` when there is none, or when two senders use the same id."""
    found = await connection.fetch(_ONE, identifier)
    if len(found) == 2 and identifier not in (found[0]["id"], found[1]["id"]):
        both = " and ".join(str(row["id"]) for row in found)
        raise exits.Stop(exits.WRONG_USE, f"Two senders have a document {identifier}: {both}.", "Use one of these ids.")
    if not found:
        raise exits.Stop(
            exits.WRONG_USE, f"There is no document {identifier}.", "`icart documents list` shows all of them."
        )
    return found[0]


async def show_list(output: Output, places: Places, submission: UUID | None, state: str | None, limit: int) -> None:
    """The newest documents: whose, how they stand and why. Never what they are called, which may say who it is about."""
    async with connect(places, "intake") as connection:
        found = await connection.fetch(_LIST, submission, state, limit)
    output.table(
        "document",
        ("id", "submission", "reference", "from", "state", "reason", "kind", "bytes", "named"),
        [
            (row["id"], row["submission"], row["reference"], row["agency"], row["state"], row["reason"], row["kind"],
             row["size"], shown(row["named_at"]))
            for row in found
        ],
        empty="No documents.",
    )  # fmt: skip


async def show_one(output: Output, places: Places, identifier: UUID) -> None:
    """Everything that is known of a document but what it is called and what is in it."""
    async with connect(places, "intake") as connection:
        row = await _one(connection, identifier)
        fetched = await connection.fetch(
            "select at, person, reason from document_fetch where document = $1 order by at", row["id"]
        )
    facts = {name: row[name] for name in _SHOWN if row[name] is not None}
    output.fact("document", "\n".join(f"{name:14} {value}" for name, value in facts.items()), **facts)
    for one in fetched:
        sentence = f"fetched {shown(one['at'])} by {one['person']}: {one['reason']}"
        output.fact("fetched", sentence, at=one["at"], person=one["person"], reason=one["reason"])


async def fetch(output: Output, places: Places, identifier: UUID, to: Path, *, person: str, reason: str) -> None:
    """Write a clean document to `to`, readable by its owner only. Who fetched it and why is recorded first."""
    async with connect(places, "intake") as connection:
        row = await _one(connection, identifier)
        if row["state"] != "clean":
            why, fix = _NOT_CLEAN.get(row["state"], (f"it was refused ({row['reason']})", "Its sender has been told."))
            raise exits.Stop(exits.REFUSED, f"Document {row['id']} cannot be fetched: {why}.", fix)
        if to.exists():
            raise exits.Stop(exits.WRONG_USE, f"{to} is there already.", "Name a file that is not.")
        store = store_of(places)
        await connection.execute(_FETCHED, row["id"], person, reason)
    try:
        with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            async for chunk in store.chunks(lying.kept(row["sha256"])):
                file.write(chunk)
    except STORE_AWAY as error:
        to.unlink(missing_ok=True)
        raise exits.Stop(
            exits.NOT_REACHED, f"The document could not be read from the store ({type(error).__name__})."
        ) from None
    output.fact("fetched", f"{to}: {row['kind']}, {row['size']} bytes.", document=row["id"], kind=row["kind"])
