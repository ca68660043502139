"""The contact's side of a night's handover: what the handover is told, and what a professional is asked (ED-1, ED-3, ED-5)."""

from __future__ import annotations

from collections.abc import Iterable

from icart_common.contracts.handover import ByNight, FormAsked, HandOver, handover_id
from icart_common.contracts.intake import CaseRedirected
from icart_common.contracts.screening import ContactMoved, ContactReceived
from icart_common.policy.errors import UnknownPolicy
from icart_common.policy.pack import PolicyPack
from icart_common.worktime.errors import BeyondKnownHolidays
from icart_screening.domain.contact import Change, Contact
from icart_screening.domain.night import Night, last_night, over_by
from icart_screening.domain.undertakings.undertaking import Circumstances, Done


def hand_over(change: Change, on: Circumstances) -> Iterable[Done]:
    """A contact of the night team, on its arrival and whenever it moves until the next day is over."""
    contact = change.contact
    if contact.arrival.agency_kind != "edt" or contact.follows:
        return
    if any(isinstance(event, ContactReceived) for event in change.events) and _asks_for_the_form(contact):
        yield FormAsked(
            contact=contact.id,
            authority=contact.authority,
            pack_version=contact.pack_version,
            reference=contact.reference,
            agency=contact.arrival.agency,
            submission=contact.arrival.submission,
            reply_to=contact.arrival.reply_to,
        )
    if not any(isinstance(event, ContactMoved) for event in change.events):
        return
    try:
        night = last_night(on.pack, contact.arrival.received_at)
    except BeyondKnownHolidays:
        return
    if on.at < over_by(night, on.pack):
        by_night = ByNight(
            item=contact.id,
            reference=contact.reference,
            kind="contact",
            received_at=contact.arrival.received_at,
            section_47_begun=contact.arrival.section_47_begun,
            desktop=contact.desktop,
            wrong_desktop=_is_wrong(contact, on.pack),
        )
        yield _handed(contact.authority, night, by_night)


def redirected(_: None, said: CaseRedirected, on: Circumstances) -> Iterable[Done]:
    """What the night team brought about an open case went to its worker (ED-1); the report names that child too (ED-5)."""
    try:
        if on.pack.agency(said.agency).kind != "edt":
            return
        night = last_night(on.pack, said.received_at)
    except (UnknownPolicy, BeyondKnownHolidays):
        return
    by_night = ByNight(
        item=said.redirection,
        reference=said.reference,
        kind="open-case",
        received_at=said.received_at,
        section_47_begun=said.section_47_begun,
    )
    yield _handed(said.authority, night, by_night)


def _handed(authority: str, night: Night, by_night: ByNight) -> HandOver:
    return HandOver(
        undertaking=handover_id(authority, night.on),
        authority=authority,
        night=night.on,
        opens_at=night.opens_at,
        by_night=by_night,
    )


def _asks_for_the_form(contact: Contact) -> bool:
    """Whether it was a professional's, and no emergency by the referrer's word, the night team's or the child's safety."""
    arrival = contact.arrival
    emergency = arrival.said_immediate or arrival.answered_by_edt or arrival.section_47_begun or arrival.said_unsafe
    return arrival.reply_to.kind == "professional" and not emergency


def _is_wrong(contact: Contact, pack: PolicyPack) -> bool:
    if contact.desktop is None:
        return False
    if contact.arrival.open_case or pack.desktop(contact.desktop).kind == "edt":
        return True
    other_strand = contact.strand is not None and pack.strand(contact.strand).kind != "safeguarding"
    return contact.arrival.section_47_begun and other_strand
