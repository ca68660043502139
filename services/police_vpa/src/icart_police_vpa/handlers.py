"""Messages in, decisions and messages out, for a whole batch: assessments, who their people are, and what is decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from icart_common.contracts.base import Message, Problem
from icart_common.contracts.intake import PeopleIdentified
from icart_common.contracts.police_vpa import PrimaryAssess, SecondaryAssess, VpaCommand
from icart_common.contracts.vpa import VpaSubmitted
from icart_common.messaging.message import Received
from icart_common.messaging.refusing import no_policy, refuse_command, refuse_inbound
from icart_common.messaging.transaction import Transaction
from icart_common.policy import PolicyBook, PolicyPack, UnknownPolicy, VpaRules
from icart_common.policy.wording import london_day
from icart_police_vpa import store
from icart_police_vpa.domain.arrival import take_in
from icart_police_vpa.domain.decide import Asked, decide, is_early
from icart_police_vpa.domain.faults import faults_of, no_pathway, used_before
from icart_police_vpa.domain.propose import propose
from icart_police_vpa.domain.refusal import Refusal
from icart_police_vpa.domain.vpa import OWNER, Change, Vpa

HEARS: Final[frozenset[type[Message]]] = frozenset({VpaSubmitted, PeopleIdentified, PrimaryAssess, SecondaryAssess})
"""What the handler acts on. Intake's other events are most of what its topics carry."""
_UNKNOWN = Refusal("unknown-vpa", "there is no such assessment", ("give the force's id of an assessment",))


class VpasHandler:
    """Hears the forces, intake's answers and people's commands. Loads every assessment of a batch at once, writes each once."""

    def __init__(self, book: PolicyBook) -> None:
        self._book = book

    async def __call__(self, batch: Sequence[Received[Any]], transaction: Transaction) -> None:
        heard = [one for one in batch if _is_ours(one.body)]
        if not heard:
            return
        connection = transaction.connection
        arriving = {one.body.vpa for one in heard if isinstance(one.body, VpaSubmitted)}
        if arriving:
            await store.lock_arrivals(connection, arriving)
        work = _Work(self._book, transaction, await store.load_vpas(connection, {_about(one) for one in heard}))
        for one in work.in_turn(heard):
            work.settle_early(one)
        if work.changed:
            await store.save_vpas(connection, [work.vpas[vpa] for vpa in work.changed])


def _is_ours(body: object) -> bool:
    if isinstance(body, PeopleIdentified):
        return body.asked_by == OWNER
    return isinstance(body, VpaSubmitted | VpaCommand)


def _about(one: Received[Any]) -> UUID:
    """The assessment that a message is about: intake was asked under its id."""
    about: UUID = one.body.request if isinstance(one.body, PeopleIdentified) else one.body.vpa
    return about


class _Work:
    """One batch, on the assessments that were loaded for it."""

    def __init__(self, book: PolicyBook, transaction: Transaction, vpas: dict[UUID, Vpa]) -> None:
        self.vpas = vpas
        self.changed: set[UUID] = set()
        self._book = book
        self._transaction = transaction

    def in_turn(self, heard: Iterable[Received[Any]]) -> list[Received[Any]]:
        """Take every message whose turn it is, again after each round; returns those whose turn did not come.

        Intake's answer bears the time of our question: it may stand before the assessment when topics are read again.
        """
        left = list(heard)
        while left:
            early = [one for one in left if not self._take(one)]
            if len(early) == len(left):
                return early
            left = early
        return left

    def settle_early(self, one: Received[Any]) -> None:
        """What waits for its assessment is parked; a command that has waited long enough is decided on what is there.

        An answer about an assessment that did not come is about nothing, and is dropped.
        """
        if not one.last_chance:
            self._transaction.park(_about(one), one)
        elif isinstance(one.body, VpaCommand):
            if one.body.vpa in self.vpas:
                self._decide(one)
            else:
                refuse_command(one, _UNKNOWN, self._transaction)

    def _take(self, one: Received[Any]) -> bool:
        if isinstance(one.body, VpaSubmitted):
            self._take_in(one)
            return True
        vpa = self.vpas.get(_about(one))
        if vpa is None:
            return False
        if isinstance(one.body, PeopleIdentified):
            change = propose(vpa, one.body, *self._policy(vpa))
            if change:
                self._carry_out(change, one)
            return True
        if is_early(vpa, one.body):
            return False
        self._decide(one)
        return True

    def _take_in(self, one: Received[VpaSubmitted]) -> None:
        """Take in an assessment, or tell the force what to mend. The same one again changes nothing."""
        submitted = one.body
        held = self.vpas.get(submitted.vpa)
        if held:
            problem = used_before(held, submitted)
            if problem:
                self._mend(one, (problem,))
            return
        try:
            pack = self._book.on(submitted.authority, day := london_day(one.at))
        except UnknownPolicy:
            self._mend(one, (no_policy(day, "assessments"),))
            return
        problems = faults_of(submitted, one.at, len(one.record.value or b"") if one.record else 0)
        if pack.vpa is None:
            self._mend(one, (no_pathway(pack),))
        elif problems:
            self._mend(one, problems)
        else:
            self._carry_out(take_in(submitted, pack, pack.vpa, one.at), one)

    def _decide(self, one: Received[Any]) -> None:
        vpa = self.vpas[one.body.vpa]
        pack, rules = self._policy(vpa)
        decided = decide(vpa, one.body, Asked(pack, rules, one.at, one.id))
        if isinstance(decided, Refusal):
            moved_on = vpa.version if decided.code in ("version-moved", "unknown-version") else None
            refuse_command(one, decided, self._transaction, version=moved_on, authority=vpa.submitted.authority)
        else:
            self._carry_out(decided, one)

    def _carry_out(self, change: Change, one: Received[Any]) -> None:
        self.vpas[change.vpa.id] = change.vpa
        self.changed.add(change.vpa.id)
        for message in change.messages:
            self._transaction.say(message, one, authority=change.vpa.submitted.authority)

    def _policy(self, vpa: Vpa) -> tuple[PolicyPack, VpaRules]:
        """The pack that the assessment keeps (AU-6)."""
        pack = self._book.pack(vpa.submitted.authority, vpa.pack_version)
        assert pack.vpa is not None, "it was taken in under a pack that says how assessments are made"
        return pack, pack.vpa

    def _mend(self, one: Received[VpaSubmitted], problems: tuple[Problem, ...]) -> None:
        refuse_inbound(one, problems, self._transaction, refusal=one.id)
