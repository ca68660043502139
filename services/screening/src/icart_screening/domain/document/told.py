"""A contact again from its log: the events are all that a document is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import TypeVar
from uuid import UUID

from icart_common.contracts.attachments import DocumentState
from icart_common.contracts.base import Message
from icart_common.contracts.intake import ContactOpened
from icart_common.contracts.screening import ContactClosed, ContactEvent, ContactReceived, ContactStepped
from icart_common.contracts.undertakings import UndertakingEvent
from icart_common.policy.pack import PolicyPack
from icart_screening.domain.arrival import arrive
from icart_screening.domain.contact import Contact
from icart_screening.domain.evolve import after, follow

Said = TypeVar("Said", bound=Message)
Log = Sequence[Message]


class LogNotWholeError(ValueError):
    """A log that does not begin with how the contact began: there is nothing to make a document of."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A document that came with the contact, as it stands: its name never left the door (decision 0012)."""

    id: UUID
    state: DocumentState
    reason: str | None
    """Why it was refused."""
    kind: str | None
    """What it is, by its content."""
    at: datetime
    """Since when it stands so."""


@dataclass(frozen=True, slots=True)
class Told:
    """All that is known of a contact, from what happened to it and nothing else."""

    pack: PolicyPack
    """The one that the contact keeps."""
    opened: ContactOpened
    """What arrived; of a contact that followed from another one, what arrived for the first."""
    contact: Contact
    """As its events make it, without clocks: those are the timers'."""
    log: tuple[Message, ...]
    undertakings: tuple[UndertakingEvent, ...] = ()
    documents: tuple[Listed, ...] = ()

    def all(self, kind: type[Said]) -> Iterator[Said]:
        """What was said of one kind, in its order."""
        return (one for one in self.log if isinstance(one, kind))

    def last(self, kind: type[Said]) -> Said | None:
        """The last of one kind."""
        return next((one for one in reversed(self.log) if isinstance(one, kind)), None)


def told(
    chain: Sequence[Log],
    undertakings: Sequence[UndertakingEvent],
    pack: PolicyPack,
    documents: Sequence[Listed] = (),
) -> Told:
    """A contact from its log, which is the last of `chain`; before it stand those of the contacts that it followed from.

    Raises LogNotWholeError when a log does not begin with the contact's opening, or with the transfer that opened it.
    """
    opened, begun = _beginning(chain[0])
    contact = arrive(opened, pack, begun.at).contact
    contact = after(contact, *_events(chain[0], whole=len(chain) == 1))
    for number, log in enumerate(chain[1:], start=2):
        stepped = log[0] if log else None
        if not isinstance(stepped, ContactStepped) or stepped.first != contact.id:
            raise LogNotWholeError("the log does not begin with the transfer that opened the contact")
        contact = after(follow(contact, stepped), *_events(log, whole=number == len(chain)))
    bare = contact.model_copy(update={"clocks": type(contact.clocks)()})
    return Told(pack, opened, bare, tuple(chain[-1]), tuple(undertakings), tuple(documents))


def _beginning(log: Log) -> tuple[ContactOpened, ContactReceived]:
    opened = log[0] if log else None
    begun = next((one for one in log if isinstance(one, ContactReceived)), None)
    if not isinstance(opened, ContactOpened) or begun is None:
        raise LogNotWholeError("the log does not begin with the contact's opening")
    return opened, begun


def _events(log: Log, *, whole: bool) -> Iterator[ContactEvent]:
    """What happened to the contact; of one that was followed by another, as it was before it closed."""
    events = (one for one in log if isinstance(one, ContactEvent))
    return events if whole else takewhile(lambda one: not isinstance(one, ContactClosed), events)
