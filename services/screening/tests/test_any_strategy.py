"""Whatever people do with strategy discussions, none closes unheard or with an action that is nobody's (SC-14)."""

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from icart_common.contracts.at_once import StepUpNow
from icart_common.contracts.base import Command
from icart_common.contracts.strategy import (
    CloseStrategyDiscussion,
    DecideStrategyDiscussion,
    HoldStrategyDiscussion,
    InviteToStrategyDiscussion,
    NoteStrategyAction,
    ReconveneStrategyDiscussion,
    RecordStrategyAttendance,
    Seat,
    SettleStrategyAction,
    ShareForStrategyDiscussion,
    StrategyConcluded,
    StrategyDiscussionClosed,
)
from icart_common.contracts.timers import CancelClock, MeetClock, StartClock
from icart_common.policy.lives.strategy_discussion import UNDER_WAY
from icart_common.policy.running_clocks import RunningClocks
from icart_screening.domain.refusal import Refusal
from icart_screening.domain.undertakings.strategy import StrategyDiscussion
from icart_screening.domain.undertakings.undertaking import after
from services.screening.tests.front_door import CASTS, FrontDoor, of_type
from services.screening.tests.strategy_cast import DUTY

ACTS = ("decide", "reconvene", "step_up", "invite", "share", *["attend", "note", "hold", "close"] * 3, "settle")


class AnyDiscussions(RuleBasedStateMachine):
    """Two contacts of some authority, and people who try everything in any order, mostly in a role that may."""

    door: FrontDoor

    @initialize(authority=st.sampled_from(sorted(CASTS)))
    def arrive(self, authority: str) -> None:
        self.door = FrontDoor(authority)
        self.contacts = [self.door.open(), self.door.allocated(self.door.cast.early)]
        rules = self.door.pack.strategy.partners
        agencies = [(partner, agency) for partner in rules for agency in self.door.pack.agencies]
        self.seats = [Seat(partner=one.id, agency=agency.id) for one, agency in agencies if one.seats(agency, None)]
        self.seats += [Seat(partner="social-care")] * 3

    @property
    def discussions(self) -> list[StrategyDiscussion]:
        return [one for one in self.door.undertakings.values() if isinstance(one, StrategyDiscussion)]

    @rule(data=st.data(), act=st.sampled_from(ACTS))
    def somebody_acts(self, data: st.DataObject, act: str) -> None:
        # One rule for all: as rules of their own most would be left out of most runs, and hardly one would be closed.
        getattr(self, act)(data)

    def _one(self, data: st.DataObject) -> StrategyDiscussion | None:
        """A discussion, if there is one that is under way."""
        likely = [one for one in self.discussions if one.state in UNDER_WAY]
        return data.draw(st.sampled_from(likely or self.discussions)) if self.discussions else None

    def _try(self, data: st.DataObject, about: Any, command: type[Command], **fields: Any) -> None:
        role = data.draw(st.sampled_from([self.door.cast.manager] * 8 + [self.door.cast.social_worker, "edt-worker"]))
        before = (dict(self.door.undertakings), dict(self.door.contacts))
        decided = self.door.ask(about, command, role, data.draw(st.sampled_from(["ada", "ben"])), **fields)
        if isinstance(decided, Refusal):
            assert decided.why
            assert (self.door.undertakings, self.door.contacts) == before

    def decide(self, data: st.DataObject) -> None:
        also = data.draw(st.lists(st.sampled_from(["school", "camhs"]), max_size=1))
        contact = data.draw(st.sampled_from(self.contacts))
        self._try(data, contact, DecideStrategyDiscussion, because="not safe", also=also)

    def step_up(self, data: st.DataObject) -> None:
        contact = data.draw(st.sampled_from(self.contacts))
        self.door.tell(contact, StepUpNow, self.door.cast.manager, "ada", reason="harm", strategy="tonight")

    def reconvene(self, data: st.DataObject) -> None:
        if self.discussions:
            first = data.draw(st.sampled_from(self.discussions))
            self._try(data, first.id, ReconveneStrategyDiscussion, undertaking=first.id, because="a report")

    def invite(self, data: st.DataObject) -> None:
        if one := self._one(data):
            seats = data.draw(st.lists(st.sampled_from(self.seats), min_size=1, max_size=3))
            fields = {"seats": seats, "meets_at": self.door.now, "how": "by video"}
            self._try(data, one.id, InviteToStrategyDiscussion, **fields)

    def share(self, data: st.DataObject) -> None:
        if (one := self._one(data)) and one.invited:
            agency = data.draw(st.sampled_from(one.invited)).agency or "nobody"
            fields = {"agency": agency, "information": "a mark", "ground": self.door.cast.ground}
            self._try(data, one.id, ShareForStrategyDiscussion, **fields)

    def attend(self, data: st.DataObject) -> None:
        if one := self._one(data):
            missing = {partner.id for partner in one.unheard(self.door.pack.strategy)}
            likely = [seat for seat in self.seats if seat.partner in missing]
            seat = data.draw(st.sampled_from([*likely, self.seats[0]]))
            how = data.draw(st.sampled_from(["came", "by-telephone", "came", "absent"]))
            self._try(data, one.id, RecordStrategyAttendance, seat=seat, took_part=how)

    def note(self, data: st.DataObject) -> None:
        if one := self._one(data):
            numbers = [action.number for action in one.incomplete]
            fields = {
                "number": data.draw(st.sampled_from([*numbers, None])),
                "owner": data.draw(st.sampled_from([DUTY, DUTY, None])),
                "due": data.draw(st.sampled_from([self.door.now.date()] * 2 + [None])),
            }
            self._try(data, one.id, NoteStrategyAction, what="ask", **fields)

    def settle(self, data: st.DataObject) -> None:
        likely = [one for one in self.discussions if one.outstanding]
        if likely:
            one = data.draw(st.sampled_from(likely))
            number = data.draw(st.sampled_from([action.number for action in one.outstanding]))
            how = data.draw(st.sampled_from(["done", "withdrawn"]))
            self._try(data, one.id, SettleStrategyAction, number=number, how=how, note="so it is")

    def hold(self, data: st.DataObject) -> None:
        if one := self._one(data):
            self._try(data, one.id, HoldStrategyDiscussion, held_at=self.door.now)

    def close(self, data: st.DataObject) -> None:
        if one := self._one(data):
            outcome = data.draw(st.sampled_from(["s47-single", "s47-joint", "no-s47"]))
            self._try(data, one.id, CloseStrategyDiscussion, outcome=outcome, reasons="so we think")

    @invariant()
    def none_closed_with_an_action_that_is_nobodys_or_without_whom_it_needed(self) -> None:
        always = {one.id for one in self.door.pack.strategy.partners if one.needed == "always"}
        for closed in of_type(self.door.told, StrategyDiscussionClosed):
            assert all(one.owner and one.due for one in closed.actions if one.settled != "withdrawn")
            heard = {one.seat.partner for one in closed.attendance if one.took_part != "absent"}
            held = self.door.undertakings[closed.undertaking]
            assert isinstance(held, StrategyDiscussion)
            assert always | set(held.also) <= heard

    @invariant()
    def every_clock_ends_exactly_once_and_none_runs_when_it_was_held(self) -> None:
        own = {one.id for one in self.discussions}
        started = [clock.clock for clock in of_type(self.door.clocks, StartClock) if clock.subject in own]
        ended = [one.clock for one in self.door.clocks if isinstance(one, MeetClock | CancelClock)]
        running = [clock for one in self.discussions for clock in one.clocks.ids.values()]
        assert len(started) == len(self.discussions)
        assert sorted([*running, *(clock for clock in ended if clock in set(started))]) == sorted(started)
        assert all(bool(one.clocks.ids) == (one.state == "decided") for one in self.discussions)

    @invariant()
    def one_at_a_time_and_what_it_came_to_stands_on_its_contact(self) -> None:
        for contact in self.contacts:
            own = [one for one in self.discussions if one.contact == contact]
            assert len([one for one in own if one.state in UNDER_WAY]) <= 1
            concluded = [one for one in of_type(self.door.log, StrategyConcluded) if one.contact == contact]
            assert self.door.contacts[contact].strategy == (concluded[-1].outcome if concluded else None)

    @invariant()
    def what_was_said_alone_gives_every_discussion_again(self) -> None:
        for one in self.discussions:
            blank = {"id", "contact", "authority", "pack_version", "begun_at"}
            again = StrategyDiscussion(**one.model_dump(include=blank), version=0, state="")
            for event in self.door.told:
                if event.undertaking == one.id:
                    again = after(again, event)
            assert again == one.model_copy(update={"clocks": RunningClocks()})


AnyDiscussions.TestCase.settings = settings(
    max_examples=30, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
)
TestAnyDiscussions = pytest.mark.req("SC-14", "TM-6")(AnyDiscussions.TestCase)
