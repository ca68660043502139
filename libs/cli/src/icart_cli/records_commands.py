"""The words of `icart desktop`, `icart reconcile` and `icart record`."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated

import typer

from icart_cli import exits
from icart_cli.options import Folder, Json, output_of
from icart_cli.places import DEFAULT_FOLDER, Places

Authority = Annotated[str, typer.Argument(help="For example halton.")]


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


def add_to(app: typer.Typer) -> None:
    """The commands, among those of `icart` itself."""
    for command in (desktop, reconcile):
        app.command()(command)
