"""`icart match`: the words of the commands. Their work is in `matching.py`, which is slow to import."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from icart_cli.options import Json
from icart_cli.output import Output

app = typer.Typer(help="Matching of people: its weights, and how good it is.", no_args_is_help=True)


@app.command("evaluate")
def evaluate(
    sets: Annotated[
        list[str] | None, typer.Option("--sets", help="febrl1 to febrl4, families; all of them when none is named.")
    ] = None,
    households: Annotated[int, typer.Option(help="Generated households in the set `families`.")] = 5000,
    weights: Annotated[
        Path | None, typer.Option(help="A file of weights; the newest of this release when none.")
    ] = None,
    picture: Annotated[Path | None, typer.Option(help="An SVG to draw of the families' scores.")] = None,
    alone: Annotated[bool, typer.Option("--alone", help="Without splink beside it.")] = False,
    as_json: Json = False,
) -> None:
    """Precision, recall, F1 and false matches by band on FEBRL and on generated families, with splink and exact fields beside.

    FEBRL's records say nothing of families, so weights are learned on each set, as splink's are; nobody looks at the truth.
    The generated families are matched with the weights of the release.
    """
    from icart_cli import matching

    matching.evaluate(
        Output(as_json=as_json), sets or [], households=households, weights=weights, alone=alone, picture=picture
    )


@app.command("learn")
def learn(
    out: Annotated[Path, typer.Argument(help="The file to write, for example 2027.1.json.")],
    file: Annotated[
        Path | None,
        typer.Option("--from", help="Known people, as `icart cases load` takes them; families are generated without."),
    ] = None,
    households: Annotated[int, typer.Option(help="Generated households to learn from.")] = 5000,
    among: Annotated[
        int, typer.Option(help="People among whom somebody will be looked for: the thresholds follow.")
    ] = 1_000_000,
    on: Annotated[
        str, typer.Option(help="The date to write into the file, for example 2026-11-22; today's without.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Learn weights by expectation-maximisation from people of whom some are described twice; nobody says which."""
    from icart_cli import matching

    matching.learn(Output(as_json=as_json), out, file, households=households, among=among, on=on)
