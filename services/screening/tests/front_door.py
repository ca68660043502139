"""A front door in memory: contacts that cannot exist, and the people who decide about them, for each authority."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from icart_common.contracts.base import Actor, Address, Command, Message
from icart_common.contracts.ids import derived_id, reference
from icart_common.contracts.intake import ContactOpened, Gap, Known
from icart_common.contracts.meetings import MeetingDecision
from icart_common.contracts.referral import Person, Referrer, WhatHappened
from icart_common.contracts.screening import (
    Allocate,
    Authorise,
    ContactCommand,
    ContactEvent,
    RecordSection,
    Submit,
    Triage,
)
from icart_common.contracts.timers import ClockMessage
from icart_common.contracts.undertakings import ToAuthority, UndertakingEvent
from icart_common.policy import PolicyPack, Strand, load_packs
from icart_screening.domain.arrival import arrive
from icart_screening.domain.contact import Change, Contact
from icart_screening.domain.decide import decide
from icart_screening.domain.refusal import Refusal
from icart_screening.domain.undertakings.check import outstanding
from icart_screening.domain.undertakings.engine import follow_up, undertake
from icart_screening.domain.undertakings.undertaking import Circumstances, Done, Progress, Undertaking

BOOK = load_packs()
MONDAY = datetime(2026, 11, 16, 9, 40, tzinfo=UTC)


@dataclass(frozen=True)
class Cast:
    """Strands, roles and outcomes of an authority, as its pack names them."""

    authority: str
    school: str
    safeguarding: str
    social_worker: str
    early: str
    early_worker: str
    manager: str
    assessment: str
    assessment_level: int
    advice: str
    transfer: str
    early_ending: str
    early_level: int
    ground: str


CASTS = {
    cast.authority: cast
    for cast in (
        Cast(
            authority="halton",
            school="brackenfield-high",
            safeguarding="safeguarding",
            social_worker="social-worker",
            early="early-intervention",
            early_worker="early-intervention-worker",
            manager="social-work-manager",
            assessment="assessment-s17",
            assessment_level=3,
            advice="advice-or-signposting",
            transfer="transfer-to-safeguarding",
            early_ending="advise-caf",
            early_level=2,
            ground="risk-raised",
        ),
        Cast(
            authority="cheshire-west",
            school="rowan-brook-academy",
            safeguarding="statutory",
            social_worker="social-worker",
            early="early-help",
            early_worker="early-help-worker",
            manager="team-manager",
            assessment="statutory-assessment",
            assessment_level=4,
            advice="threshold-not-met",
            transfer="transfer-to-statutory",
            early_ending="advise-taf",
            early_level=2,
            ground="significant-risk",
        ),
        Cast(
            authority="york",
            school="hawthorn-gate-school",
            safeguarding="referral",
            social_worker="duty-social-worker",
            early="enquiry",
            early_worker="advice-worker",
            manager="advice-manager",
            assessment="assessment-and-strategy",
            assessment_level=4,
            advice="no-further-action",
            transfer="step-up-now",
            early_ending="brokered-support",
            early_level=2,
            ground="risk-of-significant-harm",
        ),
    )
}


def of(*rows: str, authorities: tuple[str, ...]) -> pytest.MarkDecorator:
    """The test runs at the front door of each of these authorities, and proves the rows of the register for it."""
    doors = [
        pytest.param(authority, marks=[pytest.mark.req(*rows, authority=authority)] if rows else [])
        for authority in authorities
    ]
    return pytest.mark.parametrize("door", doors, indirect=True)


def each(*rows: str) -> pytest.MarkDecorator:
    """The same for all authorities."""
    return of(*rows, authorities=tuple(CASTS))


def contact_opened(authority: str = "halton", number: int = 1, at: datetime = MONDAY, **changes: Any) -> ContactOpened:
    """A contact from a school about a child with a mother, as intake opens it."""
    identifier = derived_id(at, "contact", authority, number)
    child = Person(
        ref="p1",
        role="child",
        given_name="Tamsin",
        family_name="Quillfeather",
        born=date(2017, 2, 28),
        addresses=(Address(lines="14 Larkspur Close", postcode="ZZ99 1AA", since=date(2023, 6, 1)),),
    )
    mother = Person(ref="p2", role="parent", given_name="Odalys", parental_responsibility=True)
    father = Person(ref="p3", role="parent", given_name="Peregrine", parental_responsibility=False)
    whole: dict[str, Any] = {
        "contact": identifier,
        "reference": reference(identifier),
        "authority": authority,
        "pack_version": BOOK.on(authority, at.date()).version,
        "submission": derived_id(at, "submission", authority, number),
        "agency": CASTS[authority].school,
        "channel": "partner-system",
        "source_code": "2A",
        "received_at": at,
        "out_of_hours": False,
        "referrer": Referrer(kind="professional", name="Bertrand Thistlewood", email="b.thistlewood@example.org"),
        "child": child,
        "child_known": Known(ref="p1", person=derived_id(at, "person", number), match="new"),
        "family": (mother, father),
        "event": WhatHappened(what="Came to school hungry for the third day."),
        "gaps": (Gap(field="child-views", question="What does the child say about it?"),),
    }
    return ContactOpened.model_validate({**whole, **changes})


@dataclass
class FrontDoor:
    """Contacts of one authority, changed by commands as the service changes them."""

    authority: str
    contacts: dict[UUID, Contact] = field(default_factory=dict)
    arrived: dict[UUID, Contact] = field(default_factory=dict)
    """Each contact as it was on its arrival."""
    undertakings: dict[UUID, Undertaking] = field(default_factory=dict)
    log: list[ContactEvent] = field(default_factory=list)
    told: list[UndertakingEvent] = field(default_factory=list)
    """What was said of undertakings."""
    clocks: list[ClockMessage] = field(default_factory=list)
    asked: list[Message] = field(default_factory=list)
    """What others were told or asked besides."""
    now: datetime = MONDAY
    opened: int = 0

    @property
    def cast(self) -> Cast:
        return CASTS[self.authority]

    @property
    def pack(self) -> PolicyPack:
        return BOOK.pack(self.authority)

    def open(self, **changes: Any) -> UUID:
        """A new contact on the arrivals desktop."""
        self.opened += 1
        opened = contact_opened(self.authority, self.opened, self.now, **changes)
        change = arrive(opened, self.pack, self.now)
        self.arrived[opened.contact] = change.contact
        self._keep(change)
        return opened.contact

    def tell(
        self, contact: UUID, command: type[ContactCommand], role: str, person: str, /, **fields: Any
    ) -> tuple[Change, ...] | Refusal:
        """A person gives a command on the version that they see."""
        self.now += timedelta(minutes=1)
        held = self.contacts[contact]
        body = {"contact": contact, "seen_version": held.version, "actor": Actor(person=person, role=role), **fields}
        decided = decide(
            held,
            command.model_validate(body),
            pack=self.pack,
            at=self.now,
            because=derived_id(self.now, "command", len(self.log), contact),
            workload=sum(
                other.worker == body.get("worker") and other.status == "open" and other.id != contact
                for other in self.contacts.values()
            ),
            outstanding=outstanding(self.circumstances(held).beside),
        )
        if not isinstance(decided, Refusal):
            for change in decided:
                self._keep(change)
        return decided

    def done(self, *args: Any, **fields: Any) -> Contact:
        """Like `tell`, for a command that has to be allowed."""
        decided = self.tell(*args, **fields)
        assert not isinstance(decided, Refusal), f"{decided.code}: {decided.why}"
        return decided[0].contact

    def refused(self, *args: Any, **fields: Any) -> Refusal:
        """Like `tell`, for a command that may not be carried out."""
        decided = self.tell(*args, **fields)
        assert isinstance(decided, Refusal), "it was allowed"
        return decided

    def allocated(self, strand: str, *, urgency: str = "routine", **changes: Any) -> UUID:
        """A contact that is triaged to a strand and with the worker `w1`."""
        contact = self.open(**changes)
        manager = self.cast.manager
        self.done(contact, Triage, manager, "m1", strand=strand, urgency=urgency, reason="what it says")
        self.done(contact, Allocate, manager, "m1", worker="w1")
        return contact

    def fill(self, contact: UUID, *, without: tuple[str, ...] = ()) -> None:
        """Every section of the strand by a role that fills it, and every statement, but those of `without`."""
        strand = self.strand_of(contact)
        answers = {
            statement.id: "as established"
            for statement in self.pack.required_statements
            if statement.id not in without and statement.section in (None, strand.sections[-1])
        }
        for section in strand.sections:
            if section not in without:
                said = answers if section == strand.sections[-1] else {}
                self.done(
                    contact,
                    RecordSection,
                    self.filler(section, strand.id),
                    "f1",
                    section=section,
                    text="written",
                    statements=said,
                )

    def filler(self, section: str, strand: str) -> str:
        """A role that fills the section on the strand."""
        return next(role.id for role in self.pack.roles if role.may_fill(section) and strand in role.strands)

    def strand_of(self, contact: UUID) -> Strand:
        """The strand that somebody triaged the contact to."""
        strand = self.contacts[contact].strand
        assert strand is not None, "nobody has triaged it"
        return self.pack.strand(strand)

    def worker_of(self, contact: UUID) -> str:
        """The role that screens on the contact's strand."""
        return self.strand_of(contact).worker_role

    def submitted(self, contact: UUID, outcome: str, level: int, **fields: Any) -> Contact:
        """The contact after its worker submitted it, everything filled in."""
        self.fill(contact)
        return self.done(
            contact, Submit, self.worker_of(contact), "w1", outcome=outcome, level=level, reasons="because", **fields
        )

    def authorised(self, contact: UUID, *, by: str = "m2") -> tuple[Change, ...]:
        """What a manager's authorisation changes."""
        decided = self.tell(contact, Authorise, self.cast.manager, by)
        assert not isinstance(decided, Refusal), f"{decided.code}: {decided.why}"
        return decided

    def ask(
        self, about: UUID, command: type[Command], role: str, person: str, /, **fields: Any
    ) -> tuple[Done, ...] | Refusal:
        """A person begins an undertaking of the contact `about`, or goes on with the undertaking `about`."""
        self.now += timedelta(minutes=1)
        held = self.undertakings.get(about)
        where: dict[str, Any] = {"contact": about}
        if held:
            where = {"undertaking": about, "contact": held.contact, "seen_version": held.version}
        said = command.model_validate({**where, "actor": Actor(person=person, role=role), **fields})
        return self.heard(said, held)

    def heard(self, message: Message, held: Undertaking | None) -> tuple[Done, ...] | Refusal:
        """A message about an undertaking, or one that begins some."""
        contact = self.contacts.get(getattr(message, "contact", None) or (held and held.contact) or UUID(int=0))
        decided = undertake(held, message, self.circumstances(contact))
        if not isinstance(decided, Refusal):
            for done in decided:
                self.do(done)
        return decided

    def begun(self, *args: Any, **fields: Any) -> UUID:
        """Like `ask`, for a command that has to be allowed: the undertaking that it began or went on with."""
        decided = self.ask(*args, **fields)
        assert not isinstance(decided, Refusal), f"{decided.code}: {decided.why}"
        return next(done.undertaking.id for done in decided if isinstance(done, Progress))

    def not_begun(self, *args: Any, **fields: Any) -> Refusal:
        """Like `ask`, for a command that may not be carried out."""
        decided = self.ask(*args, **fields)
        assert isinstance(decided, Refusal), "it was allowed"
        return decided

    def circumstances(self, contact: Contact | None) -> Circumstances:
        """What a decider is given now."""
        beside = [one for one in self.undertakings.values() if contact and one.contact == contact.id and one.open]
        return Circumstances(
            pack=self.pack,
            at=self.now,
            because=derived_id(self.now, "message", len(self.log), len(self.told)),
            contact=contact,
            beside=tuple(sorted(beside, key=lambda one: one.id)),
        )

    def do(self, done: Done) -> None:
        """Keep what was decided."""
        if isinstance(done, Change):
            self._keep(done)
        elif isinstance(done, Progress):
            self.undertakings[done.undertaking.id] = done.undertaking
            self.told += done.events
            self.clocks += done.clocks
            self._pass_on(done.asks)
        else:
            self._pass_on((done,))

    def _pass_on(self, asks: tuple[Message, ...]) -> None:
        """What the service says to itself is heard here; the rest is kept."""
        for message in asks:
            if isinstance(message, ToAuthority | MeetingDecision):
                decided = self.heard(message, self.undertakings.get(getattr(message, "undertaking", UUID(int=0))))
                assert not isinstance(decided, Refusal), f"{decided.code}: {decided.why}"
            else:
                self.asked.append(message)

    def _keep(self, change: Change) -> None:
        self.contacts[change.contact.id] = change.contact
        self.log += change.events
        self.clocks += change.clocks
        self._pass_on(change.asks)
        for done in follow_up(change, self.circumstances(change.contact)):
            self.do(done)


def of_type(messages: list[Any] | tuple[Any, ...], kind: type[Message]) -> list[Any]:
    """The messages of one type."""
    return [message for message in messages if isinstance(message, kind)]
