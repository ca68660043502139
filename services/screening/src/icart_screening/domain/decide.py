"""What a command does to a contact, or why it may not: the checks that all commands share, then each one's own rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from icart_common.contracts.at_once import StepUpNow, TellPolice
from icart_common.contracts.checks import Outstanding
from icart_common.contracts.corrections import Abandon, CorrectRecord
from icart_common.contracts.ids import reference
from icart_common.contracts.joint_work import CopyFromSibling, DismissSibling, IncludeSibling, SeparateNotice
from icart_common.contracts.screening import (
    Allocate,
    Authorise,
    CloseAdvice,
    ContactCommand,
    RecordConsent,
    RecordPrivacyNotice,
    RecordSection,
    SendBack,
    Submit,
    Triage,
)
from icart_common.contracts.standing_still import PauseClocks, ResumeClocks
from icart_common.policy.pack import PolicyPack
from icart_screening.domain.asked import Asked, role_of
from icart_screening.domain.at_once import step_up_now, tell_police
from icart_screening.domain.authorise import authorise, close_advice, send_back
from icart_screening.domain.contact import Change, Contact, Heard
from icart_screening.domain.corrections import abandon, correct
from icart_screening.domain.notices import separate
from icart_screening.domain.record import record_consent, record_privacy_notice, record_section
from icart_screening.domain.refusal import Refusal, unknown_version, version_moved
from icart_screening.domain.siblings import copy, dismiss, include
from icart_screening.domain.standing_still import pause_clocks, resume_clocks
from icart_screening.domain.submit import submit
from icart_screening.domain.triage import allocate, triage

Decider = Callable[[Contact, Any, Asked], tuple[Change, ...]]
_DECIDERS: dict[type[ContactCommand], Decider] = {
    Triage: triage,
    Allocate: allocate,
    RecordSection: record_section,
    RecordConsent: record_consent,
    RecordPrivacyNotice: record_privacy_notice,
    Submit: submit,
    Authorise: authorise,
    SendBack: send_back,
    CloseAdvice: close_advice,
    SeparateNotice: separate,
    IncludeSibling: include,
    DismissSibling: dismiss,
    CopyFromSibling: copy,
    PauseClocks: pause_clocks,
    ResumeClocks: resume_clocks,
    CorrectRecord: correct,
    Abandon: abandon,
    StepUpNow: step_up_now,
    TellPolice: tell_police,
}
COMMANDS: Final = frozenset(_DECIDERS)
"""Everything that somebody can ask of a contact."""


def decide(
    contact: Contact,
    command: ContactCommand,
    *,
    pack: PolicyPack,
    at: datetime,
    because: UUID,
    workload: int = 0,
    source: Contact | None = None,
    outstanding: tuple[Outstanding, ...] = (),
) -> tuple[Change, ...] | Refusal:
    """What the command changes: the contact itself, and after it the contact that a transfer opens; or a refusal.

    `pack` is the version that the contact keeps, `at` and `because` the time and id of the command's message, `workload` how
    many open contacts other than this one the worker named by `Allocate` has, `source` the contact that `CopyFromSibling` names,
    `outstanding` the contact's checks that nobody has answered.
    """
    try:
        unseen = _unseen(contact, command, at)
        role = role_of(pack, command.actor)
        asked = Asked(pack, role, at, because, workload, source, outstanding)
        return _nothing_unread(contact, command, unseen, _DECIDERS[type(command)](contact, command, asked))
    except Refusal as refusal:
        return refusal


def is_early(contact: Contact, command: ContactCommand) -> bool:
    """Whether the command was given on a version that has not been reached yet: it waits."""
    return contact.status == "open" and command.seen_version > contact.version


def _unseen(contact: Contact, command: ContactCommand, at: datetime) -> tuple[Heard, ...]:
    """What the command's sender has not seen and could not: it was said after the command was given, on a topic that was read
    first. Raises Refusal for anything else that was not seen, and for a contact that has closed."""
    if contact.status == "closed" and not isinstance(command, CorrectRecord):
        raise _closed(contact)
    unseen = tuple(one for one in contact.heard if one.version > command.seen_version and one.at > at)
    if command.seen_version < contact.version - len(unseen):
        raise version_moved("record", command.seen_version, contact.version)
    if command.seen_version > contact.version:
        raise unknown_version("record", command.seen_version, contact.version)
    return unseen


def _nothing_unread(
    contact: Contact, command: ContactCommand, unseen: tuple[Heard, ...], changes: tuple[Change, ...]
) -> tuple[Change, ...]:
    """The changes. Raises Refusal when they close a contact that has an account which its sender has not seen (IN-20)."""
    closes = contact.status == "open" and changes[0].contact.status == "closed"
    if closes and any(one.told_anew for one in unseen):
        raise version_moved("record", command.seen_version, contact.version)
    return changes


def _closed(contact: Contact) -> Refusal:
    allowed = ["something new about the child is a contact of its own", "correct what is wrong in it, with the reason"]
    if contact.ending and contact.ending.successor:
        allowed.insert(0, f"the screening goes on in contact {reference(contact.ending.successor)}")
    return Refusal("closed", "the contact is closed: nothing can be changed in it", allowed)
