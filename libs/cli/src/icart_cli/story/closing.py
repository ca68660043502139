"""The closing table: what came in, what became of it, its clocks, what went back; and the totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from icart_cli.describe import in_words, is_trigger
from icart_cli.listening import Heard
from icart_cli.output import Output
from icart_cli.story.memory import Memory
from icart_cli.story.player import Played
from icart_common.contracts import timers
from icart_common.contracts.base import InboundRefused, Message
from icart_common.contracts.deadletters import DeadLettered
from icart_common.contracts.intake import AdviceGiven, CaseRedirected, EdtRecordReceived, SubmissionRepeated
from icart_common.contracts.joint_work import NoticeJoined
from icart_common.contracts.notifications import DeliveryMade, NoticeAnswered
from icart_common.contracts.people import (
    MatchDecided,
    MatchOffered,
    MatchWithdrawn,
    MergeProposed,
    MergeRefused,
    MergeUndone,
    PeopleMerged,
)
from icart_common.contracts.police_vpa import VpaRouted
from icart_common.contracts.screening import ContactClosed
from icart_common.contracts.undertakings import UndertakingEvent
from icart_common.policy.book import PolicyBook

_COLUMNS = ("what came in", "from", "what became of it", "clocks", "messages back", "dead letters")


@dataclass(slots=True)
class _Line:
    """One row, and what counts for the totals."""

    name: str
    sender: str
    became: str
    clocks: Counter[str]
    back: int
    dead: int

    def add(self, other: _Line) -> None:
        """Take over what counts of a row that is not shown."""
        self.clocks += other.clocks
        self.back += other.back
        self.dead += other.dead

    def cells(self) -> tuple[object, ...]:
        clocks = ", ".join(f"{count} {state}" for state, count in sorted(self.clocks.items())) or "none"
        return self.name, self.sender, self.became or "nothing yet", clocks, self.back, self.dead or ""


def show_closing(output: Output, stories: Sequence[Played], book: PolicyBook) -> None:
    """A table for each story and one line of totals for all."""
    everything: list[_Line] = []
    contacts = closed = 0
    for played in stories:
        lines = list(_lines(played, book))
        everything += lines
        contacts += len(played.memory.contacts)
        closed += len({one.body.contact for one in played.memory.heard if isinstance(one.body, ContactClosed)})
        output.line("")
        title = f"{played.script.story.title} ({played.script.story.authority})"
        output.table("closing", _COLUMNS, (line.cells() for line in lines), empty="Nothing came in.", title=title)
    states: Counter[str] = sum((line.clocks for line in everything), Counter())
    back, dead = sum(line.back for line in everything), sum(line.dead for line in everything)
    failures = sum(len(step) for played in stories for step in played.failures) + sum(len(p.ending) for p in stories)
    output.line("")
    output.fact(
        "totals",
        f"{len(stories)} stories, {contacts} contacts, {closed} with an authorised or closed outcome. Clocks: "
        + (", ".join(f"{count} {state}" for state, count in sorted(states.items())) or "none")
        + f". {back} messages went back, {dead} dead letters. "
        + ("Every expectation held." if not failures else f"{failures} expectations did NOT hold."),
        style="bold green" if not failures else "bold red",
        contacts=contacts, closed=closed, clocks=dict(states), back=back, dead_letters=dead, failures=failures,
    )  # fmt: skip


def _lines(played: Played, book: PolicyBook) -> Iterator[_Line]:
    """In the order in which things came in. A submission that only opened contacts shares the first contact's row."""
    memory = played.memory
    names = dict.fromkeys([*memory.sent, *memory.contacts, *memory.ids])
    order = {name: number for number, name in enumerate(memory.sent)}
    names_by_root = groupby(sorted(names, key=lambda name: (order.get(_root(name), len(order)), name)), key=_root)
    for _, group in names_by_root:
        lines = [_line(name, played, book) for name in group]
        first, rest = lines[0], lines[1:]
        if first.became or not rest:
            yield from lines
            continue
        rest[0].add(first)
        yield from rest


def _root(name: str) -> str:
    return name.split("/")[0]


def _line(name: str, played: Played, book: PolicyBook) -> _Line:
    memory = played.memory
    own = [one for one in memory.heard if _row_of(one, memory) == name]
    root = memory.sent.get(_root(name))
    return _Line(
        name=name,
        sender=root.agency if root else "",
        became=_became(name, own, memory, book),
        clocks=_clocks(name, memory),
        back=sum(isinstance(one.body, DeliveryMade) for one in own),
        dead=sum(isinstance(one.body, DeadLettered) for one in own),
    )


def _row_of(heard: Heard, memory: Memory) -> str | None:
    """In which row a message counts: what answers a second message is about the first, and stands with the second."""
    if isinstance(heard.body, NoticeJoined):
        return memory.name_of(heard.body.notice.contact)
    if isinstance(heard.body, SubmissionRepeated | EdtRecordReceived):
        return memory.cause_of(heard)
    return memory.title_of(heard)


def _became(name: str, own: Sequence[Heard], memory: Memory, book: PolicyBook) -> str:
    words = []
    for one in own:
        match one.body:
            case ContactClosed() as closed:
                outcome = book.pack(closed.authority, closed.pack_version).outcome(closed.outcome)
                words.append(f"{outcome.name}, level {closed.level}")
            case CaseRedirected():
                words.append("passed to the worker of the open case")
            case AdviceGiven() as advice:
                words.append("advice: " + ("call the police now" if advice.call_police_now else "come back with more"))
            case NoticeJoined() as joined:
                words.append(f"worked with {memory.name_of(joined.contact)}")
            case SubmissionRepeated():
                words.append("sent again: acknowledged as a repeat")
            case EdtRecordReceived():
                words.append("the night team's record is complete")
            case NoticeAnswered():
                words.append("answered")
            case VpaRouted() as routed:
                words.append(f"to {routed.route}")
            case InboundRefused():
                words.append("refused, the sender was told")
            case UndertakingEvent() as event:
                words = [in_words(event)]
            case _:
                words += of_people(one.body)
    if not words and name in memory.contacts:
        words.append("still open")
    return "; ".join(dict.fromkeys(words))


def of_people(said: Message) -> Iterator[str]:
    """What became of an offer or of a merge."""
    match said:
        case MatchOffered():
            yield "offered to a worker"
        case MatchDecided() as decided:
            done = "the same child" if decided.same else "not the same child"
            yield f"decided: {done}" + (", a merge proposed" if decided.merge else "")
        case MatchWithdrawn():
            yield "withdrawn: nothing is left to decide"
        case MergeProposed():
            yield "proposed"
        case PeopleMerged():
            yield "approved by somebody else: one child"
        case MergeRefused():
            yield "refused"
        case MergeUndone():
            yield "undone: two children again"


def _clocks(name: str, memory: Memory) -> Counter[str]:
    subject = memory.ids.get(name)
    return states_of(
        one.body for one in memory.heard if isinstance(one.body, timers.ClockEvent) and one.body.subject == subject
    )


def states_of(said: Iterable[timers.ClockEvent]) -> Counter[str]:
    """Each clock once, by how it stands at the end; a breached clock stays breached, even when it was met later.

    One that only asks for something when it runs out has gone off, and is never late.
    """
    states: dict[object, str] = {}
    for clock in said:
        before = states.get(clock.clock)
        match clock:
            case timers.ClockBreached():
                states[clock.clock] = "gone off" if is_trigger(clock) else "breached"
            case timers.ClockMet() if is_trigger(clock):
                states[clock.clock] = before if before == "gone off" else "met"
            case timers.ClockMet():
                states[clock.clock] = "breached" if before == "breached" or clock.late else "met"
            case timers.ClockCancelled():
                states[clock.clock] = before if before == "breached" else "cancelled"
            case _:
                states.setdefault(clock.clock, "running")
    return Counter(states.values())
