"""The words of `icart documents`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from icart_cli.options import Folder, Json, Person, Reason, output_of
from icart_cli.places import DEFAULT_FOLDER, Places

app = typer.Typer(
    help="Documents that came with submissions: how they stand, and clean ones fetched.", no_args_is_help=True
)

Document = Annotated[UUID, typer.Argument(help="Our id of the document, or its sender's.")]


@app.command("list")
def documents_list(
    submission: Annotated[UUID | None, typer.Option(help="Only those of this submission.")] = None,
    state: Annotated[str | None, typer.Option(help="named, waiting, clean, refused or missing")] = None,
    limit: Annotated[int, typer.Option(help="At most so many, the newest first.")] = 100,
    folder: Folder = DEFAULT_FOLDER,
    as_json: Json = False,
) -> None:
    """Whose they are, how they stand and why; never what they are called."""
    from icart_cli import documents

    asyncio.run(documents.show_list(output_of(as_json), Places(folder), submission, state, limit))


@app.command("show")
def documents_show(document: Document, folder: Folder = DEFAULT_FOLDER, as_json: Json = False) -> None:
    """What was found of one document, and who fetched it."""
    from icart_cli import documents

    asyncio.run(documents.show_one(output_of(as_json), Places(folder), document))


@app.command("fetch")
def documents_fetch(
    document: Document,
    to: Annotated[Path, typer.Argument(help="The file to write.")],
    person: Person,
    reason: Reason,
    folder: Folder = DEFAULT_FOLDER,
    as_json: Json = False,
) -> None:
    """Write a clean document to a file. Every other one is refused, with the reason (exit code 3)."""
    from icart_cli import documents

    asyncio.run(documents.fetch(output_of(as_json), Places(folder), document, to, person=person, reason=reason))
