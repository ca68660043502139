"""`icart handover report`: the morning report as it stands now, with what the night team still owes (ED-4, ED-5). No names."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from icart_cli import exits
from icart_cli.database import connect
from icart_cli.describe import shown
from icart_cli.output import Output
from icart_cli.places import Places
from icart_cli.queues import pack_of
from icart_common.policy import PolicyBook, PolicyPack, load_packs
from icart_common.worktime.errors import BeyondKnownHolidays, NotAWorkingDay
from icart_intake.store import OwedRecord, owed_records
from icart_screening.domain.night import Night, last_night, night_on
from icart_screening.domain.undertakings.handover import Item, in_short, report_lines
from icart_screening.queues import handover_of

_DUE = "select id, due_at from clock where id = any($1::uuid[])"
_ITEMS = ("reference", "kind", "s47", "missed", "wrong desktop", "desktop", "taken on by", "received")
_OWED = ("reference", "submission", "received", "due", "late")


async def show_report(output: Output, places: Places, authority: str, day: date | None) -> None:
    """Every child of the night that began on `day`, and every record that the night team owes, of that night or before."""
    now, pack = places.clock().now(), pack_of(authority)
    night = _night(pack, day, now)
    async with connect(places, "screening") as screening:
        handover = await handover_of(screening, authority, night.on)
    async with connect(places, "intake") as intake:
        owed = await owed_records(intake, authority)
    clocks = {one.submission: clock for one in owed if (clock := _clock(one, authority, load_packs()))}
    async with connect(places, "timers") as timers:
        rows = await timers.fetch(_DUE, sorted(set(clocks.values())))
    due = {row["id"]: row["due_at"] for row in rows}
    items = {one.id: one for one in handover.items} if handover else {}
    lines = report_lines(items.values(), night.opens_at)
    opened = now >= night.opens_at
    output.table(
        "overnight",
        _ITEMS,
        [
            (
                line.reference, line.kind, "SECTION 47" if line.section_47_begun else "",
                _missed(items[line.item], opened=opened, missed=line.missed), "WRONG" if line.wrong_desktop else "",
                items[line.item].desktop, line.accepted_by and line.accepted_by.person, shown(items[line.item].at),
            )
            for line in lines
        ],
        empty="The night team dealt with nobody.",
        title=f"The night of {night.on:%A %d %B %Y}, to {shown(night.opens_at)}",
    )  # fmt: skip
    ends = [(one, due.get(clocks[one.submission]) if one.submission in clocks else None) for one in owed]
    output.table(
        "owed",
        _OWED,
        [
            (
                one.reference, str(one.submission), shown(one.received_at), end and shown(end),
                "LATE" if end and end <= now else "",
            )
            for one, end in ends
        ],
        empty="The night team owes no record.",
        title="Records that the night team has not completed",
    )  # fmt: skip
    late = sum(end is not None and end <= now for _, end in ends)
    output.fact(
        "night-report", f"{in_short(lines)}; {len(owed)} records owed, {late} late.",
        night=night.on.isoformat(), items=len(lines), owed=len(owed), late=late, style="bold red" if late else "bold",
    )  # fmt: skip


def _missed(item: Item, *, opened: bool, missed: bool) -> str:
    """Missed is what nobody had taken on by opening time; before that nothing is."""
    if not opened or not missed:
        return ""
    return "TAKEN ON LATE" if item.accepted_by else "NOBODY TOOK IT ON"


def _clock(owed: OwedRecord, authority: str, book: PolicyBook) -> UUID | None:
    """The clock of the record, where the pack that it came under has one."""
    rules = book.pack(authority, owed.pack_version).clocks
    ending = (rule.id for rule in rules if "edt_record_completed" in rule.ends_on)
    return next((owed.clocks.ids[rule] for rule in ending if rule in owed.clocks.ids), None)


def _night(pack: PolicyPack, day: date | None, now: datetime) -> Night:
    try:
        return night_on(pack, day) if day else last_night(pack, now)
    except (NotAWorkingDay, BeyondKnownHolidays):
        why = f"No night begins on {day}." if day else "The holidays of this year are not known."
        raise exits.Stop(
            exits.WRONG_USE, why, "Weekends and holidays belong to the night of the last working day: name that."
        ) from None
