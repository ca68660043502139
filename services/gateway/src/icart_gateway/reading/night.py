"""A night's handover as it stands: every child dealt with, every alert, and who has taken each on (ED-5, ED-7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from icart_common.contracts.base import Message
from icart_common.contracts.handover import HandedOver, ItemAccepted, NightAlertRaised, NightReported


@dataclass(frozen=True, slots=True)
class Item:
    """A child with whom the night team dealt, or something that the day team asked it to look out for."""

    id: UUID
    reference: str
    kind: Literal["contact", "open-case", "alert"]
    words: str = ""
    section_47_begun: bool = False
    wrong_desktop: bool = False
    desktop: str | None = None
    accepted_by: str = ""
    missed: bool = False
    """Nobody had taken it on when the front door opened."""


@dataclass(frozen=True, slots=True)
class Night:
    """What is shown first is what must not be missed: section 47 enquiries, then what nobody took on or lies wrongly."""

    items: tuple[Item, ...]
    opens_at: datetime | None
    report: NightReported | None

    @property
    def contacts(self) -> tuple[UUID, ...]:
        """The contacts among them."""
        return tuple(one.id for one in self.items if one.kind == "contact")


def night(said: Iterable[Message], now: datetime) -> Night:
    """Fold what was said of the handover, in the order of its versions."""
    items: dict[UUID, Item] = {}
    opens_at, report = None, None
    for one in said:
        match one:
            case HandedOver():
                opens_at, child = one.opens_at, one.by_night
                known = items.get(child.item, Item(child.item, child.reference, child.kind))
                items[child.item] = replace(
                    known, section_47_begun=child.section_47_begun, wrong_desktop=child.wrong_desktop,
                    desktop=child.desktop,
                )  # fmt: skip
            case NightAlertRaised():
                opens_at = one.opens_at
                items[one.item] = Item(one.item, one.about, "alert", one.alert)
            case ItemAccepted() if one.item in items:
                items[one.item] = replace(items[one.item], accepted_by=one.by.person)
            case NightReported():
                report = one
    over = opens_at is not None and now >= opens_at
    stands = [replace(one, missed=over and not one.accepted_by) for one in items.values()]
    stands.sort(key=lambda one: (not one.section_47_begun, not (one.missed or one.wrong_desktop), one.reference))
    return Night(tuple(stands), opens_at, report)
