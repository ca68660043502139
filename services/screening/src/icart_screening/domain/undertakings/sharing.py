"""Decisions to share without the parents' knowledge, or not to share: taken, kept, taken back (CO-4, CO-8)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from icart_common.contracts.checks import (
    AuthoriseSharing,
    DecideNotToShare,
    SharingAuthorised,
    SharingDeclined,
    SharingEnded,
    WithdrawSharing,
)
from icart_screening.domain.contact import Change
from icart_screening.domain.refusal import Refusal
from icart_screening.domain.undertakings.agencies import known_agency
from icart_screening.domain.undertakings.basis import Sharing, a_ground, open_contact
from icart_screening.domain.undertakings.check import Check, cancelled
from icart_screening.domain.undertakings.undertaking import Circumstances, Kind, Progress


def _authorise(_: None, command: AuthoriseSharing, on: Circumstances) -> Iterable[Progress]:
    contact = open_contact(on)
    a_ground(command.ground, contact, on)
    for agency in command.agencies:
        known_agency(on.pack, agency)
    said = command.model_dump(include={"agencies", "ground", "reasons"})
    yield on.begin(Sharing, SharingAuthorised, by=command.actor, **said)


def _decline(_: None, command: DecideNotToShare, on: Circumstances) -> Iterable[Progress]:
    known_agency(on.pack, command.agency)
    grounds = {ground.id: ground.name for ground in on.pack.not_sharing_grounds}
    if command.ground not in grounds:
        names = (f"{name} ({ground})" for ground, name in grounds.items())
        raise Refusal("unknown-ground", "the authority's policy has no such ground for not sharing", names)
    said = command.model_dump(include={"agency", "rule", "ground", "reasons"})
    yield on.begin(Sharing, SharingDeclined, by=command.actor, **said)


def _withdraw(held: Sharing, command: WithdrawSharing, on: Circumstances) -> Iterable[Progress]:
    """It is over, and so is every check that waits on the strength of it: their agencies are told."""
    yield on.go_on(held, (SharingEnded, {"by": command.actor, "because": "person", "reason": command.reason}))
    for one in on.beside:
        if isinstance(one, Check) and one.basis and one.basis.authorisation == held.id:
            yield cancelled(one, "authorisation-withdrawn", "what it was authorised by is taken back", on)


def _felt(change: Change, on: Circumstances) -> Iterable[Progress]:
    """What was authorised is over with the contact that it was for."""
    if change.contact.status == "closed":
        for one in on.beside:
            if isinstance(one, Sharing):
                yield on.go_on(one, (SharingEnded, {"because": "contact-closed", "reason": "the contact is closed"}))


SHARING: Final = Kind(
    holds=Sharing,
    deciders={AuthoriseSharing: _authorise, DecideNotToShare: _decline, WithdrawSharing: _withdraw},
    after_contact=_felt,
)
