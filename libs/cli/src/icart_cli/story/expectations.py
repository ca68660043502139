"""What was said since a step began, held against what the story expects of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from icart_cli.describe import describe, shown
from icart_cli.listening import Heard
from icart_cli.story.letters import Letter
from icart_cli.story.matching import fits, values_at
from icart_cli.story.memory import Memory
from icart_cli.story.model import Clock, Expectation, Mail, Never, NotTold, Nowhere, Said, Told
from icart_common.contracts import timers
from icart_common.contracts.notifications import OutboundNotice

_STATES: dict[str, type[timers.ClockEvent]] = {
    "started": timers.ClockStarted,
    "warned": timers.ClockWarned,
    "breached": timers.ClockBreached,
    "met": timers.ClockMet,
    "late": timers.ClockMet,
    "cancelled": timers.ClockCancelled,
    "paused": timers.ClockPaused,
    "resumed": timers.ClockResumed,
    "moved": timers.ClockMoved,
}
_AT_MOST = 6


@dataclass(frozen=True, slots=True)
class Failure:
    """An expectation that did not hold: what it was, and what came instead."""

    expected: str
    came: str


@dataclass(frozen=True, slots=True)
class Window:
    """What there is to look at: what was said and which letters left since the step began, and all that left so far."""

    heard: Sequence[Heard]
    letters: Sequence[Letter]
    left: Sequence[Heard]
    all_letters: Sequence[Letter]
    memory: Memory


def check(expectation: Expectation, window: Window) -> tuple[list[Heard], Failure | None]:
    """The messages that fulfil an expectation, and the failure when they do not."""
    match expectation:
        case Said():
            return _counted(expectation, window, lambda one: one.envelope.type == expectation.said, expectation.said)
        case Told():
            kind = f"told {expectation.told} {expectation.template or 'something'}"
            return _counted(expectation, window, _told(expectation.told, expectation.template), kind)
        case Never():
            found = _matching(window, lambda one: one.envelope.type == expectation.never, expectation)
            return [], _none_expected(found, f"never {expectation.never}", window)
        case NotTold():
            told = _told(expectation.not_told, expectation.template)
            found = [one for one in window.heard if told(one)]
            return [], _none_expected(found, f"{expectation.not_told} is not told this", window)
        case Mail():
            return [], _mail(expectation, window)
        case Clock():
            return _clock(expectation, window)
        case Nowhere():
            return [], _nowhere(expectation, window)


def _told(agency: str, template: str | None) -> Callable[[Heard], bool]:
    topic = f"outbound.{agency}"

    def told(one: Heard) -> bool:
        notice = one.body
        return one.topic == topic and isinstance(notice, OutboundNotice) and template in (None, notice.template)

    return told


def _matching(window: Window, kind: Callable[[Heard], bool], wanted: Said | Told | Never) -> list[Heard]:
    where = window.memory.with_ids(wanted.where)
    return [
        one
        for one in window.heard
        if kind(one) and (wanted.about is None or wanted.about in window.memory.names_in(one)) and fits(one.body, where)
    ]


def _counted(
    wanted: Said | Told, window: Window, kind: Callable[[Heard], bool], words: str
) -> tuple[list[Heard], Failure | None]:
    found = _matching(window, kind, wanted)
    if len(found) == wanted.count or (wanted.count is None and found):
        return found, None
    count = "at least one" if wanted.count is None else str(wanted.count)
    of = f" about {wanted.about}" if wanted.about else ""
    where = f" where {_said(wanted.where)}" if wanted.where else ""
    alike = [one for one in window.heard if kind(one)]
    came = f"{len(found)} such; of this kind: {_listed(alike, window.memory, wanted.where)}"
    return found, Failure(f"{count} {words}{of}{where}", came)


def _said(where: dict[str, Any]) -> str:
    return ", ".join(f"{path} = {wanted}" for path, wanted in where.items())


def _listed(heard: Sequence[Heard], memory: Memory, where: dict[str, Any]) -> str:
    """What came instead: sentences and the fields that were asked for, except those that hold people's words."""
    if not heard:
        return "nothing"
    lines = [f"{memory.title_of(one)}: {describe(one.body)} {_asked(one, where)}".rstrip() for one in heard[:_AT_MOST]]
    more = f"; and {len(heard) - _AT_MOST} more" if len(heard) > _AT_MOST else ""
    return "; ".join(lines) + more


def _asked(one: Heard, where: dict[str, Any]) -> str:
    body = one.body.model_dump(mode="json")
    found = {path: values_at(body, path) for path in where}
    return str(found) if found else ""


def _none_expected(found: Sequence[Heard], words: str, window: Window) -> Failure | None:
    return Failure(words, _listed(found, window.memory, {})) if found else None


def _clock(wanted: Clock, window: Window) -> tuple[list[Heard], Failure | None]:
    events = [one for one in window.heard if isinstance(one.body, timers.ClockEvent)]
    of_it = [one for one in events if _rule(one) == wanted.clock and wanted.about in window.memory.names_in(one)]
    found = [one for one in of_it if _is_so(one.body, wanted)]
    if found:
        return found, None
    due = f", due {shown(wanted.due)}" if wanted.due else ""
    words = f", with the sum '{wanted.sum}'" if wanted.sum else ""
    expected = f"clock {wanted.clock} of {wanted.about} {wanted.state}{due}{words}"
    return [], Failure(expected, _listed(of_it or events, window.memory, {}))


def _rule(one: Heard) -> str:
    return one.body.rule if isinstance(one.body, timers.ClockEvent) else ""


def _is_so(event: Any, wanted: Clock) -> bool:
    if not isinstance(event, _STATES[wanted.state]):
        return False
    if isinstance(event, timers.ClockMet) and event.late != (wanted.state == "late"):
        return False
    due = getattr(event, "due_at", None)
    return (wanted.due is None or wanted.due == due) and wanted.sum in getattr(event, "sum", "")


def _mail(wanted: Mail, window: Window) -> Failure | None:
    to_them = [letter for letter in window.letters if letter.to == wanted.mail and wanted.subject in letter.subject]
    found = [letter for letter in to_them if letter.holds(wanted.holds) and letter.lacks(wanted.lacks)]
    if len(found) == wanted.count:
        return None
    expected = f"{wanted.count} e-mail to {wanted.mail} with the subject '{wanted.subject}'"
    subjects = "; ".join(f"to {letter.to}: {letter.subject}" for letter in window.letters) or "no e-mail"
    return Failure(expected, f"{len(found)} such; {len(to_them)} by address and subject; sent: {subjects}")


def _nowhere(wanted: Nowhere, window: Window) -> Failure | None:
    texts = [(f"on {one.topic}", one.body.model_dump_json()) for one in window.left]
    texts += [(f"in an e-mail to {letter.to}", f"{letter.subject}\n{letter.text}") for letter in window.all_letters]
    hits = sorted({f"{word!r} {place}" for word in wanted.nowhere for place, text in texts if word in text})
    return Failure(f"nowhere {', '.join(wanted.nowhere)}", "; ".join(hits)) if hits else None


def unexpected(heard: Iterable[Heard], fulfilled: Iterable[Heard], kind: type) -> list[Heard]:
    """Messages of a kind that no expectation asked for."""
    expected = {one.envelope.id for one in fulfilled}
    return [one for one in heard if isinstance(one.body, kind) and one.envelope.id not in expected]
