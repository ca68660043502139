"""Who may read what: each reader's document is made by the one function of that reader and by nothing else (CO-5)."""

from __future__ import annotations

from typing import Final, Literal

from icart_common.contracts.screening import ReferralCreated
from icart_common.policy.pack import PolicyPack
from icart_screening.domain.document import outside
from icart_screening.domain.document.area_team import area_team
from icart_screening.domain.document.page import Block, Document
from icart_screening.domain.document.told import Told
from icart_screening.domain.document.worker import worker

Reader = Literal["worker", "area-team", "referrer", "family"]
READERS: Final[tuple[Reader, ...]] = ("worker", "area-team", "referrer", "family")
_TITLES: Final[dict[Reader, str]] = {
    "worker": "Record of a contact",
    "area-team": "Referral and information record",
    "referrer": "What became of your contact",
    "family": "About a contact with us",
}
_CONFIDENTIAL: Final[dict[Reader, str]] = {
    "worker": "Confidential: for the people who work with this child. Who has read it is recorded.",
    "area-team": "Confidential: for the area team that takes this child on.",
    "referrer": "Confidential: for you alone. Please do not pass it on.",
    "family": "Confidential: for the child's family.",
}


class NothingToShowError(Exception):
    """There is no such document of this contact, and why. Says nothing about anybody."""


def document(told: Told, reader: Reader) -> Document:
    """The contact's record for a reader. Raises NothingToShowError where that reader is to have none.

    The same events give the same document: there is no hour of printing on it, and nothing in it is drawn by chance.
    """
    created = told.last(ReferralCreated)
    blocks: tuple[Block, ...]
    match reader:
        case "worker":
            blocks = tuple(worker(told))
        case "area-team":
            if created is None:
                raise NothingToShowError("no referral came of this contact: there is nothing for an area team")
            blocks = tuple(area_team(told, created))
        case "referrer":
            if not told.contact.arrival.names_the_child:
                raise NothingToShowError("the sender did not name this child, and hears nothing of them (IN-19)")
            blocks = tuple(outside.referrer(told))
        case "family":
            blocks = tuple(outside.family(told))
    return Document(
        title=_TITLES[reader],
        reference=created.reference if created and reader == "area-team" else told.contact.reference,
        front_door=told.pack.authority.front_door,
        reached_at=_reached_at(told.pack),
        confidential=_CONFIDENTIAL[reader],
        blocks=blocks,
    )


def _reached_at(pack: PolicyPack) -> str:
    point = pack.contact_points.front_door
    return ", ".join(way for way in (point.phone, point.email) if way)
