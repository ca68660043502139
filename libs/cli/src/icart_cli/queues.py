"""`icart desktop`, `icart tasks` and `icart reconcile`: what lies where and what is to be done, the most pressing first, and how
everything has ended. No names."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from icart_cli import exits
from icart_cli.database import connect
from icart_cli.describe import shown
from icart_cli.output import Output
from icart_cli.places import Places
from icart_common.policy import PolicyPack, UnknownPolicy, load_packs
from icart_common.worktime import LONDON
from icart_screening.queues import WRONG, Queued, Waiting, on_desktops, reconcile, tally, tasks_of

_COLUMNS = (
    "reference", "contact", "desktop", "strand", "urgency", "worker", "hours here", "next clock", "due", "late",
    "undertakings",
)  # fmt: skip
_OPENED = "select id from contact where authority = $1 and received_at >= $2 and received_at < $3"


async def show_desktop(output: Output, places: Places, authority: str, desktop: str | None, limit: int) -> None:
    """The contacts on a desktop, or on all of the authority's. Raises `Stop` when the pack has no such desktop."""
    pack = pack_of(authority)
    names = {one.id: one.name for one in pack.desktops}
    if desktop is not None and desktop not in names:
        raise exits.Stop(
            exits.WRONG_USE, f"{authority} has no desktop {desktop}.", f"There are {', '.join(sorted(names))}."
        )
    now = places.clock().now()
    async with connect(places, "screening") as connection:
        found = await on_desktops(connection, authority, [desktop] if desktop else names, now=now, limit=limit)
    where = f"the desktop {names[desktop]}" if desktop else "any desktop"
    output.table("queued", _COLUMNS, (_cells(one, now) for one in found), empty=f"Nothing lies on {where}.")


def _cells(one: Queued, now: datetime) -> tuple[object, ...]:
    return (
        one.reference, str(one.contact), one.desktop, one.strand, one.urgency, one.worker,
        int((now - one.received_at) / timedelta(hours=1)), one.rule, one.due_at and shown(one.due_at),
        f"LATE ({one.overdue})" if one.late else "",
        "; ".join((*(["NOBODY TO DECIDE"] if one.nobody_there else []), *(_words(waiting) for waiting in one.undertakings))),
    )  # fmt: skip


def _words(waiting: Waiting) -> str:
    due = f", due {shown(waiting.due_at)}" if waiting.due_at else ""
    return f"{waiting.kind} {waiting.state}{due}{', LATE' if waiting.late else ''}"


async def show_tasks(output: Output, places: Places, authority: str) -> None:
    """What daily meetings gave out and nobody has ticked off, the one that is due first before the others."""
    calendar = pack_of(authority).calendar()
    today = calendar.local_day(places.clock().now())
    async with connect(places, "screening") as connection:
        found = await tasks_of(connection, authority)
    output.table(
        "task",
        ("due", "late", "reference", "contact", "given on", "task"),
        [
            (one.by.isoformat(), "LATE" if one.by < today else "", one.reference, str(one.enquiry),
             one.given_on.isoformat(), str(one.task))
            for one in found
        ],
        empty="Nothing that a daily meeting gave out is to be done.",
    )  # fmt: skip


async def show_reconciliation(output: Output, places: Places, authority: str, first: date, last: date) -> int:
    """Every contact received from `first` to `last`, both included, and how it has ended; those that have not are listed.

    Returns the exit code: `NOT_AS_EXPECTED` when one has ended otherwise than in exactly one outcome. What is still open is
    listed too, and is not wrong.
    """
    pack_of(authority)
    if last < first:
        raise exits.Stop(exits.WRONG_USE, "--to is before --from.", "Both days are included.")
    since, before = _midnight(first), _midnight(last + timedelta(days=1))
    async with connect(places, "intake") as intake:
        opened = [row["id"] for row in await intake.fetch(_OPENED, authority, since, before)]
    async with connect(places, "screening") as screening:
        found = await reconcile(screening, authority, since, before, opened)
    output.table(
        "not-ended",
        ("contact", "reference", "received", "desktop", "finding", "outcomes"),
        [
            (str(one.contact), one.reference, one.received_at and shown(one.received_at), one.desktop, one.finding,
             ", ".join(one.outcomes))
            for one in found if one.finding != "ended"
        ],
        empty="Every contact has ended in exactly one outcome.",
    )  # fmt: skip
    counts = tally(found)
    wrong = sum(count for finding, count in counts.items() if finding in WRONG)
    said = ", ".join(f"{count} {finding}" for finding, count in counts.items()) or "none"
    output.fact(
        "reconciled", f"{len(found)} contacts: {said}.", contacts=len(found), findings=counts, wrong=wrong,
        style="bold red" if wrong else "bold green",
    )  # fmt: skip
    return exits.NOT_AS_EXPECTED if wrong else exits.OK


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=LONDON)


def pack_of(authority: str) -> PolicyPack:
    """The authority's newest pack. Raises `Stop` when there is none."""
    try:
        return load_packs().pack(authority)
    except UnknownPolicy as unknown:
        raise exits.Stop(exits.WRONG_USE, f"{unknown}.") from None
