"""The clocks that run for one thing, and what a moment in its life says to them. Pure: the service sends the commands on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from pydantic import Field

from icart_common.contracts.base import Slug
from icart_common.contracts.ids import derived_id
from icart_common.contracts.timers import CancelClock, ClockMessage, MeetClock, PauseClock, ResumeClock, StartClock
from icart_common.policy.base import Part
from icart_common.policy.clocks import ClockFacts, Moment
from icart_common.policy.pack import PolicyPack


class RunningClocks(Part):
    """Ids of the clocks that run for one thing, by the pack's rule. Kept in the thing's own state."""

    ids: dict[str, UUID] = Field(default_factory=dict)

    def on(
        self,
        moment: Moment,
        facts: ClockFacts,
        *,
        pack: PolicyPack,
        owner: Slug,
        subject: UUID,
        received_at: datetime,
        at: datetime,
    ) -> tuple[RunningClocks, tuple[ClockMessage, ...]]:
        """What `moment` means: clocks that it ends are met, those that no longer apply are cancelled, those it starts run.

        `received_at` is when the matter first arrived, `at` when the moment happened; the pack says which one a clock counts
        from. A clock that runs already is not started again.
        """
        ids = dict(self.ids)
        said: list[ClockMessage] = []
        for rule in pack.clocks:
            if moment in rule.ends_on and rule.id in ids:
                said.append(MeetClock(clock=ids.pop(rule.id), at=at, by_event=moment))
        for rule in pack.no_longer(moment, facts):
            if rule.id in ids:
                said.append(CancelClock(clock=ids.pop(rule.id), at=at, reason="no longer applies"))
        for rule in pack.starting(moment, facts):
            if rule.id in ids:
                continue
            ids[rule.id] = derived_id(at, subject, rule.id, at.isoformat())
            said.append(
                StartClock(
                    clock=ids[rule.id],
                    authority=pack.authority.id,
                    pack_version=pack.version,
                    rule=rule.id,
                    owner=owner,
                    subject=subject,
                    counted_from=received_at if rule.counted_from == "received" else at,
                )
            )
        return RunningClocks(ids=ids), tuple(said)

    def cancel(self, *, at: datetime, reason: str) -> tuple[RunningClocks, tuple[ClockMessage, ...]]:
        """End every clock that still runs: the thing is no longer there to be timed."""
        return RunningClocks(), tuple(CancelClock(clock=clock, at=at, reason=reason) for clock in self.ids.values())

    def that_may_pause(self, pack: PolicyPack) -> tuple[str, ...]:
        """The rules whose clocks run, and that the pack lets pause."""
        return tuple(rule for rule in self.ids if pack.clock(rule).may_pause)

    def pause(self, rules: Iterable[str], *, at: datetime, reason: str) -> tuple[PauseClock, ...]:
        """Stop the clocks of these rules."""
        return tuple(PauseClock(clock=self.ids[rule], at=at, reason=reason) for rule in rules)

    def resume(self, rules: Iterable[str], *, at: datetime, reason: str) -> tuple[ResumeClock, ...]:
        """Let the paused clocks of these rules run on."""
        return tuple(ResumeClock(clock=self.ids[rule], at=at, reason=reason) for rule in rules)
