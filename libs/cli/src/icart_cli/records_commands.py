"""The words of `icart desktop`, `icart reconcile` and `icart record`."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from icart_cli import exits
from icart_cli.options import Folder, Json, Person, Reason, output_of
from icart_cli.places import DEFAULT_FOLDER, Places

Authority = Annotated[str, typer.Argument(help="For example halton.")]

Reader = Literal["worker", "area-team", "referrer", "family"]
Format = Literal["html", "pdf"]


def desktop(
    authority: Authority,
    desktop: Annotated[
        str | None, typer.Argument(help="A desktop of its policy; all of them when none is named.")
    ] = None,
    limit: Annotated[int, typer.Option(help="At most so many.")] = 200,
    folder: Folder = DEFAULT_FOLDER,
    as_json: Json = False,
) -> None:
    """What lies on a desktop: the clock that is due first on top, what is late, what is waited for. Never a name."""
    from icart_cli import queues

    asyncio.run(queues.show_desktop(output_of(as_json), Places(folder), authority, desktop, limit))


def reconcile(
    authority: Annotated[str, typer.Option("--authority", help="For example halton.")],
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day.")],
    folder: Folder = DEFAULT_FOLDER,
    as_json: Json = False,
) -> None:
    """Has every contact of a period ended in exactly one outcome? Lists those that have not (1 when one is wrong)."""
    from icart_cli import queues

    work = queues.show_reconciliation(output_of(as_json), Places(folder), authority, first.date(), last.date())
    raise typer.Exit(asyncio.run(work) or exits.OK)


def record(
    contact: Annotated[str, typer.Argument(help="Its id or its reference.")],
    to: Annotated[Path, typer.Option("--to", help="The file to write; only you can read it.")],
    person: Person,
    reason: Reason,
    reader: Annotated[Reader, typer.Option("--reader", help="For whom: each sees what they may know.")] = "worker",
    kind: Annotated[Format, typer.Option("--format", help="html, or pdf for paper.")] = "html",
    folder: Folder = DEFAULT_FOLDER,
    as_json: Json = False,
) -> None:
    """A contact's record as a document, from its events alone. Who read it, and why, is recorded first."""
    from icart_cli import records

    asyncio.run(
        records.print_record(
            output_of(as_json), Places(folder), contact, reader=reader, kind=kind, to=to, person=person, reason=reason
        )
    )


def add_to(app: typer.Typer) -> None:
    """The commands, among those of `icart` itself."""
    for command in (desktop, reconcile, record):
        app.command()(command)
