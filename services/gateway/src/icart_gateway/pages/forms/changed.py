"""What others did to a record since somebody looked at it, in a line each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from icart_common.contracts.corrections import RecordCorrected
from icart_common.contracts.screening import ContactEvent, ContactMoved, SectionRecorded
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
    undertaking = scene.undertaking
    events = undertaking.said if undertaking else [one.body for one in scene.contact.said] if scene.contact else ()
    for event in events:
        if getattr(event, "version", 0) <= version:
            continue
        by = getattr(event, "by", None)
        at: datetime = event.at  # type: ignore[union-attr]
        yield Line(at, _words(scene, event), by.person if by else "")


def _words(scene: Scene, event: object) -> str:
    match event:
        case SectionRecorded() | RecordCorrected():
            done = "written in" if isinstance(event, SectionRecorded) else "corrected"
            return f"{scene.pack.section(event.section).name} was {done}"
        case ContactMoved() if event.to_desktop:
            return f"It was moved to {scene.pack.desktop(event.to_desktop).name}"
    kind = getattr(event, "TYPE", "icart.screening.changed.v1").split(".")[2]
    words = kind.replace("-", " ")
    return f"It was {words}" if isinstance(event, ContactEvent) else words.capitalize()
