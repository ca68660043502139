"""What others did to a record since somebody looked at it, in a line each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from icart_common.contracts.corrections import RecordCorrected
from icart_common.contracts.screening import ContactEvent, ContactMoved, SectionRecorded
from icart_common.contracts.undertakings import UndertakingEvent
from icart_gateway.pages.forms.step import Scene


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    words: str
    by: str
    """The staff number of whoever did it; nothing when nobody did."""


def since(scene: Scene, version: int) -> tuple[Line, ...]:
    """What happened after a version, the oldest first."""
    return tuple(_lines(scene, version))


def _lines(scene: Scene, version: int) -> Iterable[Line]:
    said = scene.contact.said if scene.contact else ()
    events: Iterable[ContactEvent | UndertakingEvent] = (
        scene.undertaking.said
        if scene.undertaking
        else [one.body for one in said if isinstance(one.body, ContactEvent)]
    )
    for event in events:
        if event.version > version:
            by = getattr(event, "by", None)
            yield Line(event.at, _words(scene, event), by.person if by else "")


def _words(scene: Scene, event: ContactEvent | UndertakingEvent) -> str:
    match event:
        case SectionRecorded() | RecordCorrected():
            done = "written in" if isinstance(event, SectionRecorded) else "corrected"
            return f"{scene.pack.section(event.section).name} was {done}"
        case ContactMoved() if event.to_desktop:
            return f"It was moved to {scene.pack.desktop(event.to_desktop).name}"
    words = event.TYPE.split(".")[2].replace("-", " ")
    return f"It was {words}" if isinstance(event, ContactEvent) else words.capitalize()
