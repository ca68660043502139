"""Fills the gateway's read models as the projections would leave them, by set-based statements: indexes are made afterwards.

What pages never read (the inbox, what agencies are told) and what each page reads one row of by its key (answers to commands)
is left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import asyncpg

from icart_common.contracts.handover import handover_id
from icart_common.contracts.intake import ContactOpened
from icart_common.contracts.meetings import meeting_id
from icart_common.policy import PolicyBook
from icart_common.testing import example

_SHARES: Final = {"halton": (0, 7), "cheshire-west": (8, 14), "york": (15, 19)}
"""Of twenty contacts, which are whose."""
_OPEN: Final = 7_500
"""Contacts that are open at once, three thousand of them in one authority: more than any front door has."""
_NIGHT, _MEETING = "icart.screening.handed-over.v1", "icart.screening.enquiry-listed.v1"
_TEMPLATES: Final[dict[str, tuple[str, ...]]] = {
    "icart.intake.contact-opened.v1": (),
    "icart.screening.received.v1": (),
    "icart.screening.triaged.v1": (),
    "icart.screening.allocated.v1": (),
    "icart.screening.section-recorded.v1": ("text",),
    "icart.screening.submitted.v1": ("need_code",),
    "icart.screening.closed.v1": (),
    _NIGHT: (),
    _MEETING: (),
}
"""Each message type with the fields it has besides those that it must have."""
_PARTS: Final = {
    "child": {"ref", "role", "given_name", "family_name", "born", "sex", "addresses", "school"},
    "child_known": {"ref", "person", "match"},
    "referrer": {"kind", "name", "role", "phone", "email"},
    "event": {"what", "urgency"},
}
"""What is kept of the parts of an opened contact."""
_SECONDS: Final = 3600.0
_SLOWLY_MADE: Final = """
select tablename, indexname, indexdef, conname from pg_indexes
left join pg_constraint on conname = indexname and connamespace = schemaname::regnamespace
where schemaname = current_schema()
  and tablename in ('contact', 'arrival', 'told', 'clock', 'document', 'offer', 'offer_contact', 'delivery',
                    'tally')
"""


async def fill(
    connection: asyncpg.Connection, book: PolicyBook, contacts: int, now: datetime, say: Callable[[str], None]
) -> None:
    """Make rows of so many contacts in the connection's schema, with their indexes, vacuumed and analysed."""
    say("making rows")
    await connection.execute("set synchronous_commit = off; set work_mem = '256MB'; set maintenance_work_mem = '1GB'")
    indexes = await connection.fetch(_SLOWLY_MADE)
    for one in indexes:
        if one["conname"]:
            await connection.execute(f'alter table {one["tablename"]} drop constraint "{one["conname"]}"')
        else:
            await connection.execute(f'drop index "{one["indexname"]}"')
    for table in sorted({one["tablename"] for one in indexes}):  # rows that are made need not outlive a crash
        await connection.execute(f"alter table {table} set unlogged")
    await _beside(connection, book, now)
    for statement in _statements(contacts, now):
        await connection.execute(statement, timeout=_SECONDS)
    say("making indexes")
    for one in indexes:
        await connection.execute(one["indexdef"], timeout=_SECONDS)
        if one["conname"]:
            await connection.execute(f'alter table {one["tablename"]} add primary key using index "{one["indexname"]}"')
    say("vacuuming and analysing")
    await connection.execute("drop table made, template, front, day")
    await connection.execute("vacuum (analyze)", timeout=_SECONDS)


def _statements(contacts: int, now: datetime) -> Iterator[str]:
    script = (Path(__file__).parent / "page_rows.sql").read_text()
    for name, value in (("$CONTACTS", contacts), ("$OPEN", min(_OPEN, contacts // 4)), ("$NOW", now.isoformat())):
        script = script.replace(name, str(value))
    yield from (statement for statement in script.split(";\n") if statement.strip())


async def _beside(connection: asyncpg.Connection, book: PolicyBook, now: datetime) -> None:
    """What the statements are filled in from: authorities with their policy, messages, and the days of nights and meetings."""
    await connection.execute(
        "create temp table front (authority text, first_share int, last_share int, pack_version text, desktops text[], "
        "strands text[], outcomes text[], agencies text[], clocks text[]);"
        "create temp table template (type text, body jsonb);"
        "create temp table day (undertaking uuid, authority text, kind text, at timestamptz, type text)"
    )
    fronts = []
    for authority, (first, last) in _SHARES.items():
        pack = book.pack(authority)
        lists = (pack.desktops, pack.strands, pack.outcomes, pack.agencies, pack.clocks)
        fronts.append((authority, first, last, pack.version, *([one.id for one in found] for found in lists)))
    await connection.copy_records_to_table("front", records=fronts)
    bodies = [(kind, json.dumps(_body(kind, also))) for kind, also in _TEMPLATES.items()]
    await connection.executemany("insert into template values ($1, $2::jsonb)", bodies)
    days = [now - timedelta(days=back) for back in range(3 * 365)]
    await connection.copy_records_to_table(
        "day",
        records=[
            (identify(authority, at.date()), authority, kind, at, said)
            for authority in _SHARES
            for at in days
            for identify, kind, said in ((handover_id, "handover", _NIGHT), (meeting_id, "daily-meeting", _MEETING))
        ],
    )
    await connection.execute("analyze front; analyze template; analyze day")


def _body(kind: str, also: tuple[str, ...]) -> dict[str, Any]:
    """A message of the type with what it must have and what `also` names. It is short: three million have to fit."""
    said = example(kind)
    body: dict[str, Any] = said.model_dump(mode="json", exclude_none=True)
    for part, kept in _PARTS.items() if isinstance(said, ContactOpened) else ():
        body[part] = {name: value for name, value in body[part].items() if name in kept}
    wanted = {name for name, field in type(said).model_fields.items() if field.is_required()} | set(also)
    short = type(said).model_validate({name: value for name, value in body.items() if name in wanted})
    found: dict[str, Any] = short.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    return found
