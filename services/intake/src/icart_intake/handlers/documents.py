"""Documents that messages name are written down, and those refused unseen are answered; nobody waits for any (IN-14)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from icart_common.contracts.base import Problem
from icart_common.contracts.documents import AttachmentsAdded, DocumentNamed
from icart_common.messaging.message import Received
from icart_common.messaging.transaction import Transaction
from icart_common.policy.book import PolicyBook
from icart_intake.documents import rows
from icart_intake.domain.documents import Belonging, Document, documents_of
from icart_intake.handlers.refusal import refuse
from icart_intake.handlers.repeats import Sorting

_UNKNOWN: Final = (
    Problem(
        path="$.submission",
        found="an id that no submission of this sender has",
        expected="the submission that the documents belong to",
        fix="send the submission first, or use the id that it was sent with",
    ),
)


async def name_documents(
    batch: Sequence[Received[Any]], sorting: Sorting, book: PolicyBook, transaction: Transaction
) -> None:
    """Write down the documents of a batch. A repeat's are its first's: what did not arrive then may have come now."""
    received_by = {received.id: received for received in batch}
    naming: list[tuple[Received[Any], Document]] = []
    submissions = [
        *((arrival.submission, arrival.as_first()) for _, arrival in sorting.first),
        *sorting.repeats,
        *sorting.resent,
    ]
    for submission, first in submissions:
        received = received_by[submission.cause]
        belonging = Belonging(
            first.submission,
            first.reference,
            submission.agency,
            submission.authority,
            first.pack_version,
            submission.reply_to,
        )
        rules = book.pack(submission.authority, first.pack_version).documents
        found = documents_of(
            submission.account.attachments, belonging, rules, at=received.at, correlation=received.correlation
        )
        naming += [(received, document) for document in found]
    await _write(naming, transaction)
    added = [received for received in batch if isinstance(received.body, AttachmentsAdded)]
    if added:
        await _add(added, book, transaction)


async def _add(added: Sequence[Received[Any]], book: PolicyBook, transaction: Transaction) -> None:
    """Documents that come after their submission. What comes before it waits for it."""
    known = await rows.submissions(transaction.connection, (received.body.submission for received in added))
    naming: list[tuple[Received[Any], Document]] = []
    for received in added:
        body: AttachmentsAdded = received.body
        submission = known.get(body.submission)
        if submission is None and not received.last_chance:
            transaction.park(body.submission, received)
            continue
        if submission is None or not submission.is_of(body.agency, body.authority):
            refuse(received, _UNKNOWN, transaction)
            continue
        belonging = submission.belonging
        found = documents_of(
            body.attachments,
            belonging,
            book.pack(belonging.authority, belonging.pack_version).documents,
            at=received.at,
            correlation=received.correlation,
            before=submission.before,
            replaced=submission.replaced,
        )
        submission.before.update(one.attachment.id for one in found if one.reason != "too-many")
        submission.replaced.update(one.instead_of for one in found if one.instead_of)
        naming += [(received, document) for document in found]
    for received, document in await _write(naming, transaction):
        transaction.say(DocumentNamed(**document.head(), about=document.attachment.about), received)


async def _write(
    naming: Iterable[tuple[Received[Any], Document]], transaction: Transaction
) -> list[tuple[Received[Any], Document]]:
    """Write documents down and answer those that are refused. Returns those that were new and are looked at."""
    first = {document.id: (received, document) for received, document in reversed(list(naming))}
    if not first:
        return []
    # Sorted by hand: the order of what is said has to be the same when topics are read again.
    documents = sorted((document for _, document in first.values()), key=lambda one: (one.named_at, one.id))
    new = await rows.name(transaction.connection, documents)
    looked_at: list[tuple[Received[Any], Document]] = []
    for document in documents:
        if document.id not in new:
            continue
        received = first[document.id][0]
        refusal = document.refusal()
        if refusal:
            transaction.say(refusal, received)
        else:
            looked_at.append((received, document))
    return looked_at
