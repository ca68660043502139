"""What a story remembers: the ids behind its names, the newest version of each record, everything that was said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from icart_cli import exits
from icart_cli.listening import Heard
from icart_common.contracts.base import CommandRefused, InboundRefused
from icart_common.contracts.deadletters import DeadLettered
from icart_common.contracts.intake import CaseRedirected, ContactOpened
from icart_common.contracts.joint_work import NoticeJoined
from icart_common.contracts.meetings import EnquiryDecided
from icart_common.contracts.people import MatchOffered, MergeProposed
from icart_common.contracts.screening import ContactStepped
from icart_common.contracts.undertakings import UndertakingEvent
from icart_common.messaging.publish import Published
from icart_common.policy.lives import LIFE_WITH

_KINDS = {event: life.kind for event, life in LIFE_WITH.items()}

_ABOUT = (
    "contact",
    "undertaking",
    "first",
    "submission",
    "vpa",
    "notice",
    "subject",
    "about",
    "in_reply_to",
    "redirection",
    "delivery",
    "offer",
    "merge",
)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a partner's system sent, so that it can send it again."""

    kind: str
    body: bytes
    agency: str
    topic: str
    message_id: UUID
    subject: str


@dataclass(slots=True)
class Memory:
    """Of one story."""

    authority: str | None = None
    """Whose daily meetings and handovers are named: the clock that a story moves moves those of the others too."""
    ids: dict[str, UUID] = field(default_factory=dict)
    sent: dict[str, Sent] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)
    contacts: dict[str, ContactOpened | ContactStepped] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)
    """Who the children of contacts are, as `sisters/wren/person`."""
    _owners: dict[UUID, UUID] = field(default_factory=dict)
    """The contacts that undertakings belong to."""
    _names: dict[UUID, str] = field(default_factory=dict)
    _versions: dict[UUID, int] = field(default_factory=dict)
    _causes: dict[UUID, str] = field(default_factory=dict)
    _depths: dict[UUID, int] = field(default_factory=dict)
    _places: dict[tuple[str, int, int], str] = field(default_factory=dict)

    def call(self, name: str, identifier: UUID) -> None:
        """Give a thing its name. The first name stays: what is sent again is the same thing."""
        self.ids.setdefault(name, identifier)
        self._names.setdefault(identifier, name)

    def caused(self, name: str, receipt: Published) -> None:
        """Remember that a message was about `name`, so that what follows from it can be named."""
        self._causes[receipt.correlation] = name
        self._names.setdefault(receipt.message_id, name)
        self._places[receipt.topic, receipt.partition, receipt.offset] = name

    def id_of(self, name: str) -> UUID:
        """The id behind a name. Raises `Stop` when nothing has come of it."""
        if name in self.people:
            return self.people[name]
        if name not in self.ids:
            known = ", ".join(sorted(self.ids)) or "none"
            raise exits.Stop(
                exits.NOT_AS_EXPECTED, f"Nothing is called {name}: it was never opened.", f"Known are: {known}."
            )
        return self.ids[name]

    def name_of(self, identifier: UUID) -> str | None:
        return self._names.get(identifier)

    def owner_of(self, identifier: UUID) -> UUID | None:
        """The contact that an undertaking belongs to, if it belongs to one."""
        return self._owners.get(identifier)

    def version_of(self, identifier: UUID) -> int:
        """The newest version of a record that was heard; 1 before anything was."""
        return self._versions.get(identifier, 1)

    def with_ids(self, value: Any) -> Any:
        """The value with every `@name` in it replaced by the id behind the name."""
        if isinstance(value, str) and value.startswith("@"):
            return str(self.id_of(value[1:]))
        if isinstance(value, dict):
            return {key: self.with_ids(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.with_ids(one) for one in value]
        return value

    def hear(self, heard: Heard) -> None:
        """Take in what was said: names for contacts that opened, and versions."""
        self.heard.append(heard)
        body = heard.body
        if heard.envelope.causation:
            self._depths[heard.envelope.id] = self._depths.get(heard.envelope.causation, 0) + 1
        if isinstance(body, ContactOpened | CaseRedirected):
            root = self._names.get(body.submission) or self._causes.get(heard.envelope.correlation or body.submission)
            if root:
                self._names.setdefault(body.submission, root.split("/")[0])
                name = f"{root.split('/')[0]}/{body.child.ref}"
                self.people.setdefault(
                    f"{name}/person", body.child_known.person if isinstance(body, ContactOpened) else body.person
                )
                if isinstance(body, ContactOpened):
                    self.call(name, body.contact)
                    self.contacts.setdefault(name, body)
                else:
                    self.call(name, body.redirection)
        elif isinstance(body, NoticeJoined):  # named as the contact that it may get after all
            told = body.notice
            root = self._names.get(told.submission) or self._causes.get(heard.envelope.correlation or told.submission)
            if root:
                self._names.setdefault(told.submission, root.split("/")[0])
                self.call(f"{root.split('/')[0]}/{told.child.ref}", told.contact)
        elif isinstance(body, UndertakingEvent):
            self._call_undertaking(body)
            if isinstance(body, EnquiryDecided):
                for number, task in enumerate(body.tasks, 1):
                    self.call(f"{self._names.get(body.enquiry, str(body.enquiry))}/task-{number}", task.task)
        elif isinstance(body, MatchOffered):
            brought = self._causes.get(heard.envelope.correlation or body.offer)
            self.call(f"{brought or body.offer}/match", body.offer)
        elif isinstance(body, MergeProposed):
            if body.offer:
                self.call(f"{self._names.get(body.offer, str(body.offer))}/merge", body.merge)
        elif isinstance(body, ContactStepped):
            name = f"{self._names.get(body.first, str(body.first))}/next"
            self.call(name, body.contact)
            self.contacts.setdefault(name, body)
        version = getattr(body, "version", None)
        if isinstance(version, int) and not isinstance(body, CommandRefused):
            subject = body.subject_id
            if isinstance(subject, UUID):
                self._versions[subject] = max(version, self._versions.get(subject, 0))

    def _call_undertaking(self, event: UndertakingEvent) -> None:
        """`hurt/cosmo/strategy-discussion`, `daily-meeting`; the next of its kind there `daily-meeting-2`."""
        kind = _KINDS.get(type(event))
        if kind is None or event.undertaking in self._names or event.authority != (self.authority or event.authority):
            return
        if event.contact:
            self._owners[event.undertaking] = event.contact
        name = f"{self._names.get(event.contact, str(event.contact))}/{kind}" if event.contact else kind
        number = 1 + sum(known == name or known.startswith(f"{name}-") for known in self.ids)
        self.call(name if number == 1 else f"{name}-{number}", event.undertaking)

    def in_turn(self, heard: list[Heard]) -> list[Heard]:
        """In the order of time; at one instant causes before what follows from them."""

        def turn(one: Heard) -> tuple[object, ...]:
            return one.envelope.time, self._depths.get(one.envelope.id, 0), one.topic, one.offset

        return sorted(heard, key=turn)

    def names_in(self, heard: Heard) -> set[str]:
        """The names of what a message is about, and of what those belong to."""
        body = heard.body
        values = [getattr(body, name, None) for name in _ABOUT]
        if isinstance(body, NoticeJoined):
            values.append(body.notice.contact)
        found = {self._names[value] for value in values if isinstance(value, UUID) and value in self._names}
        if isinstance(body, InboundRefused | DeadLettered):
            place = self._places.get((body.topic, body.partition, body.offset))
            found |= {place} if place else set()
        return found

    def cause_of(self, heard: Heard) -> str | None:
        """The name of what was sent, or commanded about, that a message follows from."""
        return self._causes.get(heard.envelope.correlation or UUID(int=0))

    def title_of(self, heard: Heard) -> str:
        """The one name that says best what a message is about; the contact before its submission."""
        names = self.names_in(heard) or {self.cause_of(heard) or ""}
        return max(names, key=lambda name: (name.count("/"), name))
