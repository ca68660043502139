"""`icart audit`: the trail of reads, at the command line."""

from __future__ import annotations

import asyncio

import typer

from icart_cli.options import Folder, Json, output_of
from icart_cli.places import DEFAULT_FOLDER, Places

app = typer.Typer(help="The trail of who read which child's record.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """A group, also while it has one command."""


@app.command()
def check(folder: Folder = DEFAULT_FOLDER, as_json: Json = False) -> None:
    """Is the trail of reads as it was written? Names the first row of each authority that does not fit."""
    from icart_cli import audit

    raise typer.Exit(asyncio.run(audit.check(output_of(as_json), Places(folder))))
