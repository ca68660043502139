"""The words of `icart cases`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from icart_cli import exits
from icart_cli.options import Folder, Json, output_of
from icart_cli.places import DEFAULT_FOLDER, Places

app = typer.Typer(help="The case system's feed of known people and open cases.", no_args_is_help=True)


@app.command("load")
def cases_load(
    file: Annotated[Path, typer.Argument(help="A .csv or .jsonl file of known people, or a census return.")],
    agency: Annotated[str, typer.Option(help="The case system's agency id, for example carefirst-halton.")],
    authority: Annotated[str, typer.Option(help="The authority, for example halton.")],
    kind: Annotated[str, typer.Option("--format", help="table (.csv, .jsonl) or cin-census (XML).")] = "table",
    full: Annotated[
        bool, typer.Option("--full", help="A full load: who is not in the file is no longer held.")
    ] = False,
    accept_fewer: Annotated[
        bool,
        typer.Option("--accept-fewer", help="The file is whole, though far fewer are in it than are held now."),
    ] = False,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="The instant that the file holds for, with its zone.")
    ] = None,
    team: Annotated[str | None, typer.Option(help="cin-census: the duty team that open cases are with.")] = None,
    rejects: Annotated[Path | None, typer.Option(help="Where to write what is wrong, each with its original.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every line, send nothing.")] = False,
    folder: Folder = DEFAULT_FOLDER,
    as_json: Json = False,
) -> None:
    """Load known people and open cases. Lines that cannot be read are listed; loading twice changes nothing."""
    from icart_cli.feed import load as feed

    if kind not in ("table", "cin-census"):
        raise exits.Stop(exits.WRONG_USE, "--format is table or cin-census.")
    if accept_fewer and not full:
        raise exits.Stop(exits.WRONG_USE, "--accept-fewer is for a full load.", "Give --full with it, or leave it out.")
    wanted = feed.Wanted(
        path=file,
        agency=agency,
        authority=authority,
        format="cin-census" if kind == "cin-census" else "table",
        full=full,
        accept_fewer=accept_fewer,
        dry_run=dry_run,
        rejects=rejects,
        team=team,
        as_of=feed.instant(as_of) if as_of else None,
    )
    raise typer.Exit(asyncio.run(feed.load(output_of(as_json), Places(folder), wanted)) or exits.OK)


@app.command("export-template")
def cases_export_template(
    kind: Annotated[str, typer.Option("--format", help="jsonl or csv.")] = "jsonl",
) -> None:
    """Print a file to begin with, for the case system's supplier. The people in it cannot exist."""
    from icart_cli.feed import template

    if kind not in ("jsonl", "csv"):
        raise exits.Stop(exits.WRONG_USE, "--format is jsonl or csv.")
    sys.stdout.write(template.json_lines() if kind == "jsonl" else template.csv_table())
