"""`icart policy rights`: docs/rights.md, the table of who may do what, made from the packs and the lives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from icart_cli import exits
from icart_cli.output import Output
from icart_common.contracts.base import Command
from icart_common.policy import PolicyBook, PolicyPack, load_packs
from icart_gateway.rights import READINGS, Right, all_they_may_ask, asked_for, may_read

_HEAD = """# Who may do what

Made by `icart policy rights --write docs/rights.md` from the packs and the lives: not written by hand. The table
itself is `icart_gateway.rights`: pages ask it, and the services decide again.

- **yes**: in this role. **-**: not in this role; the page says in which it is.
- **other's**: yes, but nobody does it to their own work (SC-10).
- A strand's name: on that strand alone. Reading is not limited by strand.
- A restricted record, and one of a worker's own family, is shut: it is opened by breaking the glass, with a reason, for a limited
  time, and a manager sees that it was. Nothing is done to a record that is shut.
- Whatever somebody may do in their role, how far the record is decides whether it can be done now (docs/lives).
- What is accepted from a night's handover is for whoever the item is for: screening decides it item by item.
"""


def rights(
    write: Annotated[Path | None, typer.Option("--write", help="Write the table anew into this file.")] = None,
    check: Annotated[
        Path | None, typer.Option("--check", help="Say whether the table there is of these packs.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line instead of words.")] = False,
) -> None:
    """Show who may do what, in each role of each authority."""
    output, text = Output(as_json=as_json), rights_page(load_packs())
    if write is not None:
        write.write_text(text, encoding="utf-8")
        output.fact("written", str(write), file=write)
    elif check is None:
        print(text, end="")
    elif not check.is_file() or check.read_text(encoding="utf-8") != text:
        output.fact("stale", f"{check} is not of these packs: run `make schema`.", style="red", file=check)
        raise typer.Exit(exits.NOT_AS_EXPECTED)


def rights_page(book: PolicyBook) -> str:
    """The whole page."""
    return "\n".join((_HEAD, *(line for pack in book.newest() for line in _table(pack)))).rstrip("\n") + "\n"


def _table(pack: PolicyPack) -> Iterator[str]:
    yield from (f"## {pack.authority.name}", "", "| | " + " | ".join(role.name for role in pack.roles) + " |")
    yield "| --- |" + " --- |" * len(pack.roles)
    for reading, (_, says) in READINGS.items():
        cells = ("yes" if may_read(pack, role.id, reading).allowed else "-" for role in pack.roles)
        yield f"| {says} | " + " | ".join(cells) + " |"
    own = [_asked(pack, role.id, own_work=True) for role in pack.roles]
    others = [_asked(pack, role.id, own_work=False) for role in pack.roles]
    for command, says in asked_for(pack):
        row = (
            _cell(pack, [one[command] for one in other], [one[command] for one in mine])
            for other, mine in zip(others, own, strict=True)
        )
        yield f"| {says} (`{command.__name__}`) | " + " | ".join(row) + " |"
    yield ""


def _asked(pack: PolicyPack, role: str, *, own_work: bool) -> list[dict[type[Command], Right]]:
    """By strand."""
    return [all_they_may_ask(pack, role, strand=strand.id, own_work=own_work) for strand in pack.strands]


def _cell(pack: PolicyPack, others: Sequence[Right], own: Sequence[Right]) -> str:
    """Where a role may do it, from the answers on each strand."""
    strands = [strand.name for strand, right in zip(pack.strands, others, strict=True) if right.allowed]
    if not strands:
        return "-"
    where = "yes" if len(strands) == len(pack.strands) else ", ".join(strands)
    return where if any(right.allowed for right in own) else f"{where}, other's"
