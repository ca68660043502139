"""`icart policy draw`: lives as pictures and as text, from a pack."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from icart_cli import exits
from icart_cli.lives import pages
from icart_cli.lives.drawn import Drawn, of_kind, of_strand
from icart_cli.lives.mermaid import mermaid
from icart_cli.lives.svg import svg
from icart_cli.output import Output
from icart_common.policy import PolicyPack, load_packs
from icart_common.policy.lives import LIVES
from icart_common.policy.loader import read_pack


def draw(
    pack: Annotated[Path | None, typer.Option("--pack", help="A pack's file.")] = None,
    authority: Annotated[
        str, typer.Option("--authority", help="Of the packs that come along, when no file is named.")
    ] = ("halton"),
    life: Annotated[
        str | None, typer.Option("--life", help="A kind (strategy-discussion) or a strand; all of them otherwise.")
    ] = None,
    to: Annotated[Path | None, typer.Option("--to", help="FILE.svg or FILE.md, for one life.")] = None,
    write: Annotated[Path | None, typer.Option("--write", help="Write all pages anew into this folder.")] = None,
    check: Annotated[
        Path | None, typer.Option("--check", help="Say whether the pages there are of these packs.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line instead of words.")] = False,
) -> None:
    """Draw the lives of contacts and undertakings: states, steps, who may take them, which clocks they start and end."""
    output = Output(as_json=as_json)
    if write is not None:
        for path in pages.write(write, load_packs()):
            output.fact("written", str(path), file=path)
        return
    if check is not None:
        raise typer.Exit(_check(output, check))
    held = _pack(pack) if pack else load_packs().pack(authority)
    chosen = [
        one for one in _lives(held) if life in (None, one.id, one.id.removeprefix(f"contact-{held.authority.id}-"))
    ]
    if not chosen:
        raise exits.Stop(exits.WRONG_USE, f"There is no life {life}.", f"Name one of {_names(held)}.")
    if to is None:
        for one in chosen:
            print(mermaid(one), end="")
        return
    if len(chosen) != 1 or to.suffix not in (".svg", ".md"):
        raise exits.Stop(
            exits.WRONG_USE, "One life is drawn to one file.", f"Name it FILE.svg or FILE.md: {_names(held)}."
        )
    (one,) = chosen
    to.write_text(svg(one) if to.suffix == ".svg" else f"```mermaid\n{mermaid(one)}```\n", encoding="utf-8")
    output.fact("written", str(to), file=to)


def _check(output: Output, folder: Path) -> int:
    found = pages.stale(folder, load_packs())
    for name in found:
        output.fact("stale", f"{folder / name} is not of these packs: run `make schema`.", style="red", file=name)
    return exits.NOT_AS_EXPECTED if found else exits.OK


def _pack(file: Path) -> PolicyPack:
    held, problems = read_pack(file)
    if held is None or problems:
        raise exits.Stop(exits.WRONG_USE, f"{file} is no pack.", f"`icart policy check {file}` says what is wrong.")
    return held


def _lives(pack: PolicyPack) -> list[Drawn]:
    return [*(of_kind(life, pack) for life in LIVES), *(of_strand(strand, pack) for strand in pack.strands)]


def _names(pack: PolicyPack) -> str:
    return ", ".join(one.id for one in _lives(pack))
