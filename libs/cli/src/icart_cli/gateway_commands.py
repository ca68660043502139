"""`icart gateway rebuild|generations|use|drop|sign-out`."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from icart_cli.options import Folder, Json, output_of
from icart_cli.output import Output
from icart_cli.places import DEFAULT_FOLDER, Places

app = typer.Typer(help="The gateway: its read models filled anew, and people signed out.", no_args_is_help=True)
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


@app.command("sign-out")
def sign_out(
    person: Annotated[str, typer.Argument(help="Their staff number, as the identity provider names them.")],
    folder: Folder = DEFAULT_FOLDER,
    as_json: Json = False,
) -> None:
    """Sign somebody out of every browser: when they leave, or a role is taken away. What they typed is kept."""
    asyncio.run(_sign_out(output_of(as_json), Places(folder), person))


async def _sign_out(output: Output, places: Places, person: str) -> None:
    from icart_cli.database import connect
    from icart_gateway.signing_in.session import end_everywhere

    async with connect(places, "gateway") as connection:
        ended = await end_everywhere(connection, person)
    output.fact(
        "signed-out", f"{ended} {'session' if ended == 1 else 'sessions'} ended.", person=person, sessions=ended
    )
