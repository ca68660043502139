"""Choices that many forms have in common, in the authority's and the field's words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol
from uuid import UUID

from icart_common.contracts.referral import Person
from icart_common.policy.agencies import Agency
from icart_common.policy.pack import PolicyPack
from icart_common.policy.wording import born_in_words, name_in_words
from icart_gateway.pages.forms.field import Choice, Field
from icart_gateway.pages.forms.step import Scene

URGENCIES: Final = (
    Choice("immediate", "Immediate", "A child may be at risk of significant harm now"),
    Choice("urgent", "Urgent", "To be looked at today"),
    Choice("routine", "Routine"),
)
NEEDS: Final = (
    Choice("N1", "N1 Abuse or neglect"),
    Choice("N2", "N2 Child's disability or illness"),
    Choice("N3", "N3 Parent's disability or illness"),
    Choice("N4", "N4 Family in acute stress"),
    Choice("N5", "N5 Family dysfunction"),
    Choice("N6", "N6 Socially unacceptable behaviour"),
    Choice("N7", "N7 Low income"),
    Choice("N8", "N8 Absent parenting"),
    Choice("N0", "N0 Not a child in need"),
)
"""The primary need, by the children-in-need census."""


def reason(label: str, needed: str, hint: str = "") -> Field:
    """Why something is done: one line is enough, and it stands in the record."""
    return Field("reason", label, "text", hint, needed)


class _Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


def named(items: Iterable[_Named]) -> tuple[Choice, ...]:
    """Things of the pack by id and name."""
    return tuple(Choice(one.id, one.name) for one in items)


def agencies(among: Iterable[Agency]) -> tuple[Choice, ...]:
    """Agencies by their names, in the order of the alphabet."""
    return named(sorted(among, key=lambda one: one.name))


def outside(pack: PolicyPack) -> tuple[Choice, ...]:
    """Every agency that is not the authority's own staff, case system or night team."""
    own = ("own-staff", "case-system", "edt", "public-door")
    return agencies(one for one in pack.agencies if one.kind not in own)


def levels(scene: Scene, numbers: Iterable[int]) -> tuple[Choice, ...]:
    """Levels of need, each with its meaning and the statements of it that the contact's own words matched."""
    matched = scene.contact.proposed.matched if scene.contact and scene.contact.proposed else ()
    found = []
    for number in sorted(set(numbers)):
        level = scene.pack.level(number)
        here = "; ".join(one.text for one in matched if one.level == number)
        hint = f"{level.meaning}. Found in this contact: {here}." if here else level.meaning
        found.append(Choice(str(number), f"Level {number}: {level.name}", hint))
    return tuple(found)


def people(scene: Scene, among: Iterable[Person] | None = None) -> tuple[Choice, ...]:
    """People whom the referral names, by their refs."""
    found = scene.record.people if among is None else among
    return tuple(
        Choice(one.ref, name_in_words(one.given_name, one.family_name), one.role.replace("-", " ")) for one in found
    )


def left_out(scene: Scene) -> tuple[Choice, ...]:
    """Siblings whom the referral left out and nobody has decided about."""
    return tuple(
        Choice(str(one.person), name_in_words(one.given_name, one.family_name), f"born {born_in_words(one.born)}")
        for one in scene.record.left_out
    )


def grounds(scene: Scene, ids: Iterable[str] | None = None) -> tuple[Choice, ...]:
    """Reasons for going on without consent (CO-3): all of the pack's, or those that are named."""
    wanted = None if ids is None else set(ids)
    return named(one for one in scene.pack.consent_grounds if wanted is None or one.id in wanted)


def part_of(value: object) -> UUID | None:
    """An id that a choice holds; None when it is none."""
    try:
        return UUID(str(value))
    except ValueError:
        return None
