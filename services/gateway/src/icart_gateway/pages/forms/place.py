"""The names of forms: which step, about what. Ids and names of the pack alone, so they may stand in addresses and tables."""

from __future__ import annotations

from uuid import UUID

from icart_gateway.pages.forms.catalogue import BY_SLUG
from icart_gateway.pages.forms.step import Place, Step


def key(step: Step, place: Place) -> str:
    """The name under which what is typed into a form is kept."""
    return ":".join((step.slug, _text(place.contact), _text(place.undertaking), place.part))


def of_key(name: str) -> tuple[Step, Place] | None:
    """The form of a name; None when there is no such form (any more)."""
    slug, *ids = name.split(":")
    step = BY_SLUG.get(slug)
    if step is None or len(ids) != 3:
        return None
    try:
        return step, Place(_id(ids[0]), _id(ids[1]), ids[2])
    except ValueError:
        return None


def address(step: Step, place: Place) -> str:
    """Where the form is."""
    where = f"/contacts/{place.contact}" if place.contact else ""
    if place.undertaking:
        where += f"/undertakings/{place.undertaking}"
    part = f"?part={place.part}" if place.part else ""
    return f"{where}/do/{step.slug}{part}"


def home(place: Place) -> str:
    """The page that a form belongs to."""
    return f"/contacts/{place.contact}" if place.contact else "/do"


def _text(identifier: UUID | None) -> str:
    return str(identifier) if identifier else ""


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None
