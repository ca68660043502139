"""`icart gateway rebuild|generations|use|drop`."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from icart_cli.options import Folder, Json, output_of
from icart_cli.places import DEFAULT_FOLDER, Places

app = typer.Typer(help="The gateway's read models: fill them anew, go over, go back.", no_args_is_help=True)
Number = Annotated[int, typer.Argument(help="A generation's number, as `icart gateway generations` lists them.")]


@app.command()
def rebuild(
    go_on: Annotated[int | None, typer.Option(help="Go on with a generation that was not filled to the end.")] = None,
    use: Annotated[bool, typer.Option("--use/--no-use", help="Put it in force when it has read everything.")] = True,
    folder: Folder = DEFAULT_FOLDER,
    as_json: Json = False,
) -> None:
    """Read all topics again into new tables while the old ones serve, and go over to them."""
    from icart_cli import rebuild as work

    asyncio.run(work.rebuild(output_of(as_json), Places(folder), go_on=go_on, use=use))


@app.command()
def generations(folder: Folder = DEFAULT_FOLDER, as_json: Json = False) -> None:
    """Every generation of the read models, and which one serves."""
    from icart_cli import rebuild as work

    asyncio.run(work.show(output_of(as_json), Places(folder)))


@app.command()
def use(number: Number, folder: Folder = DEFAULT_FOLDER, as_json: Json = False) -> None:
    """Let another generation serve, for instance the one before; it reads on from where it stopped."""
    from icart_cli import rebuild as work

    asyncio.run(work.put_in_force(output_of(as_json), Places(folder), number))


@app.command()
def drop(number: Number, folder: Folder = DEFAULT_FOLDER, as_json: Json = False) -> None:
    """Drop a generation's tables. The one in force is refused."""
    from icart_cli import rebuild as work

    asyncio.run(work.drop(output_of(as_json), Places(folder), number))
