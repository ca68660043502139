"""A step that a person may ask for, described once: its words, its fields, and the command that they make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from icart_common.contracts.base import Command
from icart_common.contracts.referral import Person
from icart_common.contracts.undertakings import BeginForAuthority, ForAuthority, UndertakingCommand
from icart_common.policy.pack import PolicyPack
from icart_gateway.pages.forms.field import Choice, Field, nested
from icart_gateway.signing_in.session import SignedIn
from icart_gateway.standing import Standing, Undertaking


@dataclass(frozen=True, slots=True)
class Place:
    """What a form is about: a contact, an undertaking, or the authority itself; and which part of it."""

    contact: UUID | None = None
    undertaking: UUID | None = None
    part: str = ""
    """The section, where a step is about one."""
    matter: UUID | None = None
    """What a step is about that belongs to no life: a possible match, a merge, a mention, a police report, a statutory notice,
    a person, or a referral that is being taken down."""


@dataclass(frozen=True, slots=True)
class Held:
    """A contact of one of the people whom a matter is about."""

    contact: UUID
    reference: str
    person: UUID
    """Whom it is about now."""
    side: UUID
    """Under whom it stands: the person, or the one of two who became one under whom it came."""
    child: Person
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that is decided beside the lives, as its service last said that it stands."""

    version: int
    state: str
    told: Mapping[str, Any]
    """Its row of the read models."""
    people: tuple[UUID, ...] = ()
    """Of two, the one who stands on the left first."""
    contacts: tuple[Held, ...] = ()
    """Of the people, the newest first."""
    own: bool = False
    """Whether whoever looks proposed it."""

    @property
    def by(self) -> str:
        """Who decided it last; nothing when nobody has."""
        names = ("decided_by", "moved_by", "assessed_by", "answered_by")
        return next((self.told[name] for name in names if self.told.get(name)), "")

    def of(self, person: UUID) -> tuple[Held, ...]:
        """The contacts about one of the people."""
        return tuple(one for one in self.contacts if one.side == person)


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody to whom a contact may be given."""

    person: str
    name: str
    open_contacts: int


@dataclass(frozen=True, slots=True)
class Scene:
    """All that a form is filled from."""

    who: SignedIn
    pack: PolicyPack
    place: Place
    now: datetime
    contact: Standing | None = None
    undertaking: Undertaking | None = None
    matter: Matter | None = None
    workers: tuple[Worker, ...] = ()
    siblings: tuple[Standing, ...] = ()
    """The siblings' own contacts about the same event, as they stand."""
    hidden: frozenset[UUID] = frozenset()
    """Of what a meeting looks at, the contacts whose records are shut to whoever looks."""

    @property
    def record(self) -> Standing:
        """The contact, of a step that is about one."""
        assert self.contact is not None, "this step is about a contact"
        return self.contact

    @property
    def about(self) -> Undertaking:
        """The undertaking, of a step that is about one."""
        assert self.undertaking is not None, "this step is about an undertaking"
        return self.undertaking

    @property
    def decided(self) -> Matter:
        """The matter, of a step that is about one."""
        assert self.matter is not None, "this step is about something that belongs to no life"
        return self.matter


def _as_it_is(_scene: Scene, said: dict[str, object]) -> dict[str, object]:
    return said


def _as_said(_pack: PolicyPack, line: str) -> str:
    return line


@dataclass(frozen=True, slots=True)
class Step:
    """One command as people send it."""

    command: type[Command]
    title: str
    """What the form is for: `Give this contact to a worker`. The page's heading."""
    button: str
    """What the button does."""
    done: str
    """What is said when it was carried out."""
    fields: Callable[[Scene], tuple[Field, ...]] = lambda _scene: ()
    shape: Callable[[Scene, dict[str, object]], dict[str, object]] = field(default=_as_it_is)
    """What the fields say, put into the command's own shape, where that is another."""
    parts: Callable[[Scene], tuple[Choice, ...]] | None = None
    """Of a step that is about one thing of several (a section, a check of the pack): which there are."""
    danger: bool = False
    """Whether the button should look like one that nobody presses lightly."""
    matter: str = ""
    """Of a step that belongs to no life, what it is about: offer, merge, mention, vpa, notice, person, draft."""
    line: Callable[[PolicyPack, str], str] = _as_said
    """How a line of a refusal is said here, where its service names fields and this form asks for them in words."""
    when: tuple[str, ...] = ()
    """Of such a step, the states in which it is offered. Whether it is carried out, the service decides."""

    @property
    def slug(self) -> str:
        """Its place in an address: the command's own name."""
        return self.command.TYPE.split(".")[2]

    @property
    def changes_undertaking(self) -> bool:
        """Whether it is about an undertaking that is there already."""
        return issubclass(self.command, UndertakingCommand)

    @property
    def of_authority(self) -> bool:
        """Whether it belongs to no contact."""
        return issubclass(self.command, BeginForAuthority | ForAuthority)

    def begins(self) -> bool:
        """Whether it begins an undertaking, and says nothing of a version."""
        return "seen_version" not in self.command.model_fields


def seen(step: Step, scene: Scene) -> int:
    """The version that the form shows; 0 where the command says none."""
    if step.begins():
        return 0
    if step.changes_undertaking:
        return scene.about.version
    if step.matter:
        return scene.decided.version
    return scene.record.version


def problems(fields: tuple[Field, ...], values: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, by the field's name, in the order of the form."""
    return {one.name: wrong for one in fields if (wrong := one.wrong(values.get(one.name, "")))}


def command_of(
    step: Step, scene: Scene, fields: tuple[Field, ...], values: Mapping[str, str], seen_version: int
) -> Command | dict[str, str]:
    """The command that the values make; or what is wrong, by the field's name. It never repeats what was typed."""
    said = step.shape(scene, nested((one, values.get(one.name, "")) for one in fields))
    head: dict[str, object] = {"actor": scene.who.actor, "seen_version": seen_version}
    if scene.place.contact:
        head["contact"] = scene.place.contact
    if scene.place.undertaking:
        head["undertaking"] = scene.place.undertaking
    if step.matter in step.command.model_fields:
        head[step.matter] = scene.place.matter
    if step.of_authority:
        head["authority"] = scene.who.authority
    try:
        return step.command.model_validate({**said, **head})
    except ValidationError as error:
        return _wrong(error, fields)


def _wrong(error: ValidationError, fields: tuple[Field, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for detail in error.errors(include_url=False, include_input=False):
        path = ".".join(str(part) for part in detail["loc"] if not isinstance(part, int))
        near = next((one for one in fields if path == one.name or one.name.startswith(f"{path}.")), None)
        near = (
            near or next((one for one in fields if path.startswith(one.name)), None) or (fields[0] if fields else None)
        )
        if near is None:
            raise error
        limit = detail.get("ctx", {}).get("max_length")
        if detail["type"] == "string_too_long":
            found[near.name] = f"{near.label}: write no more than {limit} characters"
        else:
            found[near.name] = near.needed or f"{near.label}: this does not fit; write it again"
    return found
