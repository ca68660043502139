"""A screening tool of a child: its score and band, and where the register sends the child (SC-21; S1, "CSE Screening Tool")."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import ClassVar, Final
from uuid import UUID

from pydantic import Field

from icart_common.contracts.screening_tools import (
    RecordScreeningTool,
    ScreeningToolRecorded,
    ToolAnswer,
    ToolRoute,
)
from icart_common.policy.lives.life import Life
from icart_common.policy.lives.screening_tool import LIFE
from icart_common.policy.pack import PolicyPack
from icart_common.policy.screening import StrandKind
from icart_common.policy.screening_tools import Band, ScreeningTool
from icart_screening.domain.contact import Contact
from icart_screening.domain.refusal import Refusal
from icart_screening.domain.undertakings.strands import to_strand
from icart_screening.domain.undertakings.undertaking import Circumstances, Done, Kind, Undertaking


class ToolOfChild(Undertaking):
    """One tool as it was filled in for one child. It never changes: a later one stands beside it."""

    LIFE: ClassVar[Life] = LIFE

    tool: str = ""
    answers: dict[str, ToolAnswer] = Field(default_factory=dict)
    filled_in_by: str | None = None
    filled_in_on: date | None = None
    score: int = 0
    band: Band = "low"
    route: ToolRoute = "a-person-decides"
    person: UUID | None = None

    def after(self, event: object) -> dict[str, object]:
        """What an event changes in it."""
        if not isinstance(event, ScreeningToolRecorded):
            return {}
        return event.model_dump(
            include=set(ScreeningToolRecorded.model_fields) & set(ToolOfChild.model_fields) - _SHARED
        )


_SHARED: Final = frozenset(Undertaking.model_fields)


def _record(_: None, command: RecordScreeningTool, on: Circumstances) -> Iterable[Done]:
    contact = on.contact
    assert contact is not None, "a tool belongs to a contact"
    tool = _tool(on.pack, command.tool)
    if contact.status == "closed":
        why = "the contact has closed: a new tool is something new"
        raise Refusal("contact-closed", why, ("open a contact, and record the tool there",))
    _whole(tool, command)
    if command.filled_in_on and command.filled_in_on > on.pack.calendar().local_day(on.at):
        raise Refusal("not-yet", "it was filled in on a day that lies ahead", ("give the day on its last page",))
    score = tool.score(frozenset(name for name, answer in command.answers.items() if answer == "yes"))
    rule = tool.band(score)
    route = _route(contact, rule.screened_on, on.pack)
    yield on.begin(
        ToolOfChild,
        ScreeningToolRecorded,
        by=command.actor,
        reference=contact.reference,
        person=contact.arrival.child.person,
        tool=tool.id,
        answers=command.answers,
        filled_in_by=command.filled_in_by or None,
        filled_in_on=command.filled_in_on,
        score=score,
        band=rule.band,
        route=route,
        case=contact.arrival.case if route == "allocated-worker" else None,
    )
    if route in ("safeguarding", "screened-again", "early-intervention") and not _is_on(
        contact, rule.screened_on, on.pack
    ):
        urgency = contact.urgency or ("immediate" if contact.arrival.said_immediate else None)
        urgency = urgency or ("urgent" if rule.screened_on == "safeguarding" else "routine")
        because = f"{tool.name}: {rule.band}, {score} points"
        yield from to_strand(contact, rule.screened_on, urgency, because, command.actor, on)


def _route(contact: Contact, screened_on: StrandKind, pack: PolicyPack) -> ToolRoute:
    """Open and allocated: the worker. Then by band; a low one moves nothing that somebody, or its words, put elsewhere."""
    case = contact.arrival.case
    if case and case.status == "open" and case.allocated:
        return "allocated-worker"
    if screened_on == "safeguarding":
        open_to_early_help = contact.arrival.early_help or _is_on(contact, "early-intervention", pack)
        return "screened-again" if open_to_early_help else "safeguarding"
    if _is_on(contact, screened_on, pack):
        return "early-intervention"
    words_point_here = pack.strand(contact.proposed.strand).kind == screened_on
    undecided = contact.strand is None and not contact.social_worker_first and not contact.arrival.said_immediate
    return "early-intervention" if undecided and words_point_here else "a-person-decides"


def _is_on(contact: Contact, kind: StrandKind, pack: PolicyPack) -> bool:
    return contact.strand is not None and pack.strand(contact.strand).kind == kind


def _tool(pack: PolicyPack, wanted: str) -> ScreeningTool:
    for tool in pack.screening_tools:
        if tool.id == wanted:
            return tool
    names = [f"{tool.name} ({tool.id})" for tool in pack.screening_tools]
    why = "the authority's policy has no such tool"
    raise Refusal("unknown-tool", why, names or ("triage it by what it says: no tool decides here",))


def _whole(tool: ScreeningTool, command: RecordScreeningTool) -> None:
    """Every question has its answer, `not-known` among them, and nothing else was answered: a score of half a tool misleads."""
    asked = {question.id: question.text for question in tool.questions}
    blank = [text for name, text in asked.items() if name not in command.answers]
    strange = sorted(set(command.answers) - set(asked))
    if blank or strange:
        why = f"{len(blank)} questions have no answer" if blank else "something was answered that the tool does not ask"
        allowed = (*(f"answer: {text}" for text in blank), *(f"leave out {name}" for name in strange))
        raise Refusal("tool-not-whole", why, allowed)


SCREENING_TOOL: Final = Kind(holds=ToolOfChild, deciders={RecordScreeningTool: _record})
