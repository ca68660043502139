"""What every command's rules are given beside the contact and the command, and how they say what they decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from icart_common.contracts.base import Actor, Message
from icart_common.contracts.checks import Outstanding
from icart_common.contracts.screening import ContactEvent, ContactMoved
from icart_common.policy.clocks import Moment
from icart_common.policy.errors import UnknownPolicy
from icart_common.policy.pack import PolicyPack
from icart_common.policy.roles import Permission, Role
from icart_common.policy.screening import Strand
from icart_screening.domain.clocks import at_moments
from icart_screening.domain.contact import Change, Contact, Head, head
from icart_screening.domain.decision import needed, taken
from icart_screening.domain.evolve import after
from icart_screening.domain.refusal import Refusal, role_may_not


@dataclass(frozen=True, slots=True)
class Asked:
    """The pack that the contact keeps, the role of whoever asks, and the time and id of their message."""

    pack: PolicyPack
    role: Role
    at: datetime
    because: UUID
    workload: int = 0
    """Open contacts, other than this one, of the worker whom `Allocate` names."""
    source: Contact | None = None
    """The contact that `CopyFromSibling` names, when there is one."""
    outstanding: tuple[Outstanding, ...] = ()
    """The contact's checks that nobody has answered."""

    def needs(self, permission: Permission, strand: str | None) -> None:
        """Raises Refusal unless the role holds the permission, on that strand when one is named."""
        if not self.role.may(permission, strand):
            raise role_may_not(self.pack, self.role.id, permission, strand)

    def strand_of(self, contact: Contact) -> Strand:
        """The strand that a person chose. Raises Refusal before anybody did (SC-1)."""
        if contact.strand is None:
            raise Refusal("not-triaged", "nobody has triaged this contact yet", ("triage it first",))
        return self.pack.strand(contact.strand)

    def head(self, contact: Contact) -> Head:
        """What every event about the contact begins with."""
        return head(contact, self.at)

    def moved(self, contact: Contact, to_desktop: str | None, because: str) -> Iterable[ContactEvent]:
        """The move to a desktop, or to none; nothing when the contact is there already (SC-2)."""
        if contact.desktop != to_desktop:
            yield ContactMoved.model_validate(
                {
                    **self.head(contact),
                    "from_desktop": contact.desktop,
                    "to_desktop": to_desktop,
                    "because": because,
                }
            )

    def change(
        self,
        contact: Contact,
        *events: ContactEvent,
        moments: Iterable[Moment] = (),
        asks: tuple[Message, ...] = (),
        leave_out: frozenset[str] = frozenset(),
    ) -> Change:
        """The contact after the events, with its clocks after the moments. Rules of `leave_out` are not started.

        Whatever brought it to a manager, or takes it from there again, is told to the chain of managers (SC-16).
        """
        changed = after(contact, *events)
        if contact.submitted and (changed.submitted is None or changed.status == "closed"):
            moments, asks = ("decision_made", *moments), (*asks, taken(contact))
        elif changed.submitted and contact.submitted is None:
            moments, asks = (*moments, "decision_needed"), (*asks, needed(changed, self.pack))
        changed, clocks = at_moments(changed, *moments, pack=self.pack, at=self.at, leave_out=leave_out)
        return Change(changed, events, clocks, asks)


def role_of(pack: PolicyPack, actor: Actor) -> Role:
    """The role in which somebody acts. Raises Refusal when the pack has no such role."""
    try:
        return pack.role(actor.role)
    except UnknownPolicy:
        roles = tuple(f"{role.name} ({role.id})" for role in pack.roles)
        raise Refusal("unknown-role", "the authority's policy has no such role", roles) from None
