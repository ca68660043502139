"""How a recipient is reached, by what the pack says of it alone (CO-8).

An agency that has a topic gets everything there and nothing by e-mail: a second copy of a child's data is a second place
to lose it. An agency without a topic gets it at each of its secure mailboxes. An address that somebody wrote into a form
is used for that person's own answers, and never for what only a professional may read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from icart_common.contracts.base import AgencyId
from icart_common.contracts.intake import ReplyTo
from icart_common.policy import PolicyPack
from icart_common.policy.agencies import AgencyKind

Channel = Literal["topic", "smtp"]
_ADDRESS = re.compile(
    r"[^@\s<>,;:\"\\()\[\]\x00-\x1f\x7f]+@[^@\s<>,;:\"\\()\[\]\x00-\x1f\x7f]+\.[^@\s<>,;:\x00-\x1f\x7f]+"
)


@dataclass(frozen=True, slots=True)
class Way:
    """One recipient on one channel; `address` is the mailbox when the channel is `smtp`."""

    channel: Channel
    recipient: AgencyId
    address: str | None = None


def to_agency(pack: PolicyPack, agency: AgencyId) -> tuple[Way, ...]:
    """The agency's own topic, or else each of its secure mailboxes; nothing when it has neither."""
    held = pack.known_agency(agency)  # a school that only the police named is in no pack
    if held is None:
        return ()
    if held.delivery.topic:
        return (Way("topic", held.id),)
    return tuple(Way("smtp", held.id, address) for address in held.delivery.email)


def to_kind(pack: PolicyPack, kind: AgencyKind) -> tuple[Way, ...]:
    """Every agency of a kind (the case system, the night team), each by its own way."""
    return tuple(way for agency in pack.agencies if agency.kind == kind for way in to_agency(pack, agency.id))


def to_address(recipient: AgencyId, address: str | None) -> tuple[Way, ...]:
    """A mailbox, when there is an address that can be one."""
    if address is None or not _ADDRESS.fullmatch(address):
        return ()
    return (Way("smtp", recipient, address),)


def to_front_door(pack: PolicyPack) -> tuple[Way, ...]:
    """The front door's own secure mailbox."""
    return to_address(pack.authority.id, pack.contact_points.secure_mailbox.email)


def to_referrer(pack: PolicyPack, reply_to: ReplyTo) -> tuple[Way, ...]:
    """A professional by the agency's way; anybody else at their own address, or through the door that wrote it down."""
    agency = to_agency(pack, reply_to.agency)
    own = to_address(reply_to.agency, reply_to.email)
    return agency or own if reply_to.kind == "professional" else own or agency
