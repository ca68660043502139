"""No notice stays with another child's contact: notices that joined follow what people decide of people (IN-17, IN-20)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from icart_common.contracts.intake import ContactOpened
from icart_common.contracts.joint_work import NoticeJoined
from icart_common.contracts.people import UndoMerge
from icart_common.messaging.message import Received
from icart_common.messaging.transaction import Transaction
from icart_common.policy.book import PolicyBook
from icart_intake import matters, store
from icart_intake.domain.after_all import redirected, told_again
from icart_intake.domain.incident import Joining, Matters, matter_of
from icart_intake.domain.parting import child_of, joining, parted, say_parted, strays
from icart_intake.domain.people import HISTORY_OF_CHILD, KnownPerson
from icart_intake.domain.questions import Questions, Redirected
from icart_intake.domain.registry import Because, Registry
from icart_intake.matters import Joined
from icart_intake.store import Kept, NewContact, NewRedirection
from icart_intake.store_asked import load_asked, save_asked


class Partings:
    """The joined notices of the people of a batch of decisions, and those that decisions put with the wrong child."""

    def __init__(self, registry: Registry, joined: Mapping[UUID, Joined], book: PolicyBook) -> None:
        self._registry = registry
        self._joined = dict(joined)
        self._out: list[tuple[Received[Any], Joined]] = []
        self._book = book
        self._before = Matters()
        self._asked: dict[UUID, Questions] = {}
        self._changed: set[UUID] = set()
        self._kept = Kept()

    def look(self, received: Received[Any]) -> None:
        """After a decision: which notices are with somebody else's contact now."""
        for told in strays(self._registry, [(one.contact, one.told) for one in self._joined.values()]):
            self._out.append((received, self._joined.pop(told.contact)))

    async def open(self, transaction: Transaction) -> None:
        """Take each to the child whom it is about: to the worker of an open case (IN-5), into the open contact about the same
        event (IN-20), or into a contact of its own."""
        if not self._out:
            return
        connection = transaction.connection
        children = {child for _, notice in self._out if (child := child_of(self._registry, notice.told))}
        await matters.take_turns(connection, children)
        self._before = Matters(await matters.matters(connection, children))
        first = min(received.at for received, _ in self._out)
        self._asked = await load_asked(connection, {notice.told.submission for _, notice in self._out}, (), first)
        taken = [self._take(received, notice, transaction) for received, notice in self._out]
        await matters.take_out(connection, sorted(taken, key=lambda one: one.id))
        await store.keep(connection, self._kept)
        if self._changed:
            await save_asked(connection, [self._asked[one] for one in sorted(self._changed)], ())

    def _take(self, received: Received[Any], notice: Joined, transaction: Transaction) -> Joined:
        child = child_of(self._registry, notice.told)
        assert child is not None, "only a notice whose mention was read is a stray"
        body, told, who = received.body, notice.told, self._registry.whole(child)
        because: Because = "merge-undone" if isinstance(body, UndoMerge) else "mention-moved"
        transaction.say(say_parted(told, notice.contact, because, body.actor, body.reason, received.at), received)
        if who.standing.is_open_and_allocated():
            self._redirect(received, told, who, transaction)
            return replace(notice, opened="redirected")
        before = self._before.of(child)
        contact = parted(told, who, before)
        same = joining(before, notice.notice, self._book.pack(told.authority, told.pack_version).incidents)
        if same:
            return self._join(received, replace(notice, person=child, told=contact), same, transaction)
        transaction.say(contact, received)
        self._kept.contacts.append(NewContact(contact, notice.notice))
        self._before.opened(child, matter_of(contact, notice.notice))
        return replace(notice, opened="parted")

    def _redirect(
        self, received: Received[Any], told: ContactOpened, who: KnownPerson, transaction: Transaction
    ) -> None:
        """The worker of the case is told, and so is the sender; what the sender answers goes there too."""
        said = redirected(told, who, told.child, received.at, received.id)
        transaction.say(said, received)
        mention = told.child_known.mention
        assert mention is not None, "only a notice whose mention was read is a stray"
        self._kept.redirections.append(
            NewRedirection(said.redirection, mention, told.submission, told.reference, received.at)
        )
        questions = self._asked.get(told.submission)
        if questions:
            case = who.known(told.child.ref, "certain", HISTORY_OF_CHILD).case
            assert case is not None, "only an open case is redirected"
            worker = Redirected(redirection=said.redirection, person=who.id, case=case)
            self._put(questions.passed_to_worker(told.child.ref, worker))
            transaction.say(told_again(questions, told, redirected=True), received)

    def _join(self, received: Received[Any], notice: Joined, same: Joining, transaction: Transaction) -> Joined:
        matter = same.matter
        told = notice.told.model_copy(update={"incident": matter.incident})
        joined = NoticeJoined(contact=matter.live, authority=told.authority, because=same.because, notice=told)
        transaction.say(joined, received)
        questions = self._asked.get(told.submission)
        if questions:
            self._put(questions.moved_to(told.child.ref, matter.live))
        self._before.joined(notice.person, matter.live, notice.notice)
        return replace(notice, contact=matter.contact, told=told)

    def _put(self, questions: Questions) -> None:
        self._asked[questions.submission] = questions
        self._changed.add(questions.submission)
