"""The names of forms: which step, about what. Ids and names of the pack alone, so they may stand in addresses and tables."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from icart_gateway.pages.forms.catalogue import BY_SLUG
from icart_gateway.pages.forms.step import Place, Step

MATTERS: Final = {
    "offer": "/matches",
    "merge": "/merges",
    "mention": "/mentions",
    "person": "/people",
    "vpa": "/assessments",
    "notice": "/notices",
    "draft": "/referrals",
}
"""Where each thing that belongs to no life has its page."""


def key(step: Step, place: Place) -> str:
    """The name under which what is typed into a form is kept."""
    return ":".join((step.slug, _text(place.contact), _text(place.undertaking), place.part, _text(place.matter)))


def of_key(name: str) -> tuple[Step, Place] | None:
    """The form of a name; None when there is no such form (any more)."""
    slug, *ids = name.split(":")
    step = BY_SLUG.get(slug)
    if step is None or len(ids) != 4:
        return None
    try:
        return step, Place(_id(ids[0]), _id(ids[1]), ids[2], _id(ids[3]))
    except ValueError:
        return None


def address(step: Step, place: Place) -> str:
    """Where the form is."""
    where = f"/contacts/{place.contact}" if place.contact else ""
    if place.undertaking:
        where += f"/undertakings/{place.undertaking}"
    if place.matter:
        where = f"{MATTERS[step.matter]}/{place.matter}"
    part = f"?part={place.part}" if place.part else ""
    return f"{where}/do/{step.slug}{part}"


def home(step: Step, place: Place) -> str:
    """The page that a form belongs to."""
    if place.matter:
        other = f"/and/{place.part}" if step.matter == "person" else ""
        return f"{MATTERS[step.matter]}/{place.matter}{other}"
    return f"/contacts/{place.contact}" if place.contact else "/do"


def written_at(step: Step, place: Place) -> str:
    """Where what was typed is read and written on: the form, or, of a referral that is taken down, its pages."""
    return home(step, place) if step.matter == "draft" else address(step, place)


def _text(identifier: UUID | None) -> str:
    return str(identifier) if identifier else ""


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None
