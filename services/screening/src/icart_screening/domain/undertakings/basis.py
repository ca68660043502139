"""Whether an agency may be asked about a child, and on what that rests (CO-1 to CO-4, CO-8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from icart_common.contracts.base import AgencyId
from icart_common.contracts.checks import (
    Basis,
    RequestCheck,
    SharingAuthorised,
    SharingDeclined,
)
from icart_common.policy.agencies import Agency
from icart_common.policy.lives.life import Life
from icart_common.policy.lives.sharing import LIFE
from icart_screening.domain.consent import consent_stands
from icart_screening.domain.contact import Contact
from icart_screening.domain.refusal import Refusal
from icart_screening.domain.undertakings.undertaking import Circumstances, Undertaking


class Sharing(Undertaking):
    """One decision: a manager's authorisation, which holds until the contact closes, or that something is not shared."""

    LIFE: ClassVar[Life] = LIFE

    agencies: tuple[AgencyId, ...] = ()
    authorised: SharingAuthorised | None = None

    def after(self, event: object) -> dict[str, object]:
        """What an event changes in it."""
        match event:
            case SharingAuthorised():
                return {"agencies": event.agencies, "authorised": event}
            case SharingDeclined():
                return {"agencies": (event.agency,)}
            case _:
                return {}


def open_contact(on: Circumstances) -> Contact:
    """The contact. Raises Refusal when it has closed: then nothing more is asked or shared for it."""
    contact = on.contact
    if contact is None or contact.status == "closed":
        raise Refusal("closed", "the contact is closed", ("something new about the child is a contact of its own",))
    return contact


def basis_of(command: RequestCheck, agency: Agency, on: Circumstances) -> Basis:
    """What asking the agency rests on now: consent; a ground, where the parents know; a manager's authorisation (CO-4).

    Raises Refusal when there is none of these, and says what would do.
    """
    contact = open_contact(on)
    consents = (*contact.consents, *(consent for notice in contact.notices for consent in notice.consents))
    if consent_stands(contact, on.pack):
        return Basis(kind="consent", consents=consents, decided_by=command.actor)
    authorised = _authorised(agency, on)
    if authorised is not None and authorised.authorised is not None:
        event = authorised.authorised
        return Basis(
            kind="authorised",
            consents=consents,
            ground=event.ground,
            reasons=event.reasons,
            authorisation=authorised.id,
            decided_by=event.by,
        )
    if command.ground is None:
        why = f"no consent to asking {agency.name} stands, and no ground for going on without is given"
        raise Refusal("consent-needed", why, ("ask for consent and record it", *_without_consent(contact, on)))
    a_ground(command.ground, contact, on)
    if "refused" not in contact.consents_said() and not command.parents_told:
        why = f"as far as the record says, the parents do not know that {agency.name} would be asked"
        raise Refusal(
            "authorisation-needed",
            why,
            ("say who told the parents, and when", "record what they said about consent", *_authorisers(contact, on)),
        )
    return Basis(
        kind="ground",
        consents=consents,
        ground=command.ground,
        parents_told=command.parents_told,
        decided_by=command.actor,
    )


def a_ground(ground: str, contact: Contact, on: Circumstances) -> None:
    """Raises Refusal unless it is a ground for going on without consent, on the contact's strand when it has one."""
    if ground not in _grounds(contact, on):
        why = "that is no ground for going on without consent here"
        raise Refusal("unknown-ground", why, _names(_grounds(contact, on), on) or ("ask for consent and record it",))


def _grounds(contact: Contact, on: Circumstances) -> tuple[str, ...]:
    if contact.strand:
        return on.pack.strand(contact.strand).consent.grounds
    return tuple(ground.id for ground in on.pack.consent_grounds)


def _names(grounds: Iterable[str], on: Circumstances) -> tuple[str, ...]:
    return tuple(f"{ground.name} ({ground.id})" for ground in on.pack.consent_grounds if ground.id in grounds)


def _without_consent(contact: Contact, on: Circumstances) -> Iterator[str]:
    yield from (f"give the ground: {name}" for name in _names(_grounds(contact, on), on))
    yield from _authorisers(contact, on)


def _authorisers(contact: Contact, on: Circumstances) -> Iterator[str]:
    for role in on.pack.roles_with("share-without-consent", contact.strand):
        yield f"{role.name} ({role.id}) may authorise it without their knowledge"


def _authorised(agency: Agency, on: Circumstances) -> Sharing | None:
    """The authorisation in force that names the agency: the first, when there are several."""
    return next((one for one in on.beside if isinstance(one, Sharing) and agency.id in one.agencies), None)
