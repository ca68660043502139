"""The words of `icart desktop`, `tasks`, `reconcile`, `record`, `shares`, `tools` and `handover`."""

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
Contact = Annotated[str, typer.Argument(help="Its id or its reference.")]

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


def tasks(authority: Authority, folder: Folder = DEFAULT_FOLDER, as_json: Json = False) -> None:
    """What daily meetings gave out and nobody has ticked off, by its day. What it is, and whose, the meeting's page says."""
    from icart_cli import queues

    asyncio.run(queues.show_tasks(output_of(as_json), Places(folder), authority))


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
    contact: Contact,
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


def shares(contact: Contact, folder: Folder = DEFAULT_FOLDER, as_json: Json = False) -> None:
    """What was shared about a contact's child, over all of the child's contacts, and every decision to share or not to."""
    from icart_cli import of_child

    asyncio.run(of_child.show_shares(output_of(as_json), Places(folder), contact))


def tools(contact: Contact, folder: Folder = DEFAULT_FOLDER, as_json: Json = False) -> None:
    """The screening tools that were filled in for a contact's child, over all of the child's contacts, the newest first."""
    from icart_cli import of_child

    asyncio.run(of_child.show_tools(output_of(as_json), Places(folder), contact))


def report(
    authority: Authority,
    night: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="The day on whose evening it began; the last night when none is named."
        ),
    ] = None,
    folder: Folder = DEFAULT_FOLDER,
    as_json: Json = False,
) -> None:
    """The morning report: section 47 enquiries first, what nobody took on, wrong desktops, records the night team owes."""
    from icart_cli import nights

    day = night.date() if night else None
    asyncio.run(nights.show_report(output_of(as_json), Places(folder), authority, day))


def add_to(app: typer.Typer) -> None:
    """The commands, among those of `icart` itself."""
    for command in (desktop, tasks, reconcile, record, shares, tools):
        app.command()(command)
    handover = typer.Typer(help="A night's handover between the day's and the night's team.", no_args_is_help=True)
    handover.callback()(lambda: None)  # a group stays one when it has a single command
    handover.command()(report)
    app.add_typer(handover, name="handover")
