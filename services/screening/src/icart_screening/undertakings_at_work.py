"""Messages about undertakings in a batch: whose turn it is, what is decided, and what is said of it (decision 0013)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from icart_common.contracts.base import Inbound, Message, Problem
from icart_common.contracts.checks import CheckAnswered
from icart_common.contracts.disagreements import DisagreementSubmitted
from icart_common.contracts.undertakings import BeginForContact, ToAuthority, UndertakingCommand
from icart_common.messaging.message import Received
from icart_common.messaging.refusing import refuse_command, refuse_inbound
from icart_common.messaging.transaction import Transaction
from icart_common.policy import PolicyBook, PolicyPack
from icart_screening.domain.contact import Change, Contact
from icart_screening.domain.refusal import Refusal
from icart_screening.domain.undertakings.engine import follow_up, is_ahead, undertake
from icart_screening.domain.undertakings.kinds import is_heard_by
from icart_screening.domain.undertakings.undertaking import Circumstances, Done, Progress, Undertaking
from icart_screening.working_set import WorkingSet

UNKNOWN_CONTACT = Refusal("unknown-contact", "there is no such contact", ("look up the contact by its reference",))
_UNKNOWN = Refusal(
    "unknown-undertaking", "there is nothing of that kind with this id", ("look it up in the contact's record",)
)
_NOT_ASKED = Problem(
    path="$.check",
    found="the id of nothing that your agency was asked",
    expected="the id that our question gave as its `check`",
    fix="take it from the question, or answer by telephone, quoting its reference",
)
"""The same words whether nobody was asked or somebody else was: whose it is, is not told (CO-8)."""
_NO_REFERENCE = Problem(
    path="$.reference",
    found="a reference of nothing that is here",
    expected="the reference that our letter about the contact gives",
    fix="take it from the letter, or call the front door",
)


def undertaking_of(message: Message) -> UUID | None:
    """The undertaking that a message names."""
    return message.check if isinstance(message, CheckAnswered) else getattr(message, "undertaking", None)


class UndertakingsAtWork:
    """The undertakings of one batch. `carry_out` is told of every change to a contact that an undertaking makes."""

    def __init__(
        self,
        book: PolicyBook,
        work: WorkingSet,
        transaction: Transaction,
        carry_out: Callable[[Change, Received[Any]], None],
    ) -> None:
        self._book = book
        self._work = work
        self._transaction = transaction
        self._carry_out = carry_out

    def take(self, one: Received[Any]) -> bool:
        """Decide about a message; False when what it is about has not been heard of yet."""
        if self._is_early(one.body):
            return False
        self.decide(one)
        return True

    def _is_early(self, message: Message) -> bool:
        if isinstance(message, DisagreementSubmitted):
            return self._work.by_reference(message.authority, message.reference) is None
        if isinstance(message, Inbound):
            return undertaking_of(message) not in self._work.undertakings
        contact = getattr(message, "contact", None)
        if contact and contact not in self._work.contacts:
            return True
        if isinstance(message, BeginForContact):
            before = undertaking_of(message)
            return before is not None and before not in self._work.undertakings
        if not isinstance(message, UndertakingCommand):
            return False
        undertaking = self._work.undertakings.get(message.undertaking)
        return undertaking is None or is_ahead(undertaking, message)

    def decide(self, one: Received[Any]) -> None:
        """Decide as things stand, whether or not what it is about is known."""
        message = one.body
        if isinstance(message, DisagreementSubmitted):
            self._hear_disagreement(one)
            return
        if isinstance(message, Inbound):
            self._hear(one)
            return
        contact = self._work.contacts.get(getattr(message, "contact", None) or UUID(int=0))
        authority: str | None = contact.authority if contact else getattr(message, "authority", None)
        if authority is None or (contact is None and getattr(message, "contact", None)):
            refuse_command(one, UNKNOWN_CONTACT, self._transaction)
            return
        if authority not in self._book.authorities:
            refuse_command(one, _unknown_authority(self._book), self._transaction)
            return
        undertaking = self._held(message, authority)
        if undertaking is None and isinstance(message, UndertakingCommand):
            refuse_command(one, _UNKNOWN, self._transaction, authority=authority)
            return
        if undertaking is None and isinstance(message, ToAuthority) and message.undertaking in self._work.undertakings:
            raise ValueError("a contact tells its own authority's undertakings alone: this one is another authority's")
        # What never ends goes by the day's pack.
        held = undertaking if undertaking and undertaking.LIFE.ends else contact
        pack = self._book.pack(authority, held.pack_version) if held else self._book.on(authority, one.at.date())
        decided = undertake(undertaking, message, self._circumstances(pack, one, contact))
        if isinstance(decided, Refusal):
            moved_on = undertaking and decided.code in ("version-moved", "unknown-version")
            version = undertaking.version if undertaking and moved_on else None
            refuse_command(one, decided, self._transaction, version=version, authority=authority)
        else:
            self._do(decided, one)

    def _hear(self, one: Received[Any]) -> None:
        """What a partner says of what it was asked; it is told to mend what is about nothing that it was asked."""
        said = one.body
        held = self._work.undertakings.get(undertaking_of(said) or UUID(int=0))
        asked = held is not None and is_heard_by(held, said) and held.authority == said.authority
        if held is None or not asked or getattr(held, "agency", None) != said.agency:
            refuse_inbound(one, (_NOT_ASKED,), self._transaction, refusal=one.id)
            return
        contact = self._work.contacts.get(held.contact) if held.contact else None
        pack = self._book.pack(held.authority, held.pack_version)
        heard = undertake(held, said, self._circumstances(pack, one, contact))
        assert not isinstance(heard, Refusal), "a partner's message is kept or to be mended, never refused"
        self._do(heard, one)

    def _hear_disagreement(self, one: Received[DisagreementSubmitted]) -> None:
        """An agency's own disagreement with what was decided about a contact."""
        said = one.body
        contact = self._work.by_reference(said.authority, said.reference)
        if contact is None:
            refuse_inbound(one, (_NO_REFERENCE,), self._transaction, refusal=one.id)
            return
        pack = self._book.pack(contact.authority, contact.pack_version)
        own = self._work.undertakings.get(said.undertaking)
        heard = undertake(own, said, self._circumstances(pack, one, contact))
        if isinstance(heard, Refusal):
            fix = "; or ".join(heard.allowed)
            problem = Problem(path="$.stage", found=heard.why, expected="a step that is open to you", fix=fix)
            refuse_inbound(one, (problem,), self._transaction, refusal=one.id)
        else:
            self._do(heard, one)

    def felt(self, change: Change, one: Received[Any]) -> None:
        """What something that happened to a contact means to its undertakings."""
        contact = change.contact
        pack = self._book.pack(contact.authority, contact.pack_version)
        self._do(follow_up(change, self._circumstances(pack, one, contact)), one)

    def _do(self, decided: Iterable[Done], one: Received[Any]) -> None:
        for done in decided:
            if isinstance(done, Progress):
                if done.undertaking.id not in self._work.undertakings:
                    self._transaction.wake(done.undertaking.id)
                self._work.keep(done)
                for message in (*done.events, *done.clocks, *done.asks):
                    self._transaction.say(message, one, authority=done.undertaking.authority)
            elif isinstance(done, Change):
                self._carry_out(done, one)
            else:
                self._transaction.say(done, one)

    def _held(self, message: Message, authority: str) -> Undertaking | None:
        """The undertaking that the message names, if it hears such messages and is of that contact and that authority.

        Ids of what belongs to no contact can be worked out by anybody: they prove nothing about whose it is.
        """
        named = undertaking_of(message)
        held = self._work.undertakings.get(named) if named else None
        if held is None or not is_heard_by(held, message):
            return None
        ours = held.authority == authority and held.contact == getattr(message, "contact", None)
        return held if ours else None

    def _circumstances(self, pack: PolicyPack, one: Received[Any], contact: Contact | None) -> Circumstances:
        beside = self._work.beside(contact.id) if contact else ()
        return Circumstances(pack=pack, at=one.at, because=one.id, contact=contact, beside=beside)


def _unknown_authority(book: PolicyBook) -> Refusal:
    return Refusal(
        "unknown-authority", "there is no policy for that authority", (f"name one of {', '.join(book.authorities)}",)
    )
