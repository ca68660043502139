"""Joined notices whose child and whose contact's child are two people since somebody told them apart (IN-17, IN-20)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from icart_common.contracts.base import Actor
from icart_common.contracts.intake import ContactOpened
from icart_common.contracts.joint_work import NoticeParted
from icart_common.policy.incidents import IncidentRule
from icart_intake.domain.chronology import chronology
from icart_intake.domain.incident import Joining, Matter, Notice, common_ground
from icart_intake.domain.people import HISTORY_OF_CHILD, KnownPerson
from icart_intake.domain.registry import Because, Registry


def strays(registry: Registry, joined: Iterable[tuple[UUID, ContactOpened]]) -> list[ContactOpened]:
    """Of joined notices, each with the contact that it joined, those whose contact is about somebody else."""
    return [
        told for contact, told in joined if (child := child_of(registry, told)) and child != _subject(registry, contact)
    ]


def child_of(registry: Registry, told: ContactOpened) -> UUID | None:
    """Whom a notice is about: to whom its mention is put now. None when nothing of it was read."""
    put = registry.mentions.get(told.child_known.mention) if told.child_known.mention else None
    return registry.people[put.mention.person].stands_for if put else None


def _subject(registry: Registry, contact: UUID) -> UUID | None:
    # Everybody whom a decision touches is in the registry with all that is theirs: any other contact is about somebody else.
    belonging = registry.belongings.get(contact)
    return registry.people[belonging.person].stands_for if belonging else None


def parted(told: ContactOpened, who: KnownPerson, before: Sequence[Matter]) -> ContactOpened:
    """The contact of such a notice: what it told, about the child whom it is put to now. Nothing comes along of the child
    whose contact it had joined."""
    known = who.known(told.child.ref, "certain", HISTORY_OF_CHILD)
    return told.model_copy(
        update={
            "child_known": known.model_copy(update={"mention": told.child_known.mention}),
            "incident": told.contact,
            "earlier_contacts": tuple(matter.contact for matter in before),
            "chronology": chronology(before, who.standing.history),
            "left_out": (),
        }
    )


def joining(before: Sequence[Matter], notice: Notice, rule: IncidentRule) -> Joining | None:
    """The newest contact about the right child that is open now and about the same event (IN-20)."""
    for matter in reversed(before):
        because = common_ground(notice, matter, rule) if matter.ending is None else ()
        if because:
            return Joining(matter, because)
    return None


def say_parted(
    told: ContactOpened, joined: UUID, because: Because, by: Actor, reason: str, at: datetime
) -> NoticeParted:
    """What screening hears, which takes the notice out of the record."""
    return NoticeParted(
        contact=joined, authority=told.authority, at=at, notice=told.contact, because=because, by=by, reason=reason
    )
