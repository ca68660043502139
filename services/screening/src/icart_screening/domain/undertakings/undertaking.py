"""What every undertaking has, and how it begins and goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, TypeAlias, TypeVar
from uuid import UUID

from icart_common.contracts.base import Actor, Instant, Message, Part
from icart_common.contracts.ids import derived_id
from icart_common.contracts.standing_still import UndertakingClocksPaused, UndertakingClocksResumed
from icart_common.contracts.timers import ClockMessage
from icart_common.contracts.undertakings import UndertakingEvent
from icart_common.policy.clocks import ClockFacts
from icart_common.policy.lives.life import Life, Step
from icart_common.policy.pack import PolicyPack
from icart_common.policy.roles import Permission, Role
from icart_common.policy.running_clocks import RunningClocks
from icart_common.worktime.pauses import Pause
from icart_screening.domain.asked import Asked, role_of
from icart_screening.domain.clocks import OWNER
from icart_screening.domain.contact import Change, Contact
from icart_screening.domain.refusal import role_may_not


class Undertaking(Part):
    """The state that all kinds share. A kind adds its own fields, each with a default."""

    LIFE: ClassVar[Life]

    id: UUID
    contact: UUID | None = None
    authority: str
    pack_version: str
    """Of the contact, or of the day on which it began (AU-6)."""
    version: int
    state: str
    begun_at: Instant
    clocks: RunningClocks = RunningClocks()
    standing_still: tuple[UUID, ...] = ()
    """The clocks that a person let stand still, by their own ids."""
    standing_still_since: Instant | None = None
    pauses: tuple[tuple[Instant, Instant], ...] = ()
    """From when to when its clocks stood still before."""

    @property
    def open(self) -> bool:
        """Whether its life goes on."""
        return self.state not in self.LIFE.ends

    def facts(self) -> ClockFacts:
        """What is known of it when the pack's clocks are chosen."""
        return ClockFacts()

    def happened_at(self, event: Any) -> datetime | None:
        """When an event happened, where it was recorded later: that is when a clock is met. None: as it was recorded."""
        return None

    def due_after(self, pauses: tuple[Pause, ...], pack: PolicyPack) -> datetime | None:
        """Until when what it awaits has time, its clocks having stood still so; None for what awaits nothing."""
        return None

    def after(self, event: Any) -> dict[str, object]:
        """What an event of its kind changes in the kind's own fields; nothing for an event that changes none of them."""
        return {}


Held = TypeVar("Held", bound=Undertaking)


@dataclass(frozen=True, slots=True)
class Progress:
    """An undertaking after something happened to it, what is said about that, and what others are told to do."""

    undertaking: Undertaking
    events: tuple[UndertakingEvent, ...]
    clocks: tuple[ClockMessage, ...] = ()
    asks: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a decider is given beside the undertaking and the command."""

    pack: PolicyPack
    at: datetime
    because: UUID
    """The id of the message."""
    contact: Contact | None = None
    """The contact that the undertaking belongs to."""
    beside: tuple[Undertaking, ...] = ()
    """The contact's open undertakings, this one among them, in the order of their ids."""

    def role(self, actor: Actor) -> Role:
        """The role in which somebody acts. Raises Refusal when the pack has no such role."""
        return role_of(self.pack, actor)

    def asked(self, actor: Actor) -> Asked:
        """The same for a command about the contact itself."""
        return Asked(pack=self.pack, role=self.role(actor), at=self.at, because=self.because)

    def needs(self, actor: Actor, permission: Permission, *, anywhere: bool = False) -> None:
        """Raises Refusal unless the actor's role holds the permission, on the contact's strand when it has one."""
        strand = self.contact.strand if self.contact and not anywhere else None
        if not self.role(actor).may(permission, strand):
            raise role_may_not(self.pack, actor.role, permission, strand)

    def begin(
        self,
        holds: type[Held],
        event: type[UndertakingEvent],
        /,
        *more: tuple[type[UndertakingEvent], dict[str, Any]],
        id: UUID | None = None,  # noqa: A002 - the field's own name
        number: int = 0,
        asks: tuple[Message, ...] = (),
        **said: Any,
    ) -> Progress:
        """A new undertaking. Its id is `id`, or follows from the message, the kind and `number` if one message begins several."""
        identifier = id or derived_id(self.at, self.because, holds.LIFE.kind, number)
        blank = holds.model_construct(
            id=identifier,
            contact=self.contact.id if self.contact else None,
            authority=self.pack.authority.id,
            pack_version=self.pack.version,
            version=0,
            state="",
            begun_at=self.at,
        )
        return self._go(blank, ((event, said), *more), asks)

    def go_on(
        self,
        undertaking: Undertaking,
        *events: tuple[type[UndertakingEvent], dict[str, Any]],
        asks: tuple[Message, ...] = (),
    ) -> Progress:
        """The undertaking after these events, each given by its type and what it says beside its head."""
        return self._go(undertaking, events, asks)

    def _go(
        self,
        undertaking: Undertaking,
        events: Iterable[tuple[type[UndertakingEvent], dict[str, Any]]],
        asks: tuple[Message, ...],
    ) -> Progress:
        version, said, clocks = undertaking.version + 1, [], []
        if not undertaking.LIFE.ends:  # it would keep the pack of its first day for good
            undertaking = undertaking.model_copy(update={"pack_version": self.pack.version})
        for kind, fields in events:
            event = kind.model_validate({**head(undertaking, version, self.at), **fields})
            step = undertaking.LIFE.taken(undertaking.state or None, kind)
            if step is None:
                raise ValueError(
                    f"{kind.__name__} is no step of a {undertaking.LIFE.name} that is {undertaking.state!r}"
                )
            undertaking = after(undertaking, event)
            undertaking, more = self._time(undertaking, step, undertaking.happened_at(event) or self.at)
            said.append(event)
            clocks += more
        return Progress(undertaking, tuple(said), tuple(clocks), asks)

    def _time(self, undertaking: Undertaking, step: Step, at: datetime) -> tuple[Undertaking, list[ClockMessage]]:
        running, commands = undertaking.clocks, list[ClockMessage]()
        received_at = self.contact.arrival.received_at if self.contact else undertaking.begun_at
        for moment in step.moments:
            running, more = running.on(
                moment,
                undertaking.facts(),
                pack=self.pack,
                owner=OWNER,
                subject=undertaking.id,
                received_at=received_at,
                at=at,
            )
            commands += more
        if not undertaking.open:
            running, more = running.cancel(at=self.at, reason=f"the {undertaking.LIFE.name} is over")
            commands += more
        return undertaking.model_copy(update={"clocks": running}), commands


def head(undertaking: Undertaking, version: int, at: datetime) -> dict[str, object]:
    """What every event about the undertaking begins with."""
    return {
        "undertaking": undertaking.id,
        "contact": undertaking.contact,
        "authority": undertaking.authority,
        "pack_version": undertaking.pack_version,
        "version": version,
        "at": at,
    }


def after(undertaking: Held, event: UndertakingEvent) -> Held:
    """The undertaking after an event. Never raises: an event that is no step of its state leaves the state as it is."""
    step = undertaking.LIFE.taken(undertaking.state or None, type(event))
    state = step.reaches if step and step.reaches else undertaking.state
    changes = {
        **_stood_still(undertaking, event),
        **undertaking.after(event),
        "version": max(undertaking.version, event.version),
        "state": state,
    }
    return undertaking.model_copy(update=changes)


def _stood_still(undertaking: Undertaking, event: UndertakingEvent) -> dict[str, object]:
    """What clocks that stand still, or run on, change in what all kinds share."""
    match event:
        case UndertakingClocksPaused():
            still = tuple(dict.fromkeys((*undertaking.standing_still, *event.clocks)))
            return {"standing_still": still, "standing_still_since": undertaking.standing_still_since or event.at}
        case UndertakingClocksResumed():
            over = (*undertaking.pauses, (event.stood_still_since, event.at))
            return {"standing_still": (), "standing_still_since": None, "pauses": over}
        case _:
            return {}


Done: TypeAlias = Progress | Change | Message
"""What a decider does. A bare message is only said: it is for whom another partition, or another service, looks after."""
Decider = Callable[[Any, Any, Circumstances], Iterable[Done]]
"""The undertaking (None for a command that begins one), the command, the circumstances. Raises Refusal."""
AfterContact = Callable[[Change, Circumstances], Iterable[Done]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of undertaking."""

    holds: type[Undertaking]
    deciders: Mapping[type[Message], Decider] = field(default_factory=dict)
    """By the commands, and by other messages that the kind hears (an agency's reply)."""
    after_contact: AfterContact | None = None
    """What something that happened to a contact means to its undertakings of this kind."""

    @property
    def life(self) -> Life:
        return self.holds.LIFE
