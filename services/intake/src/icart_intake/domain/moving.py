"""Possible matches decided, and mentions put to somebody else by a person (decision 0010, 4 and 5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from icart_common.contracts.base import Actor, Message
from icart_common.contracts.ids import derived_id
from icart_common.contracts.people import DecideMatch, MatchDecided, MatchWithdrawn, Meanwhile, MentionMoved, UndoLink
from icart_intake.domain.homes import home_keys, say_homes
from icart_intake.domain.learning import learned
from icart_intake.domain.matching import blocks_of
from icart_intake.domain.mentions import Put
from icart_intake.domain.merging import propose
from icart_intake.domain.pairs import Pair, known_of, settle
from icart_intake.domain.people import KnownPerson
from icart_intake.domain.registry import Refusal, Registry


def decide_match(registry: Registry, command: DecideMatch, at: datetime, because: UUID) -> list[Message]:
    """The same: the mention is put to the other, or a merge is proposed where both have a record. Or not the same."""
    pair = registry.pairs[command.offer]
    if command.seen_version != pair.version:
        why = f"the offer has moved on: version {command.seen_version} was seen, it has version {pair.version} now"
        raise Refusal("version-moved", why, ("look at it again, then decide",), pair.version)
    if pair.state != "open":
        raise Refusal("already-decided", f"the offer is {pair.state} already", (), pair.version)
    one, other = registry.people[pair.one], registry.people[pair.other]
    if not command.same:
        decided = registry.put_pair(settle(pair, "not-same", known_of(one.facts, other.facts)))
        return [_decided(decided, command, at)]
    decided = registry.put_pair(settle(pair, "same"))
    if one.stands_for == other.stands_for:
        return [_decided(decided, command, at)]
    for bare, to in ((other, one), (one, other)):
        mention = _only_mention(registry, bare)
        if mention:
            moved = move(registry, mention, to.stands_for, command.actor, command.reason, at, because)
            return [_decided(decided, command, at, mention=mention), *moved]
    stays, goes = sorted((one.stands_for, other.stands_for), key=lambda who: (registry.whole(who).number is None, who))
    merge = derived_id(at, "merge", pair.id, because)
    proposed = propose(registry, merge, (stays, goes), command.actor, command.reason, at, pair.id)
    return [_decided(decided, command, at, merge=merge), *proposed]


def _only_mention(registry: Registry, person: KnownPerson) -> UUID | None:
    """The mention, when the person is nothing but that: no number, nobody merged, nothing else put to them."""
    own = [one.mention.id for one in registry.mentions.values() if one.mention.person == person.id]
    alone = person.merged_into is None and len(registry.members(person.id)) == 1
    return own[0] if len(own) == 1 and alone and person.number is None else None


def _decided(pair: Pair, command: DecideMatch, at: datetime, **what: UUID) -> MatchDecided:
    return MatchDecided.model_validate(
        {
            "offer": pair.id, "authority": pair.authority, "version": pair.version, "at": at, "same": command.same,
            "by": command.actor, "reason": command.reason, **what,
        }
    )  # fmt: skip


def undo_link(registry: Registry, command: UndoLink, at: datetime, because: UUID) -> list[Message]:
    """The mention goes back to whom it was put before; the first time, to a new person who is nothing but it."""
    put = registry.mentions[command.mention]
    if command.seen_version != put.mention.number:
        why = f"version {command.seen_version} of the link was seen, it has version {put.mention.number} now"
        raise Refusal("version-moved", why, ("look at it again, then decide",), put.mention.number)
    if put.before is None and _only_mention(registry, registry.people[put.mention.person]):
        raise Refusal("nothing-to-undo", "the person is nothing but this mention", ("leave it as it is",))
    to = put.before or derived_id(at, "person", put.mention.id, because)
    if to not in registry.people:
        new = KnownPerson(id=to, authority=put.mention.authority, facts=put.mention.facts)
        registry.people[to] = registry.changes.new[to] = new
        registry.changes.described[to] = put.mention.described
    return move(registry, put.mention.id, to, command.actor, command.reason, at, because)


def move(
    registry: Registry, mention: UUID, to: UUID, by: Actor, reason: str, at: datetime, because: UUID
) -> list[Message]:
    """Put a mention to somebody else. Both are worked out again from what is put to them."""
    put = registry.mentions[mention]
    before, source = put.mention, registry.people[put.mention.person].stands_for
    after = before._replace(person=to, number=before.number + 1)
    registry.mentions[mention] = replace(put, mention=after, put_at=at, before=before.person)
    registry.moved.add(mention)
    registry.changes.puts.append(Put(mention, after.number, to, at, because, by, reason))
    since = [
        one for one in registry.belong_to(person.id for person in registry.members(source))
        if one.mention != mention and one.at > put.put_at
    ]  # fmt: skip
    own = [one for one in registry.belongings.values() if one.mention == mention]
    for one in own:
        registry.belongings[one.id] = replace(one, person=to)
    for person in (before.person, to):
        _work_out(registry, person)
    said: list[Message] = [
        MentionMoved(
            mention=mention, authority=before.authority, version=after.number, at=at, submission=before.submission,
            from_person=source, to_person=registry.people[to].stands_for, by=by, reason=reason,
            contacts=tuple(one.id for one in own if one.kind == "contact"),
            meanwhile=tuple(
                Meanwhile(kind=one.kind, id=one.id, reference=one.reference, submission=one.submission, at=one.at,
                          person=source, look=True)
                for one in since
            ),
        ),
        *registry.now_about(own, to, source, "mention-moved", at),
    ]  # fmt: skip
    for pair in _left_behind(registry, before.person):
        said.append(
            MatchWithdrawn(
                offer=pair.id, authority=pair.authority, version=pair.version, at=at, because="mention-moved"
            )
        )
    return said


def _work_out(registry: Registry, person: UUID) -> None:
    """What is known of somebody, from the case system's word and the mentions that are put to them now."""
    who = registry.people[person]
    puts = [one for one in registry.mentions.values() if one.mention.person == person]
    puts.sort(key=lambda one: (one.put_at, one.mention.id))
    said = {(one.agency, one.received_at) for one in registry.mentions.values()}
    homes = tuple(home for home in who.homes if (home.said_by, home.said_at) not in said)
    for one in sorted(puts, key=lambda one: (one.received_at, one.mention.id)):
        homes = say_homes(homes, one.addresses, at=one.received_at, by=one.agency, counts=one.counts)
    facts = learned(who.held, (one.mention.facts for one in puts))
    known = who._replace(facts=facts, homes=homes)
    registry.people[person] = known
    changes = registry.changes
    (changes.new if person in changes.new else changes.changed)[person] = known
    for one in puts:
        changes.blocks[person] += blocks_of(who.authority, one.mention.facts)
    changes.residents |= {(key, person) for key in home_keys(who.authority, homes)}


def _left_behind(registry: Registry, person: UUID) -> list[Pair]:
    """Open offers of somebody to whom nothing is put any more."""
    empty = registry.people[person].held is None and not any(
        one.mention.person == person for one in registry.mentions.values()
    )
    found = [
        pair for pair in registry.pairs.values() if empty and pair.state == "open" and person in (pair.one, pair.other)
    ]
    return [registry.put_pair(settle(pair, "withdrawn")) for pair in found]
