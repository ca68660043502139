"""`icart api`: clients of the partners' API. A secret is shown once, when it is made."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from icart_cli import exits
from icart_cli.options import Folder, Json, output_of
from icart_cli.output import Output
from icart_cli.places import DEFAULT_FOLDER, Places

app = typer.Typer(help="The partners' API.", no_args_is_help=True)
client_app = typer.Typer(help="Clients: one for each agency.", no_args_is_help=True)
app.add_typer(client_app, name="client")

Agency = Annotated[str, typer.Argument(help="The agency's id in the policy packs, for example larkspur-lane-primary.")]


@client_app.command("add")
def client_add(agency: Agency, folder: Folder = DEFAULT_FOLDER, as_json: Json = False) -> None:
    """Make an agency's client, and show its secret this once."""
    asyncio.run(_add(output_of(as_json), Places(folder), agency))


@client_app.command("list")
def client_list(folder: Folder = DEFAULT_FOLDER, as_json: Json = False) -> None:
    """All clients, and when each was made and revoked."""
    asyncio.run(_list(output_of(as_json), Places(folder)))


@client_app.command("revoke")
def client_revoke(agency: Agency, folder: Folder = DEFAULT_FOLDER, as_json: Json = False) -> None:
    """End an agency's client: its secret and its tokens are refused from now on."""
    asyncio.run(_revoke(output_of(as_json), Places(folder), agency))


@app.command("write")
def write(docs: Annotated[Path, typer.Option(help="The folder of the document.")] = Path("docs")) -> None:
    """Write the OpenAPI document from the code."""
    from icart_gateway.api.openapi import document, text_of

    (docs / "openapi.json").write_text(text_of(document()), encoding="utf-8")


async def _add(output: Output, places: Places, agency: str) -> None:
    from icart_cli.database import connect
    from icart_common.policy import load_packs
    from icart_gateway.api.calling import scopes_of
    from icart_gateway.api.clients import HasOne, add_client

    scopes = scopes_of(load_packs(), agency)
    if not scopes:
        raise exits.Stop(
            exits.WRONG_USE, f"No policy pack has the agency {agency}.", "Agencies are added in the authority's pack."
        )
    async with connect(places, "gateway") as connection:
        try:
            secret = await add_client(connection, agency, places.clock().now())
        except HasOne:
            raise exits.Stop(
                exits.REFUSED, f"{agency} has a client already.", f"`icart api client revoke {agency}` ends it."
            ) from None
    words = f"client_id      {agency}\nclient_secret  {secret}\nscopes         {' '.join(sorted(scopes))}"
    output.fact("client", words, client_id=agency, client_secret=secret, scopes=sorted(scopes))
    output.line("Nobody can show the secret again: give it to the agency by a safe way now.", style="yellow")


async def _list(output: Output, places: Places) -> None:
    from icart_cli.database import connect
    from icart_gateway.api.clients import list_clients

    async with connect(places, "gateway") as connection:
        clients = await list_clients(connection)
    for one in clients:
        ended = f"revoked {one.revoked_at:%d/%m/%Y %H:%M}" if one.revoked_at else "in use"
        output.fact(
            "client", f"{one.agency:32} made {one.made_at:%d/%m/%Y %H:%M}  {ended}",
            client_id=one.agency, made_at=one.made_at, revoked_at=one.revoked_at,
        )  # fmt: skip
    if not clients:
        output.line("There are no clients yet. `icart api client add AGENCY` makes one.")


async def _revoke(output: Output, places: Places, agency: str) -> None:
    from icart_cli.database import connect
    from icart_gateway.api.clients import revoke_client

    async with connect(places, "gateway") as connection:
        if not await revoke_client(connection, agency, places.clock().now()):
            raise exits.Stop(exits.REFUSED, f"{agency} has no client.", "`icart api client list` shows who has.")
    output.fact("revoked", f"Revoked: the client of {agency}.", client_id=agency)
