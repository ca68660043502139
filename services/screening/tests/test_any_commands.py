"""Whatever people ask, in whatever order and role: what may never happen does not happen (SC-1, SC-2, SC-9, SC-10)."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from icart_common.contracts.at_once import ContactSteppedUp
from icart_common.contracts.corrections import Abandon, CorrectRecord
from icart_common.contracts.referral import Consent, Safety
from icart_common.contracts.screening import (
    Allocate,
    Authorise,
    CloseAdvice,
    ContactAllocated,
    ContactClosed,
    ContactCommand,
    ContactMoved,
    ContactStepped,
    ContactSubmitted,
    ContactTriaged,
    RecordConsent,
    RecordSection,
    SendBack,
    Submit,
    Triage,
)
from icart_common.contracts.standing_still import PauseClocks, ResumeClocks
from icart_common.contracts.timers import CancelClock, MeetClock, StartClock
from icart_common.policy import Strand
from icart_common.policy.running_clocks import RunningClocks
from icart_screening.domain.contact import Contact
from icart_screening.domain.evolve import evolve, follow
from icart_screening.domain.refusal import Refusal
from services.screening.tests.front_door import CASTS, MONDAY, FrontDoor, of_type

GIVEN = Consent(person="p2", status="given", sought_by="w1", when=MONDAY, how="visit")


ACTS = (
    "triage", "allocate", "record", "consent", "fill", *["submit", "authorise"] * 3, "send_back", "close_advice",
    "correct", "abandon", "pause", "resume",
)  # fmt: skip


def is_at_work(contact: Contact) -> bool:
    return contact.status == "open" and contact.worker is not None and contact.submitted is None


def waits(contact: Contact) -> bool:
    return contact.status == "open" and contact.submitted is not None


class AnyCommands(RuleBasedStateMachine):
    """The front door of some authority and three people who try everything, mostly but not only in a role that may."""

    door: FrontDoor

    @initialize(authority=st.sampled_from(sorted(CASTS)), high=st.booleans())
    def arrive(self, authority: str, high: bool) -> None:
        self.door = FrontDoor(authority)
        self.door.open(social_worker_first=high, safety=Safety(safe=False), consents=(GIVEN,))
        for strand in self.door.pack.strands:
            self.door.fill(self.door.allocated(strand.id, consents=(GIVEN,)))

    def _one(self, data: st.DataObject, likely: Callable[[Contact], object] = lambda contact: True) -> Contact:
        """A contact, if there is one a likely one."""
        every = [self.door.contacts[contact] for contact in sorted(self.door.contacts)]
        fitting = [contact for contact in every if likely(contact)]
        return data.draw(st.sampled_from(fitting or every))

    def _try(
        self, data: st.DataObject, contact: Contact, command: type[ContactCommand], fitting: str, **fields: Any
    ) -> None:
        roles = [*[fitting] * 8, *(role.id for role in self.door.pack.roles if role.strands)]
        person = data.draw(st.sampled_from(["ada", "ben", *[contact.worker or "ada"] * 2]))
        decided = self.door.tell(contact.id, command, data.draw(st.sampled_from(roles)), person, **fields)
        if isinstance(decided, Refusal):
            assert decided.why
            assert self.door.contacts[contact.id] == contact

    def _strand(self, data: st.DataObject, contact: Contact) -> Strand:
        if contact.strand and data.draw(st.integers(0, 5)):
            return self.door.pack.strand(contact.strand)
        return data.draw(st.sampled_from(self.door.pack.strands))

    @rule(data=st.data(), act=st.sampled_from(ACTS))
    def somebody_acts(self, data: st.DataObject, act: str) -> None:
        # One rule for all: as rules of their own most would be left out of most runs, and hardly a contact would be closed.
        getattr(self, act)(data)

    def triage(self, data: st.DataObject) -> None:
        contact = self._one(data)
        urgency = data.draw(st.sampled_from(["immediate", "urgent", "routine"]))
        fields = {"strand": self._strand(data, contact).id, "urgency": urgency, "reason": "so it seems"}
        self._try(data, contact, Triage, self.door.cast.manager, **fields)

    def allocate(self, data: st.DataObject) -> None:
        contact = self._one(data, lambda held: held.strand and not held.worker)
        self._try(
            data,
            contact,
            Allocate,
            self.door.cast.manager,
            worker=data.draw(st.sampled_from(["ada", "ben"])),
            reason="so",
        )

    def record(self, data: st.DataObject) -> None:
        section = data.draw(st.sampled_from(self.door.pack.sections)).id
        roles = [role.id for role in self.door.pack.roles if role.may_fill(section)]
        fields = {"section": section, "text": "written", "statements": {"nature": "hungry at school"}}
        self._try(data, self._one(data), RecordSection, roles[0], **fields)

    def consent(self, data: st.DataObject) -> None:
        consent = GIVEN.model_copy(update={"status": data.draw(st.sampled_from(["given", "refused"]))})
        self._try(data, self._one(data), RecordConsent, self.door.cast.social_worker, consent=consent)

    def fill(self, data: st.DataObject) -> None:
        contact = self._one(data, lambda held: held.worker and not held.statements)
        if contact.status == "open" and contact.strand and not contact.submitted:
            self.door.fill(contact.id)

    def submit(self, data: st.DataObject) -> None:
        contact = self._one(data, is_at_work)
        strand = self._strand(data, contact)
        outcome = self.door.pack.outcome(data.draw(st.sampled_from(strand.outcomes)))
        fields = {"outcome": outcome.id, "level": outcome.level, "reasons": "found", "need_code": "N1"}
        self._try(data, contact, Submit, strand.worker_role, **fields)

    def authorise(self, data: st.DataObject) -> None:
        self._try(data, self._one(data, waits), Authorise, self.door.cast.manager)

    def send_back(self, data: st.DataObject) -> None:
        self._try(data, self._one(data, waits), SendBack, self.door.cast.manager, actions=("ask the school",))

    def close_advice(self, data: st.DataObject) -> None:
        contact = self._one(data, is_at_work)
        strand = self._strand(data, contact)
        outcome = data.draw(st.sampled_from(strand.outcomes))
        self._try(data, contact, CloseAdvice, strand.worker_role, outcome=outcome, reasons="advice was enough")

    def correct(self, data: st.DataObject) -> None:
        contact = self._one(data, lambda held: held.sections)
        section = data.draw(st.sampled_from(sorted(contact.sections) or ["screening"]))
        roles = [role.id for role in self.door.pack.roles if role.may_fill(section) and role.may("correct")]
        fields = {"section": section, "text": "as it was", "reason": "a slip"}
        self._try(data, contact, CorrectRecord, (roles or [self.door.cast.manager])[0], **fields)

    def abandon(self, data: st.DataObject) -> None:
        contact = self._one(data, lambda held: held.strand and not held.submitted)
        self._try(data, contact, Abandon, self.door.cast.social_worker, reason="opened twice")

    def pause(self, data: st.DataObject) -> None:
        self._try(data, self._one(data, is_at_work), PauseClocks, self.door.cast.manager, reason="they are away")

    def resume(self, data: st.DataObject) -> None:
        held = self._one(data, lambda contact: contact.standing_still)
        self._try(data, held, ResumeClocks, self.door.cast.manager, reason="they are back")

    @invariant()
    def each_contact_is_on_one_desktop_and_each_move_starts_where_the_last_ended(self) -> None:
        for contact in self.door.contacts.values():
            moves = [move for move in of_type(self.door.log, ContactMoved) if move.contact == contact.id]
            assert [move.from_desktop for move in moves] == [None, *(move.to_desktop for move in moves[:-1])]
            assert moves[-1].to_desktop == contact.desktop
            assert (contact.desktop is None) == (contact.status == "closed")

    @invariant()
    def nothing_closed_without_a_manager_but_what_the_pack_leaves_to_workers(self) -> None:
        for closed in of_type(self.door.log, ContactClosed):
            role = self.door.pack.role(closed.by.role)
            rule_of = self.door.pack.strand(closed.strand).authorisation
            if closed.authorised:
                assert role.may("authorise", closed.strand)
                assert closed.by.person != closed.submitted_by.person
                assert closed.by.person != self.door.contacts[closed.contact].worker
            else:
                assert rule_of.rule == "worker-may-close"
                assert closed.outcome in rule_of.worker_may_close_outcomes

    @invariant()
    def every_clock_starts_once_ends_once_and_none_outlives_its_contact(self) -> None:
        started = [clock.clock for clock in of_type(self.door.clocks, StartClock)]
        ended = [clock.clock for clock in self.door.clocks if isinstance(clock, MeetClock | CancelClock)]
        running = [clock for contact in self.door.contacts.values() for clock in contact.clocks.ids.values()]
        running += [clock for one in self.door.undertakings.values() for clock in one.clocks.ids.values()]
        assert len(set(started)) == len(started)
        assert sorted([*ended, *running]) == sorted(started)
        assert not any(contact.clocks.ids for contact in self.door.contacts.values() if contact.status == "closed")

    @invariant()
    def each_contact_ends_in_one_outcome_or_is_open(self) -> None:
        for contact in self.door.contacts.values():
            ends = [closed.outcome for closed in of_type(self.door.log, ContactClosed) if closed.contact == contact.id]
            assert ends == ([contact.ending.outcome] if contact.ending else [])
            assert (contact.status == "closed") == bool(ends)

    @invariant()
    def only_people_decide(self) -> None:
        """Strand, worker and ending of every contact come from an event with a person's name, or from a transfer."""
        decided = {
            (event.contact, type(event)): event.by.person
            for event in self.door.log
            if isinstance(
                event, ContactTriaged | ContactSteppedUp | ContactAllocated | ContactSubmitted | ContactClosed
            )
        }
        for contact in self.door.contacts.values():
            by_hand = any((contact.id, kind) in decided for kind in (ContactTriaged, ContactSteppedUp))
            assert contact.strand is None or contact.follows or by_hand
            assert contact.worker is None or (contact.id, ContactAllocated) in decided
            assert contact.submitted is None or (contact.id, ContactSubmitted) in decided
            assert contact.ending is None or (contact.id, ContactClosed) in decided

    @invariant()
    def the_log_alone_gives_every_record_again(self) -> None:
        bare = {"clocks": RunningClocks()}
        again = {
            identifier: contact.model_copy(update={**bare, "version": 0, "desktop": None})
            for identifier, contact in self.door.arrived.items()
        }
        for event in self.door.log:
            if isinstance(event, ContactStepped):
                again[event.contact] = follow(again[event.first], event)
            again[event.contact] = evolve(again[event.contact], event)
        assert again == {identifier: held.model_copy(update=bare) for identifier, held in self.door.contacts.items()}


AnyCommands.TestCase.settings = settings(
    max_examples=30, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
TestAnyCommands = pytest.mark.req("SC-1", "SC-2", "SC-9", "SC-10", "SC-19", "SC-26")(AnyCommands.TestCase)


def a_whole_life() -> list[Any]:
    """Every kind of event there is, from one contact that was sent back, transferred and closed."""
    door = FrontDoor("halton")
    contact = door.allocated("early-intervention")
    door.done(contact, RecordConsent, "early-intervention-worker", "w1", consent=GIVEN)
    door.submitted(contact, "advise-caf", 2)
    door.done(contact, SendBack, "social-work-manager", "m2", actions=("ask the school",))
    door.submitted(contact, "transfer-to-safeguarding", 3)
    _, second = door.authorised(contact)
    door.done(second.contact.id, Allocate, "social-work-manager", "m1", worker="w1")
    door.submitted(second.contact.id, "assessment-s47", 3, need_code="N1", without_consent="crime")
    door.authorised(second.contact.id)
    return door.log


EVENTS = a_whole_life()


@given(order=st.permutations(range(len(EVENTS))), number=st.integers(min_value=1, max_value=9))
@settings(max_examples=100, deadline=None)
def test_any_event_can_be_applied_to_any_record(order: list[int], number: int) -> None:
    door = FrontDoor("halton")
    contact = door.contacts[door.open()]
    for place in order[: number * 3]:
        before = contact.version
        contact = evolve(contact, EVENTS[place])
        assert contact.version >= before
