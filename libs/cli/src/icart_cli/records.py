"""`icart record`: a contact's record as a document for one reader. Who read it, as whose copy and why, is kept first."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import UUID

import asyncpg

from icart_cli import exits
from icart_cli.database import connect
from icart_cli.output import Output
from icart_cli.places import Places
from icart_common.policy import load_packs
from icart_screening.domain.document.readers import NothingToShowError, Reader, document
from icart_screening.domain.document.told import LogNotWholeError
from icart_screening.printing import PRINTS, Format
from icart_screening.reading import find, read


async def found(connection: asyncpg.Connection, wanted: str) -> UUID:
    """The contact of that id or reference. Raises `Stop` when there is none."""
    contact = await find(connection, wanted)
    if contact is None:
        raise exits.Stop(
            exits.WRONG_USE,
            f"There is no contact {wanted}.",
            "Give its id or its reference; `icart desktop` lists them.",
        )
    return contact


async def print_record(
    output: Output, places: Places, wanted: str, *, reader: Reader, kind: Format, to: Path, person: str, reason: str
) -> None:
    """Write the document to `to`, readable by its owner only. Raises `Stop` when there is no such contact or document."""
    if to.exists():
        raise exits.Stop(exits.WRONG_USE, f"{to} is there already.", "Name a file that is not.")
    async with connect(places, "screening") as connection:
        contact = await found(connection, wanted)
        try:
            told = await read(connection, load_packs(), contact, reader=reader, person=person, reason=reason)
            printed = PRINTS[kind](document(told, reader))
        except (NothingToShowError, LogNotWholeError) as nothing:
            raise exits.Stop(
                exits.REFUSED, f"No such document: {nothing}.", "`icart record --help` lists the readers."
            ) from None
    with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(printed)
    output.fact("record", f"{to}: for {reader}, {len(printed)} bytes.", contact=contact, reader=reader, format=kind)
