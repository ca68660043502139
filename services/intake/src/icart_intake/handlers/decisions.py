"""What people decide of people: possible matches, merges, links that are undone (IN-17; decision 0010)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from icart_common.contracts.base import Message
from icart_common.contracts.people import (
    ContactPersonChanged,
    DecideMatch,
    MergeCommand,
    MergeProposed,
    ProposeMerge,
    UndoLink,
)
from icart_common.messaging.message import Received
from icart_common.messaging.refusing import refuse_command
from icart_common.messaging.transaction import Transaction
from icart_common.policy.book import PolicyBook
from icart_common.policy.errors import UnknownPolicy
from icart_common.policy.pack import PolicyPack
from icart_common.policy.wording import london_day
from icart_intake import decision_store as store
from icart_intake import matters
from icart_intake.domain.matching import Weights
from icart_intake.domain.merging import decide_merge, propose_merge
from icart_intake.domain.moving import decide_match, undo_link
from icart_intake.domain.registry import Refusal, Registry
from icart_intake.handlers.partings import Partings
from icart_intake.store_asked import load_asked, save_asked

DECISIONS: Final = (DecideMatch, ProposeMerge, MergeCommand, UndoLink)


async def decide_people(
    commands: Sequence[Received[Any]], book: PolicyBook, weights: Weights, transaction: Transaction
) -> None:
    """Carry out what people decided, one after the other, with everything read and written at once."""
    if not commands:
        return
    bodies = [one.body for one in commands]
    registry = Registry(weights)
    await store.fill(
        transaction.connection,
        registry,
        offers={body.offer for body in bodies if isinstance(body, DecideMatch)},
        merges={body.merge for body in bodies if isinstance(body, MergeCommand | ProposeMerge)},
        mentions={body.mention for body in bodies if isinstance(body, UndoLink)},
        people={who for body in bodies if isinstance(body, ProposeMerge) for who in (body.stays, body.goes)},
    )
    partings = Partings(registry, await matters.joined_of(transaction.connection, registry.people), book)
    about: dict[UUID, UUID] = {}
    for received in commands:
        for message in _decide(received, registry, book, transaction):
            if isinstance(message, ContactPersonChanged):
                about[message.contact] = message.person
        partings.look(received)
    await store.keep(transaction.connection, registry)
    await partings.open(transaction)
    if about:
        await _let_calls_follow(about, registry, min(received.at for received in commands), transaction)


async def _let_calls_follow(
    about: Mapping[UUID, UUID], registry: Registry, at: datetime, transaction: Transaction
) -> None:
    """The form of a call is put to it by whom the call's contact is about now (IN-9)."""
    submissions = {registry.belongings[contact].submission for contact in about if contact in registry.belongings}
    held = await load_asked(transaction.connection, submissions, (), at)
    after = {one.submission: one.now_about(about) for one in held.values()}
    changed = [one for _, one in sorted(after.items()) if one is not held[one.submission]]
    if changed:
        await save_asked(transaction.connection, changed, ())


def _decide(
    received: Received[Any], registry: Registry, book: PolicyBook, transaction: Transaction
) -> Sequence[Message]:
    authority = _authority(received.body, registry)
    if authority is None:
        if not received.last_chance:
            transaction.park(received.body.subject_id, received)  # what it is about may still be on its way
            return ()
        unknown = Refusal("unknown-subject", "there is nothing with this id to decide", ("look at the offer or merge",))
        refuse_command(received, unknown, transaction)
        return ()
    try:
        _needs_role(received.body, book.on(authority, london_day(received.at)))
        said = _carried_out(received, registry)
    except UnknownPolicy:
        why = "the authority had no policy on that day"
        nobody = Refusal("no-policy", why, ("ask the authority from when it works here",))
        refuse_command(received, nobody, transaction, authority=authority)
    except Refusal as refusal:
        refuse_command(received, refusal, transaction, version=refusal.version, authority=authority)
    else:
        for message in said:
            if isinstance(message, MergeProposed):
                transaction.wake(message.merge)
            transaction.say(message, received)
        return said
    return ()


def _authority(body: Any, registry: Registry) -> str | None:
    if isinstance(body, ProposeMerge):
        return body.authority
    known: Any
    if isinstance(body, DecideMatch):
        known = registry.pairs.get(body.offer)
    elif isinstance(body, UndoLink):
        put = registry.mentions.get(body.mention)
        known = put.mention if put else None
    else:
        known = registry.merges.get(body.merge)
    return known.authority if known else None


def _needs_role(body: Any, pack: PolicyPack) -> None:
    roles = pack.matching.merge_roles if isinstance(body, MergeCommand) else pack.matching.decide_roles
    if body.actor.role in roles:
        return
    others = [f"{pack.role(role).name} ({role}) may" for role in roles]
    if not any(role.id == body.actor.role for role in pack.roles):
        raise Refusal("unknown-role", "the authority's policy has no such role", others)
    what = "decide a merge" if isinstance(body, MergeCommand) else "decide who is who"
    raise Refusal("role-may-not", f"{pack.role(body.actor.role).name} may not {what}", others)


def _carried_out(received: Received[Any], registry: Registry) -> list[Message]:
    body, at, because = received.body, received.at, received.id
    if isinstance(body, DecideMatch):
        return decide_match(registry, body, at, because)
    if isinstance(body, ProposeMerge):
        return propose_merge(registry, body, at)
    if isinstance(body, UndoLink):
        return undo_link(registry, body, at, because)
    return decide_merge(registry, body, at)
