"""Whatever people ask, in whatever order and role: what may never happen does not happen (SC-1, SC-2, SC-9, SC-10)."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from icart_common.contracts.referral import Consent, Safety
from icart_common.contracts.screening import (
    Allocate,
    Authorise,
    CloseAdvice,
    ContactAllocated,
    ContactClosed,
    ContactCommand,
    ContactMoved,
    ContactReceived,
    ContactStepped,
    ContactSubmitted,
    ContactTriaged,
    RecordConsent,
    SendBack,
    Submit,
    Triage,
)
from icart_common.contracts.timers import CancelClock, MeetClock, StartClock
from icart_screening.domain.contact import Contact
from icart_screening.domain.evolve import evolve, follow
from icart_screening.domain.refusal import Refusal
from services.screening.tests.front_door import CASTS, FrontDoor, of_type

people = st.sampled_from(["ada", "ben", "cleo"])
urgencies = st.sampled_from(["immediate", "urgent", "routine"])


class AnyCommands(RuleBasedStateMachine):
    """A front door of some authority, two contacts, three people who try everything."""

    door: FrontDoor

    @initialize(authority=st.sampled_from(sorted(CASTS)), high=st.booleans())
    def arrive(self, authority: str, high: bool) -> None:
        self.door = FrontDoor(authority)
        self.door.open(social_worker_first=high, safety=Safety(safe=False))
        self.door.open(consents=(Consent(person="p2", status="given"),))

    def _try(self, data: st.DataObject, command: type[ContactCommand], **fields: Any) -> None:
        contact = data.draw(st.sampled_from(sorted(self.door.contacts)))
        roles = [role.id for role in self.door.pack.roles if role.strands]
        before = self.door.contacts[contact]
        decided = self.door.tell(contact, command, data.draw(st.sampled_from(roles)), data.draw(people), **fields)
        if isinstance(decided, Refusal):
            assert decided.why
            assert self.door.contacts[contact] == before

    @rule(data=st.data(), urgency=urgencies)
    def triage(self, data: st.DataObject, urgency: str) -> None:
        strand = data.draw(st.sampled_from([strand.id for strand in self.door.pack.strands]))
        self._try(data, Triage, strand=strand, urgency=urgency, reason="so it seems")

    @rule(data=st.data(), worker=people)
    def allocate(self, data: st.DataObject, worker: str) -> None:
        self._try(data, Allocate, worker=worker)

    @rule(data=st.data(), status=st.sampled_from(["given", "refused"]))
    def consent(self, data: st.DataObject, status: str) -> None:
        self._try(data, RecordConsent, consent=Consent(person="p2", status=status))

    @rule(data=st.data())
    def fill(self, data: st.DataObject) -> None:
        contact = self.door.contacts[data.draw(st.sampled_from(sorted(self.door.contacts)))]
        if contact.status == "open" and contact.strand and not contact.submitted:
            self.door.fill(contact.id)

    @rule(data=st.data())
    def submit(self, data: st.DataObject) -> None:
        outcome = data.draw(st.sampled_from(self.door.pack.outcomes))
        self._try(data, Submit, outcome=outcome.id, level=outcome.level, reasons="found", need_code="N1")

    @rule(data=st.data())
    def submit_as_the_worker(self, data: st.DataObject) -> None:
        contact = self.door.contacts[data.draw(st.sampled_from(sorted(self.door.contacts)))]
        if contact.worker and contact.strand:
            strand = self.door.pack.strand(contact.strand)
            outcome = self.door.pack.outcome(data.draw(st.sampled_from(strand.outcomes)))
            fields = {"outcome": outcome.id, "level": outcome.level, "reasons": "found", "need_code": "N1"}
            self.door.tell(contact.id, Submit, strand.worker_role, contact.worker, **fields)

    @rule(data=st.data())
    def authorise(self, data: st.DataObject) -> None:
        self._try(data, Authorise)

    @rule(data=st.data())
    def send_back(self, data: st.DataObject) -> None:
        self._try(data, SendBack, actions=("ask the school",))

    @rule(data=st.data())
    def close_advice(self, data: st.DataObject) -> None:
        outcome = data.draw(st.sampled_from([outcome.id for outcome in self.door.pack.outcomes]))
        self._try(data, CloseAdvice, outcome=outcome, reasons="advice was enough")

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
        assert len(set(started)) == len(started)
        assert sorted([*ended, *running]) == sorted(started)
        assert not any(contact.clocks.ids for contact in self.door.contacts.values() if contact.status == "closed")

    @invariant()
    def only_people_decide(self) -> None:
        """Strand, worker and ending of every contact come from an event with a person's name, or from a transfer."""
        decided = {
            (event.contact, type(event)): event.by.person
            for event in self.door.log
            if isinstance(event, ContactTriaged | ContactAllocated | ContactSubmitted | ContactClosed)
        }
        for contact in self.door.contacts.values():
            assert contact.strand is None or contact.follows or (contact.id, ContactTriaged) in decided
            assert contact.worker is None or (contact.id, ContactAllocated) in decided
            assert contact.submitted is None or (contact.id, ContactSubmitted) in decided
            assert contact.ending is None or (contact.id, ContactClosed) in decided

    @invariant()
    def the_log_alone_gives_every_record_again(self) -> None:
        again: dict[Any, Contact] = {}
        for event in self.door.log:
            if isinstance(event, ContactReceived):
                held = self.door.contacts[event.contact]
                again[event.contact] = Contact.model_validate(
                    {
                        **{name: getattr(held, name) for name in ("id", "authority", "pack_version", "reference")},
                        "arrival": held.arrival,
                        "proposed": event.proposed,
                        "consents": (Consent(person="p2", status="given"),) if event == self._second() else (),
                    }
                )
            if isinstance(event, ContactStepped):
                again[event.contact] = follow(again[event.first], event)
            again[event.contact] = evolve(again[event.contact], event)
        bare = {"clocks": Contact.model_fields["clocks"].default}
        wanted = {identifier: held.model_copy(update=bare) for identifier, held in self.door.contacts.items()}
        assert again == wanted

    def _second(self) -> ContactReceived:
        second: ContactReceived = of_type(self.door.log, ContactReceived)[1]
        return second


AnyCommands.TestCase.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
TestAnyCommands = pytest.mark.req("SC-1", "SC-2", "SC-9", "SC-10")(AnyCommands.TestCase)


def a_whole_life() -> list[Any]:
    """Every kind of event there is, from one contact that was sent back, transferred and closed."""
    door = FrontDoor("halton")
    contact = door.allocated("early-intervention")
    door.done(contact, RecordConsent, "early-intervention-worker", "w1", consent=Consent(person="p2", status="given"))
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
