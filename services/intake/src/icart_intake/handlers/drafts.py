"""Drafts of one batch: saved, and submitted as what they have become (IN-22)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError

from icart_common.contracts.drafts import DraftSaved, DraftSubmitted, SaveDraft, SubmitDraft
from icart_common.contracts.referral import ReferralSubmitted
from icart_common.db.pool import named_sql
from icart_common.messaging.message import Received
from icart_common.messaging.refusing import refuse_command
from icart_common.messaging.transaction import Transaction
from icart_common.policy.book import PolicyBook
from icart_common.policy.errors import UnknownPolicy
from icart_common.policy.wording import london_day
from icart_intake.domain.drafts import Draft, account_of, begin, save, unknown_fields
from icart_intake.domain.faults import faults_of
from icart_intake.domain.registry import Refusal
from icart_intake.domain.submission import content_of, submission_of
from icart_intake.store import Arrival

_SQL: Final = named_sql("icart_intake")
_MOST: Final = 20


class Drafts:
    """What is typed, in the order of time; `take` returns the submissions that drafts have become."""

    def __init__(self, book: PolicyBook, transaction: Transaction) -> None:
        self._book = book
        self._transaction = transaction
        self._held: dict[UUID, Draft] = {}
        self._changed: set[UUID] = set()

    async def take(self, batch: Sequence[Received[Any]]) -> list[tuple[Received[Any], Arrival]]:
        """Load, save and submit every draft of a batch."""
        heard = [one for one in batch if isinstance(one.body, SaveDraft | SubmitDraft)]
        if not heard:
            return []
        connection = self._transaction.connection
        rows = await connection.fetch(_SQL["load_drafts"], sorted({one.body.draft for one in heard}))
        self._held = {row["id"]: Draft.model_validate_json(row["state"]) for row in rows}
        arrivals = []
        early = []
        for received in heard:
            if isinstance(received.body, SaveDraft):
                self._save(received, received.body)
            elif self._is_early(received.body):
                early.append(received)
            elif arrival := self._submit(received, received.body):
                arrivals.append((received, arrival))
        for received in early:  # what it waited for may be in the same batch
            if self._is_early(received.body) and not received.last_chance:
                self._transaction.park(received.body.draft, received)
            elif arrival := self._submit(received, received.body):
                arrivals.append((received, arrival))
        drafts = [self._held[one] for one in sorted(self._changed)]
        if drafts:
            await connection.execute(
                _SQL["save_drafts"],
                [one.id for one in drafts],
                [one.authority for one in drafts],
                [one.agency for one in drafts],
                [one.owner for one in drafts],
                [one.version for one in drafts],
                [one.saved_at for one in drafts],
                [one.submission for one in drafts],
                [one.model_dump_json() for one in drafts],
            )
        return arrivals

    def _save(self, received: Received[Any], command: SaveDraft) -> None:
        draft = self._held.get(command.draft) or begin(command, received.at)
        if (draft.authority, draft.agency) != (command.authority, command.agency):
            self._refuse(received, "another-draft", "this draft is another agency's", ("begin a draft of your own",))
        elif draft.submission:
            why = "the draft has been submitted: what is typed now is not in it"
            self._refuse(received, "submitted", why, ("send it as an answer to a question", "begin another draft"))
        elif self._may(received, command.authority):
            saved = save(draft, command, received.at)
            self._put(saved.draft)
            for clash in saved.clashes:
                self._transaction.say(clash, received)
            self._transaction.say(
                DraftSaved(
                    **self._head(saved.draft, received),
                    by=command.actor.person,
                    page=command.page,
                    fields=len(saved.draft.fields),
                    clashes=len(saved.draft.clashes),
                ),
                received,
            )

    def _is_early(self, command: SubmitDraft) -> bool:
        """Whether the save that was seen has not been read yet."""
        draft = self._held.get(command.draft)
        return draft is None or command.seen_version > draft.version

    def _submit(self, received: Received[Any], command: SubmitDraft) -> Arrival | None:
        draft = self._held.get(command.draft)
        if draft is None or command.seen_version > draft.version:
            self._refuse(received, "unknown-draft", "there is no such draft or version", ("save it first",))
            return None
        if draft.submission:
            self._refuse(received, "submitted", "the draft has been submitted already", ("follow its reference",))
            return None
        if command.seen_version < draft.version:
            self._refuse(received, "version-moved", "somebody has typed since", ("look at it again, then submit",))
            return None
        if not self._may(received, draft.authority):
            return None
        arrival = self._arrival(received, draft)
        if arrival is None:
            return None
        done = draft.model_copy(update={"submission": arrival.submission.id, "version": draft.version + 1})
        self._put(done)
        self._transaction.say(
            DraftSubmitted(**self._head(done, received), by=command.actor.person, submission=arrival.submission.id),
            received,
        )
        return arrival

    def _may(self, received: Received[Any], authority: str) -> bool:
        """Whether the person's role records contacts; says why not when it does not."""
        try:
            pack = self._book.on(authority, london_day(received.at))
        except UnknownPolicy:
            self._refuse(received, "no-policy", "the authority takes no referrals here on this day")
            return False
        among = pack.roles_with("open")
        if received.body.actor.role in {role.id for role in among}:
            return True
        others = [f"{role.name} ({role.id}) may" for role in among]
        self._refuse(received, "role-may-not", "this role takes no referrals down", others)
        return False

    def _arrival(self, received: Received[Any], draft: Draft) -> Arrival | None:
        """The submission that a draft makes, or None when it is refused: with the fields, never with what stands in them."""
        if draft.clashes:
            paths = sorted({clash.path for clash in draft.clashes})
            self._refuse(received, "clash-open", "two people filled these fields differently", paths)
            return None
        unknown = unknown_fields(draft)
        if unknown:
            self._refuse(received, "unknown-field", "a referral has no such fields", unknown)
            return None
        head = {"agency": draft.agency, "authority": draft.authority, "submission": draft.id, "channel": draft.channel}
        try:
            body = ReferralSubmitted.model_validate(account_of(draft) | head)
            pack = self._book.on(draft.authority, london_day(received.at))
        except ValidationError as error:
            places = [".".join(map(str, one["loc"])) or "$" for one in error.errors(include_input=False)]
            self._refuse(received, "not-whole", "these fields are missing or do not fit", places)
            return None
        except UnknownPolicy:
            self._refuse(received, "no-policy", "the authority takes no referrals here on this day")
            return None
        submission = submission_of(body, at=received.at, cause=received.id, message=received.message_id)
        problems = faults_of(submission, pack, len(body.model_dump_json().encode()))
        if problems:
            self._refuse(received, "not-whole", "these fields cannot be as they are",
                         [f"{one.path}: {one.fix}" for one in problems])  # fmt: skip
            return None
        return Arrival(submission, pack.version, content_of(submission))

    def _head(self, draft: Draft, received: Received[Any]) -> dict[str, Any]:
        return {
            "draft": draft.id,
            "authority": draft.authority,
            "agency": draft.agency,
            "version": draft.version,
            "at": received.at,
        }

    def _put(self, draft: Draft) -> None:
        self._held[draft.id] = draft
        self._changed.add(draft.id)

    def _refuse(self, received: Received[Any], code: str, why: str, allowed: Sequence[str] = ()) -> None:
        draft = self._held.get(received.body.draft)
        refusal = Refusal(code, why, allowed[:_MOST], draft.version if draft else None)
        # A draft of somebody else's is refused to whoever asked, in their own authority.
        authority = getattr(received.body, "authority", None) or (draft.authority if draft else None)
        refuse_command(received, refusal, self._transaction, version=refusal.version, authority=authority)
