"""A story file: who works there, whom the case system knows, and the steps with what has to come of each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    model_validator,
)

from icart_cli.story.london import LondonTime, instant
from icart_common.contracts.base import Actor, AgencyId, AuthorityId, RoleId, StaffId
from icart_common.contracts.catalogue import MESSAGES, ServiceId

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*(/[A-Za-z0-9_-]+)*$", max_length=80)]
"""`neglect` is a submission, assessment or notice; `neglect/p1` its contact about the child p1; `…/next` what followed it."""
RowId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-[0-9]+$")]
Plain = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
_Texts = Annotated[tuple[str, ...], Field(min_length=1)]


def _type_of(name: str) -> str:
    whole = name if name in MESSAGES else f"icart.{name}.v1"
    if whole not in MESSAGES:
        raise ValueError(f"there is no message type {name!r}; `icart schema list` shows all of them")
    return whole


MessageType = Annotated[str, AfterValidator(_type_of)]
"""A type of the catalogue; `icart.` before it and `.v1` after it may be left out."""


class Piece(BaseModel):
    """A piece of a story: it refuses keys that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Player(Piece):
    """Somebody of the cast: the opaque id and the role in which they act."""

    person: StaffId
    role: RoleId

    def actor(self) -> Actor:
        return Actor(person=self.person, role=self.role)


class Attached(Piece):
    """A document that comes with a message: its sender puts it into the store and names it."""

    name: Plain
    text: str
    arrives: str | None = None
    """What lies in the store in the place of what was named."""


class Submit(Piece):
    """A partner's system sends a message. What it may leave out: the authority (the story's), its own id (a new one)."""

    submit: MessageType
    name: Name
    body: dict[str, Any]
    attach: tuple[Attached, ...] = ()
    on: str | None = None
    """The topic, when it is not the one that the agency named in the body writes to."""


class Again(Piece):
    """What was sent before is sent again: the same message, or the same content under a new id."""

    again: Name
    new_id: bool = False
    name: Name | None = None


class Raw(Piece):
    """Bytes that are no message, as a broken system would send them."""

    raw: str
    submit: MessageType
    name: Name
    on: str


class Command(Piece):
    """Somebody of the cast asks a service for something."""

    command: MessageType
    about: Name
    by: str
    fields: dict[str, Any] = Field(default_factory=dict)
    seen_version: int | None = Field(default=None, ge=1)
    """The newest version that was heard, unless it is given."""


class Fill(Piece):
    """The record is written: every section of the contact's strand, each by the first of `by` whose role fills it."""

    fill: Name
    by: tuple[str, ...] = Field(min_length=1)
    record: str
    """The name of one of the story's records."""
    blank: tuple[str, ...] = ()
    """Statements that are left blank."""


class Kill(Piece):
    """A service's process is ended as a power cut would (signal 9)."""

    kill: ServiceId


def _tag(kinds: tuple[str, ...]) -> Any:
    def which(value: Any) -> str | None:
        keys = value if isinstance(value, dict) else {}
        return next((kind for kind in kinds if kind in keys or hasattr(value, kind)), None)

    return Discriminator(
        which,
        custom_error_type="no_kind",
        custom_error_message=f"this has none of the keys {', '.join(kinds)}",
    )


Action = Annotated[
    Annotated[Raw, Tag("raw")]
    | Annotated[Again, Tag("again")]
    | Annotated[Submit, Tag("submit")]
    | Annotated[Command, Tag("command")]
    | Annotated[Fill, Tag("fill")]
    | Annotated[Kill, Tag("kill")],
    _tag(("raw", "again", "submit", "command", "fill", "kill")),
]


OPERATORS = ("contains", "lacks", "items", "not", "at")
"""What may be asked of a value instead of being equal: it holds, it does not hold, how many, other than, the instant."""


def _conditions(where: dict[str, Any]) -> dict[str, Any]:
    for path, wanted in where.items():
        if isinstance(wanted, dict) and (len(wanted) != 1 or next(iter(wanted)) not in OPERATORS):
            raise ValueError(f"{path} is compared with a value, or by one of {', '.join(OPERATORS)}")
        if isinstance(wanted, dict) and "at" in wanted:
            instant(wanted["at"])
    return where


Where = Annotated[dict[str, Any], AfterValidator(_conditions)]
"""Dotted path in the message (`gaps.*.field`: of any item) to the value it must have, or to one of `OPERATORS`."""


class _Counted(Piece):
    about: Name | None = None
    """Only what is about this thing."""
    where: Where = Field(default_factory=dict)
    count: int | None = Field(default=None, ge=0)
    """How many there have to be; without it, at least one."""


class Said(_Counted):
    """A service said it."""

    said: MessageType


class Never(Piece):
    """No service said it."""

    never: MessageType
    about: Name | None = None
    where: Where = Field(default_factory=dict)


class Told(_Counted):
    """An agency was told something on its own topic."""

    told: AgencyId
    template: str | None = None


class NotTold(Piece):
    """An agency was told nothing (or not by this template)."""

    not_told: AgencyId
    template: str | None = None


class Mail(Piece):
    """An e-mail left for an address."""

    mail: str
    subject: str = ""
    """Words that the subject holds."""
    holds: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    count: int = Field(default=1, ge=0)


class Clock(Piece):
    """A clock of the pack started, warned, breached, was met or cancelled."""

    clock: str
    about: Name
    state: Literal["started", "warned", "breached", "met", "late", "cancelled", "paused", "resumed"] = "started"
    due: LondonTime | None = None
    sum: str = ""
    """Words of the sentence behind the due date."""


class Nowhere(Piece):
    """These words are in nothing that has left since the story began: no agency's topic, no e-mail's subject or text."""

    nowhere: _Texts


Expectation = Annotated[
    Annotated[Said, Tag("said")]
    | Annotated[Never, Tag("never")]
    | Annotated[Told, Tag("told")]
    | Annotated[NotTold, Tag("not_told")]
    | Annotated[Mail, Tag("mail")]
    | Annotated[Clock, Tag("clock")]
    | Annotated[Nowhere, Tag("nowhere")],
    _tag(("said", "never", "told", "not_told", "mail", "clock", "nowhere")),
]


class Step(Piece):
    """A moment of the story. Clocks that fall due on the way to `at` belong to it."""

    at: LondonTime
    title: Plain
    do: tuple[Action, ...] = ()
    expect: tuple[Expectation, ...] = ()
    proves: tuple[RowId, ...] = ()


class Story(Piece):
    """A few days at one authority's front door."""

    title: Plain
    about: str = ""
    authority: AuthorityId
    starts: LondonTime
    cast: dict[str, Player]
    records: dict[str, dict[str, str]] = Field(default_factory=dict)
    """What a screening writes under each required statement, by a name for the whole."""
    cases: tuple[dict[str, Any], ...] = ()
    """Whom the case system holds when the story starts, as `icart.case.person-held.v1`."""
    steps: tuple[Step, ...] = Field(min_length=1)
    still_open: tuple[Name, ...] = ()
    """Contacts that have no outcome when the story ends."""

    @model_validator(mode="after")
    def times_go_on(self) -> Story:
        """The clock never goes back."""
        before = self.starts
        for number, step in enumerate(self.steps, 1):
            if step.at < before:
                raise ValueError(f"step {number} ({step.title}) comes before the one ahead of it")
            before = step.at
        return self

    def actions(self) -> Iterator[tuple[tuple[str | int, ...], Action]]:
        """Every action with its place in the file."""
        for number, step in enumerate(self.steps):
            for position, action in enumerate(step.do):
                yield ("steps", number, "do", position), action
