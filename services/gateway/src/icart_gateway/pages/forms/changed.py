"""What others did to a record since somebody looked at it, in a line each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from icart_common.contracts.corrections import RecordCorrected
from icart_common.contracts.screening import ContactEvent, ContactMoved, SectionRecorded
from icart_common.contracts.undertakings import UndertakingEvent
from icart_gateway.pages.forms.field import Field
from icart_gateway.pages.forms.step import Matter, Scene
from icart_gateway.reading.matching import STATES


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    words: str
    by: str
    """The staff id of whoever did it; nothing when nobody did."""
    said: tuple[tuple[str, str], ...] = ()
    """What they said to the form's own questions: to an undertaking everybody adds, so theirs stands beside what was typed."""


def since(scene: Scene, version: int, fields: Iterable[Field]) -> tuple[Line, ...]:
    """What happened after a version, the oldest first. `fields`: of the form that was being filled in."""
    return tuple(_of_matter(scene.matter) if scene.matter else _lines(scene, version, tuple(fields)))


def _of_matter(matter: Matter) -> Iterable[Line]:
    """How it stands now: what belongs to no life has no log here. A referral that is taken down nobody else changes."""
    if "at" in matter.told:
        yield Line(matter.told["at"], f"It is {STATES.get(matter.state, matter.state)} now", matter.by)


def _lines(scene: Scene, version: int, fields: tuple[Field, ...]) -> Iterable[Line]:
    said = scene.contact.said if scene.contact else ()
    events: Iterable[ContactEvent | UndertakingEvent] = (
        scene.undertaking.said
        if scene.undertaking
        else [one.body for one in said if isinstance(one.body, ContactEvent)]
    )
    for event in events:
        if event.version > version:
            by = getattr(event, "by", None)
            answers = _said(event, fields) if isinstance(event, UndertakingEvent) else ()
            yield Line(event.at, _words(scene, event), by.person if by else "", answers)


def _said(event: UndertakingEvent, fields: tuple[Field, ...]) -> tuple[tuple[str, str], ...]:
    values = ((one, getattr(event, one.name, None)) for one in fields)
    return tuple((one.label, one.in_words(value)) for one, value in values if isinstance(value, str) and value)


def _words(scene: Scene, event: ContactEvent | UndertakingEvent) -> str:
    match event:
        case SectionRecorded() | RecordCorrected():
            done = "written in" if isinstance(event, SectionRecorded) else "corrected"
            return f"{scene.pack.section(event.section).name} was {done}"
        case ContactMoved() if event.to_desktop:
            return f"It was moved to {scene.pack.desktop(event.to_desktop).name}"
    words = event.TYPE.split(".")[2].replace("-", " ")
    return f"It was {words}" if isinstance(event, ContactEvent) else words.capitalize()
