"""What the case system has said of one person so far, and what follows from it: the same in whatever order it was heard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Final, NamedTuple

from icart_common.contracts.base import Part
from icart_common.contracts.cases import Case, Episode, EpisodeHeld, Happened, PersonHeld, PersonNotHeld, Services
from icart_common.policy.wording import london_day
from icart_intake.domain.people import Standing

_RAISES: Final[Mapping[str, str]] = {
    "child-in-need": "child_in_need",
    "child-protection": "child_protection",
    "looked-after": "looked_after",
    "early-help": "caf",
}
"""The service that an open episode of a kind means."""


class EpisodeSaid(NamedTuple):
    """An episode as it was said last."""

    as_of: datetime
    episode: Episode


class Said(Part):
    """All of one person that the feed has said. Times are the senders' `as_of`; null is never."""

    as_of: datetime | None = None
    """Of the newest description."""
    listed_as_of: datetime | None = None
    """Of the newest description that listed all episodes: an older one that it did not list is withdrawn."""
    gone_as_of: datetime | None = None
    """Of the newest statement that the person is no longer held."""
    base: Standing = Standing()
    """Case, services and history of the newest description, without the episodes."""
    episodes: Mapping[str, EpisodeSaid] = {}

    @property
    def heard_as_of(self) -> datetime | None:
        """When the case system last showed that it holds the person."""
        times = [one.as_of for one in self.episodes.values()]
        return max([*times, self.as_of] if self.as_of else times, default=None)

    def is_held(self) -> bool:
        """Whether the case system holds the person, as far as we were told."""
        heard = self.heard_as_of
        return self.as_of is not None and heard is not None and (self.gone_as_of is None or heard >= self.gone_as_of)

    def hear(self, message: PersonHeld | PersonNotHeld | EpisodeHeld) -> Said:
        """What is known after one more statement. What is older than what it is about changes nothing."""
        if isinstance(message, PersonNotHeld):
            return self.model_copy(update={"gone_as_of": _newer(self.gone_as_of, message.as_of)})
        if isinstance(message, EpisodeHeld):
            return self.model_copy(update={"episodes": self._with(message.as_of, message.episode)})
        return self._described(message)

    def _described(self, body: PersonHeld) -> Said:
        if self.as_of and body.as_of < self.as_of:
            # Overtaken; but where a newer description left the episodes out, these are still the last list of them.
            return self._listed(body)
        base = Standing(case=body.case, services=body.services, history=body.history)
        return self._listed(body).model_copy(update={"as_of": body.as_of, "base": base})

    def _listed(self, body: PersonHeld) -> Said:
        if body.episodes is None or (self.listed_as_of and body.as_of < self.listed_as_of):
            return self
        found = self
        for episode in body.episodes:
            found = found.model_copy(update={"episodes": found._with(body.as_of, episode)})
        return found.model_copy(update={"listed_as_of": body.as_of})

    def _with(self, as_of: datetime, episode: Episode) -> Mapping[str, EpisodeSaid]:
        before = self.episodes.get(episode.episode)
        if before and as_of < before.as_of:
            return self.episodes
        return {**self.episodes, episode.episode: EpisodeSaid(as_of, episode)}

    def standing(self) -> Standing:
        """Where the person stands. Of one who is no longer held only the history counts."""
        told = [one for _, one in sorted(self.episodes.items()) if self._counts(one)]
        history = (*self.base.history, *(line for one in told for line in _lines(one)))
        if not self.is_held():
            return Standing(history=history)
        running = [one.episode for one in told if is_open(one)]
        return Standing(case=self._case(told), services=_services(self.base.services, running, told), history=history)

    def _counts(self, one: EpisodeSaid) -> bool:
        listed = self.listed_as_of is None or one.as_of >= self.listed_as_of
        return listed and one.episode.status != "withdrawn"

    def _case(self, told: list[EpisodeSaid]) -> Case | None:
        """The case that counts: an open one before a closed one, one with a worker before one without, the newest of those."""
        cases = [_as_case(one) for one in told if not is_ahead(one)]
        if self.base.case:
            cases.append(self.base.case)
        return max(cases, key=_weight, default=None)


def is_ahead(one: EpisodeSaid) -> bool:
    """Whether an episode has not begun as of the day on which it was said."""
    opened = one.episode.opened
    return one.episode.status == "planned" or bool(opened and opened > london_day(one.as_of))


def is_open(one: EpisodeSaid) -> bool:
    """Whether an episode runs as of the day on which it was said. One whose closure lies ahead does."""
    episode = one.episode
    if is_ahead(one) or episode.status == "withdrawn":
        return False
    return episode.status == "open" or bool(episode.closed and episode.closed > london_day(one.as_of))


def _as_case(one: EpisodeSaid) -> Case:
    episode, runs = one.episode, is_open(one)
    return Case(
        status="open" if runs else "closed",
        episode=episode.episode,
        allocated=runs and episode.allocated,
        worker=episode.worker,
        worker_email=episode.worker_email,
        team=episode.team,
        opened=episode.opened,
        closed=None if runs else episode.closed,
    )


def _weight(case: Case) -> tuple[bool, bool, date, str]:
    runs = case.status == "open"
    day = case.opened if runs else case.closed or case.opened
    return runs, runs and case.allocated, day or date.min, case.episode or ""


def _services(base: Services, running: list[Episode], told: list[EpisodeSaid]) -> Services:
    found = {_RAISES[one.kind] for one in running if one.kind in _RAISES}
    if any(_plan_runs(one) for one in told):
        found.add("child_protection")
    return base.model_copy(update=dict.fromkeys(sorted(found), True))


def _plan_runs(one: EpisodeSaid) -> bool:
    day = london_day(one.as_of)
    return is_open(one) and any(
        plan.started <= day and (plan.ended is None or plan.ended > day) for plan in one.episode.plans
    )


def _lines(one: EpisodeSaid) -> Iterator[Happened]:
    """The lines of the chronology that an episode makes (IN-6). What lies ahead has not happened."""
    if is_ahead(one):
        return
    episode, day = one.episode, london_day(one.as_of)
    if episode.opened:
        yield Happened(on=episode.opened, kind="referral", outcome=_outcome(episode, day))
    if episode.conference and episode.conference <= day:
        yield Happened(on=episode.conference, kind="other", outcome="initial child protection conference")
    for plan in episode.plans:
        if plan.started <= day:
            ended = f", ended {plan.ended.isoformat()}" if plan.ended and plan.ended <= day else ""
            yield Happened(on=plan.started, kind="child-protection-plan", outcome=f"begun{ended}")


def _outcome(episode: Episode, day: date) -> str | None:
    parts = []
    if episode.source:
        parts.append(f"source {episode.source}")
    if episode.need:
        parts.append(f"need {episode.need}")
    if episode.closed and episode.closed <= day:
        parts.append(f"closed {episode.closed.isoformat()}" + (f" ({episode.closure})" if episode.closure else ""))
    return ", ".join(parts) or None


def _newer(one: datetime | None, other: datetime) -> datetime:
    return max(one, other) if one else other
