"""The words of `icart documents`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from icart_cli.output import Output
from icart_cli.places import DEFAULT_FOLDER, Places

app = typer.Typer(
    help="Documents that came with submissions: how they stand, and clean ones fetched.", no_args_is_help=True
)

Folder = Annotated[Path, typer.Option("--folder", help="Where a try-out keeps its data, logs and mail.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line instead of words.")]
Document = Annotated[UUID, typer.Argument(help="Our id of the document, or its sender's.")]


def _output(as_json: bool) -> Output:
    return Output(as_json=as_json or not sys.stdout.isatty())


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

    asyncio.run(documents.show_list(_output(as_json), Places(folder), submission, state, limit))


@app.command("show")
def documents_show(document: Document, folder: Folder = DEFAULT_FOLDER, as_json: Json = False) -> None:
    """What was found of one document, and who fetched it."""
    from icart_cli import documents

    asyncio.run(documents.show_one(_output(as_json), Places(folder), document))


@app.command("fetch")
def documents_fetch(
    document: Document,
    to: Annotated[Path, typer.Argument(help="The file to write.")],
    person: Annotated[str, typer.Option("--person", help="Your staff id: it is recorded.")],
    reason: Annotated[str, typer.Option("--reason", help="Why: it is recorded.")],
    folder: Folder = DEFAULT_FOLDER,
    as_json: Json = False,
) -> None:
    """Write a clean document to a file. Every other one is refused, with the reason (exit code 3)."""
    from icart_cli import documents

    asyncio.run(documents.fetch(_output(as_json), Places(folder), document, to, person=person, reason=reason))
