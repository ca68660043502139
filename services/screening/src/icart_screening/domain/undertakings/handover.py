"""A night's handover, both ways (ED-2, ED-5, ED-7; S1, "Emergency Duty Team (EDT)"; S3).

Each item is accepted by name, what nobody had accepted by opening time is shown first, and the morning report names every child.
There is one of an authority and night. It does not end: what was missed is accepted late, and stays there to be seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, ClassVar, Final, Literal
from uuid import UUID

from icart_common.contracts.base import Actor, Instant, Part
from icart_common.contracts.handover import (
    AcceptItem,
    AlertNightTeam,
    HandedOver,
    HandOver,
    ItemAccepted,
    NightAlertRaised,
    NightReported,
    ReportLine,
    ReportNight,
    handover_id,
)
from icart_common.contracts.ids import derived_id
from icart_common.contracts.intake import CaseRedirected
from icart_common.policy.lives.handover import LIFE
from icart_common.policy.lives.life import Life
from icart_common.worktime.errors import BeyondKnownHolidays, NotAWorkingDay
from icart_screening.domain.night import Night, night_on
from icart_screening.domain.refusal import Refusal
from icart_screening.domain.undertakings.overnight import hand_over, redirected
from icart_screening.domain.undertakings.undertaking import Circumstances, Done, Kind, Undertaking


class Item(Part):
    """One item of the handover."""

    id: UUID
    kind: Literal["contact", "open-case", "alert"]
    reference: str
    at: Instant
    section_47_begun: bool = False
    desktop: str | None = None
    wrong_desktop: bool = False
    alert: str | None = None
    accepted_by: Actor | None = None
    accepted_at: Instant | None = None

    def missed(self, opens_at: datetime) -> bool:
        """Whether nobody had accepted it by opening time; before that, whether nobody has yet."""
        return self.accepted_at is None or self.accepted_at > opens_at


class Handover(Undertaking):
    """The items of one night."""

    LIFE: ClassVar[Life] = LIFE

    night: date | None = None
    opens_at: Instant | None = None
    items: tuple[Item, ...] = ()

    def item(self, wanted: UUID) -> Item | None:
        """The item of that id."""
        return next((one for one in self.items if one.id == wanted), None)

    def queue(self, at: datetime) -> tuple[Item, ...]:
        """The items as a desktop shows them: first those that nobody has accepted though the front door has opened."""
        opened = self.opens_at is not None and at >= self.opens_at
        return tuple(sorted(self.items, key=lambda one: (not (opened and one.accepted_at is None), one.at, one.id)))

    def after(self, event: object) -> dict[str, object]:
        """What an event changes in it."""
        match event:
            case HandedOver(by_night=by_night):
                before = self.item(by_night.item)
                said = by_night.model_dump(exclude={"item", "received_at"})
                kept = {"accepted_by": before.accepted_by, "accepted_at": before.accepted_at} if before else {}
                item = Item.model_validate({"id": by_night.item, "at": by_night.received_at, **said, **kept})
                return {"night": event.night, "opens_at": event.opens_at, "items": self._with(item)}
            case NightAlertRaised():
                item = Item(id=event.item, kind="alert", reference=event.about, at=event.at, alert=event.alert)
                return {"night": event.night, "opens_at": event.opens_at, "items": self._with(item)}
            case ItemAccepted():
                accepted = {"accepted_by": event.by, "accepted_at": event.at}
                items = (one.model_copy(update=accepted) if one.id == event.item else one for one in self.items)
                return {"items": tuple(items)}
            case NightReported():
                return {"night": event.night, "opens_at": event.opens_at}
            case _:
                return {}

    def _with(self, item: Item) -> tuple[Item, ...]:
        if self.item(item.id) is None:
            return (*self.items, item)
        return tuple(item if one.id == item.id else one for one in self.items)


def _hand_over(held: Handover | None, said: HandOver, on: Circumstances) -> Iterable[Done]:
    event: dict[str, Any] = {"night": said.night, "opens_at": said.opens_at, "by_night": said.by_night}
    if held is None:
        yield on.begin(Handover, HandedOver, id=said.undertaking, **event)
    else:
        yield on.go_on(held, (HandedOver, event))


def _alert(held: Handover | None, command: AlertNightTeam, on: Circumstances) -> Iterable[Done]:
    night = _night(command.night, command.undertaking, on)
    if on.at >= night.opens_at:
        raise Refusal("night-over", f"the night of {command.night} is over", ("alert the night team of today",))
    event: dict[str, Any] = {
        "by": command.actor,
        "night": night.on,
        "opens_at": night.opens_at,
        "item": derived_id(on.at, on.because, "night-alert"),
        "about": command.about,
        "alert": command.alert,
    }
    if held is None:
        yield on.begin(Handover, NightAlertRaised, id=command.undertaking, **event)
    else:
        yield on.go_on(held, (NightAlertRaised, event))


def _accept(held: Handover | None, command: AcceptItem, on: Circumstances) -> Iterable[Done]:
    item = held.item(command.item) if held else None
    if held is None or item is None:
        raise Refusal("unknown-item", "there is no such item in that night's handover", ("look at the handover again",))
    on.needs(command.actor, "edt-record" if item.kind == "alert" else "edt-accept")
    if item.accepted_by:
        why = f"it was accepted already, in the role {item.accepted_by.role}"
        raise Refusal("accepted", why, ("ask whoever accepted it",))
    yield on.go_on(held, (ItemAccepted, {"by": command.actor, "item": command.item}))


def _report(held: Handover | None, command: ReportNight, on: Circumstances) -> Iterable[Done]:
    night = _night(command.night, command.undertaking, on)
    lines = report_lines(held.items, night.opens_at) if held else ()
    said: dict[str, Any] = {
        "by": command.actor,
        "night": night.on,
        "opens_at": night.opens_at,
        "lines": lines,
        "says": in_short(lines),
    }
    if held is None:
        yield on.begin(Handover, NightReported, id=command.undertaking, **said)
    else:
        yield on.go_on(held, (NightReported, said))


def report_lines(items: Iterable[Item], opens_at: datetime) -> tuple[ReportLine, ...]:
    """Section 47 enquiries first, then what was missed, what lies on the wrong desktop, the rest by time (ED-5, ED-7)."""
    lines = [
        (
            one.at,
            ReportLine(
                item=one.id,
                reference=one.reference,
                kind=one.kind,
                section_47_begun=one.section_47_begun,
                wrong_desktop=one.wrong_desktop,
                missed=one.missed(opens_at),
                accepted_by=one.accepted_by,
            ),
        )
        for one in items
    ]
    lines.sort(
        key=lambda pair: (
            not pair[1].section_47_begun, not pair[1].missed, not pair[1].wrong_desktop, pair[0], pair[1].item,
        )
    )  # fmt: skip
    return tuple(line for _, line in lines)


def in_short(lines: Iterable[ReportLine]) -> str:
    """`3 children, 1 section 47 enquiry, 1 missed`."""
    lines = tuple(lines)
    children = sum(line.kind != "alert" for line in lines)
    counts = (
        (children, "child", "children"),
        (sum(line.section_47_begun for line in lines), "section 47 enquiry", "section 47 enquiries"),
        (sum(line.missed for line in lines), "not accepted in time", "not accepted in time"),
        (sum(line.wrong_desktop for line in lines), "on the wrong desktop", "on the wrong desktop"),
        (len(lines) - children, "alert of the day team", "alerts of the day team"),
    )
    said = [f"{count} {one if count == 1 else many}" for count, one, many in counts if count]
    return ", ".join(said) if said else "nobody overnight"


def _night(day: date, undertaking: UUID, on: Circumstances) -> Night:
    wanted = handover_id(on.pack.authority.id, day)
    if undertaking != wanted:
        raise Refusal("not-that-night", f"the id is not that of the night of {day}", (f"{day} is {wanted}",))
    try:
        return night_on(on.pack, day)
    except (NotAWorkingDay, BeyondKnownHolidays):
        why = f"no night begins on {day}: weekends and holidays belong to the night of the last working day"
        raise Refusal("no-night", why, ("name a working day",)) from None


HANDOVER: Final = Kind(
    holds=Handover,
    deciders={
        HandOver: _hand_over,
        AlertNightTeam: _alert,
        AcceptItem: _accept,
        ReportNight: _report,
        CaseRedirected: redirected,
    },
    after_contact=hand_over,
)
