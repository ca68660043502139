"""`icart policy check` and `icart schema …`: packs and messages, with the file, the line and the reason."""

from __future__ import annotations

import json
from pathlib import Path

from icart_cli import exits
from icart_cli.output import Output
from icart_common.contracts import asyncapi, gate, schemas
from icart_common.contracts.base import Command, Inbound
from icart_common.contracts.catalogue import FAMILIES, MESSAGES
from icart_common.policy import check_file, load_packs


def policy_check(output: Output, paths: list[Path]) -> int:
    """Check policy packs. Returns the exit code."""
    found = 0
    for path in paths:
        if not path.is_file():
            raise exits.Stop(exits.WRONG_USE, f"There is no file {path}.")
        problems = check_file(path)
        found += len(problems)
        for one in problems:
            output.fact("problem", str(one), file=one.file, row=one.line, path=one.path, reason=one.reason, fix=one.fix)
        if not problems:
            output.fact("pack", f"{path}: fine.", file=path)
    return exits.NOT_AS_EXPECTED if found else exits.OK


def policy_list(output: Output) -> None:
    """The packs that come with this release."""
    rows = [
        (
            pack.authority.id,
            pack.version,
            str(pack.applies_from),
            pack.authority.front_door,
            len(pack.clocks),
            len(pack.agencies),
        )
        for pack in load_packs().packs()
    ]
    output.table(
        "pack", ("authority", "version", "applies from", "front door", "clocks", "agencies"), rows, empty="No packs."
    )


def schema_list(output: Output) -> None:
    """Every message type, where it travels and who says it."""
    rows = []
    for family in FAMILIES:
        for message in family.messages:
            kind = "inbound" if issubclass(message, Inbound) else "command" if issubclass(message, Command) else "event"
            rows.append((message.TYPE, kind, family.name, ", ".join(family.writers)))
    output.table("message", ("type", "kind", "topic", "said by"), rows, empty="")


def schema_show(output: Output, kind: str) -> None:
    """The JSON Schema of one message type."""
    if kind not in MESSAGES:
        raise exits.Stop(exits.WRONG_USE, f"There is no message type {kind}.", "`icart schema list` shows all of them.")
    output.console.print_json(json.dumps(schemas.schema_of(kind, "closed")))


def schema_check(output: Output, docs: Path) -> int:
    """The compatibility gate, and whether the AsyncAPI document is of this code. Returns the exit code."""
    refusals = gate.check(schemas.FOLDER)
    for one in refusals:
        output.fact("refusal", str(one), style="red")
    stale = not asyncapi.is_current(docs)
    if stale:
        output.fact("stale", f"The AsyncAPI document in {docs} is not of this code: run `make schema`.", style="red")
    if not refusals and not stale:
        output.fact(
            "schemas", f"{len(MESSAGES)} message types keep what was promised; the AsyncAPI document is current."
        )
    return exits.NOT_AS_EXPECTED if refusals or stale else exits.OK


def schema_write(output: Output, docs: Path, replace: list[str]) -> int:
    """Write the schemas of new or compatible types, and the AsyncAPI document, from the code. Returns the exit code.

    `replace` names types whose committed version was never released, and may be written anew.
    """
    try:
        written = [*gate.write(schemas.FOLDER, replace), *asyncapi.write(docs)]
    except gate.Incompatible as incompatible:
        for one in incompatible.refusals:
            output.fact("refusal", str(one), style="red")
        return exits.NOT_AS_EXPECTED
    for path in written:
        output.fact("written", f"{path}", file=path)
    return exits.OK
