"""Merges: proposed by one person, made by another, undone whole (decision 0010, 5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from icart_common.contracts.base import Actor, Message
from icart_common.contracts.people import (
    ApproveMerge,
    MatchWithdrawn,
    Meanwhile,
    MergeCommand,
    MergeProposed,
    MergeRefused,
    MergeUndone,
    PeopleMerged,
    ProposeMerge,
    RefuseMerge,
    UndoMerge,
)
from icart_intake.domain.matching import Band, compare
from icart_intake.domain.registry import Belonging, Merge, Refusal, Registry


def propose(
    registry: Registry, merge: UUID, people: tuple[UUID, UUID], by: Actor, reason: str, at: datetime,
    offer: UUID | None = None,
) -> list[Message]:  # fmt: skip
    """A merge waits for somebody else. `people` are who stays and who goes; each has to stand for itself."""
    stays, goes = people
    for other in registry.merges.values():
        if other.state == "proposed" and {other.stays, other.goes} == {stays, goes}:
            why = "a merge of these two is proposed already"
            raise Refusal("already-proposed", why, ("approve or refuse that one",), other.version)
    if merge in registry.merges:
        raise Refusal("already-proposed", "another merge has this id", ("make a new id for every proposal",))
    made = Merge(merge, registry.people[stays].authority, stays, goes, "proposed", 1, by, reason)
    registry.put_merge(made)
    return [MergeProposed(**_head(made, by, at), reason=reason, offer=offer)]


def propose_merge(registry: Registry, command: ProposeMerge, at: datetime) -> list[Message]:
    """Two people by their ids."""
    for person in (command.stays, command.goes):
        known = registry.people.get(person)
        if known is None or known.authority != command.authority:
            raise Refusal("unknown-person", "there is no such person", ("use the ids that events and offers name",))
        if known.root:
            raise Refusal(
                "merged-already", "one of the two is merged into another", (f"name {known.root} in its place",)
            )
    if command.stays == command.goes:
        raise Refusal("same-person", "both are the same person", ("name two people",))
    people = (command.stays, command.goes)
    return propose(registry, command.merge, people, command.actor, command.reason, at)


def decide_merge(registry: Registry, command: MergeCommand, at: datetime) -> list[Message]:
    """Approve, refuse or undo."""
    merge = registry.merges[command.merge]
    if command.seen_version != merge.version:
        why = f"the merge has moved on: version {command.seen_version} was seen, it has version {merge.version} now"
        raise Refusal("version-moved", why, ("look at it again, then decide",), merge.version)
    if isinstance(command, UndoMerge):
        return _undo(registry, merge, command, at)
    if merge.state != "proposed":
        raise Refusal("already-decided", f"the merge is {merge.state} already", (), merge.version)
    if isinstance(command, RefuseMerge):
        refused = registry.put_merge(merge.now("refused"))
        return [MergeRefused(**_head(refused, command.actor, at), reason=command.reason)]
    assert isinstance(command, ApproveMerge)
    return _approve(registry, merge, command, at)


def _approve(registry: Registry, merge: Merge, command: ApproveMerge, at: datetime) -> list[Message]:
    if command.actor.person == merge.proposed_by.person:
        raise Refusal("own-proposal", "nobody approves a merge that they proposed", ("let somebody else approve it",))
    if registry.people[merge.stays].root or registry.people[merge.goes].root:
        raise Refusal("merged-already", "one of the two was merged meanwhile", ("refuse it, and propose another",))
    contacts = registry.belong_to(registry.below(merge.goes))
    registry.point(merge.goes, merge.stays)
    made = registry.put_merge(merge.now("merged", at))
    said: list[Message] = [
        PeopleMerged(
            **_head(made, command.actor, at), proposed_by=merge.proposed_by, reason=merge.reason, note=command.note,
            contacts=_contacts(contacts),
        )
    ]  # fmt: skip
    said += registry.now_about(contacts, merge.stays, merge.goes, "people-merged", at)
    for pair in registry.settle_pairs(merge.stays, merge.goes):
        said.append(
            MatchWithdrawn(offer=pair.id, authority=pair.authority, version=pair.version, at=at, because="merged")
        )
    return said


def _undo(registry: Registry, merge: Merge, command: UndoMerge, at: datetime) -> list[Message]:
    if merge.state != "merged" or registry.people[merge.goes].merged_into != merge.stays:
        raise Refusal("not-merged", f"the merge is {merge.state}: there is nothing to undo", (), merge.version)
    everybody = {person.id for person in registry.members(registry.people[merge.stays].stands_for)}
    before = registry.people[merge.stays].stands_for
    registry.point(merge.goes, None)
    gone = registry.below(merge.goes)
    since = [one for one in registry.belong_to(everybody) if merge.merged_at and one.at > merge.merged_at]
    undone = registry.put_merge(merge.now("undone"))
    own = registry.belong_to(gone)
    meanwhile = tuple(
        Meanwhile(
            kind=one.kind, id=one.id, reference=one.reference, submission=one.submission, at=one.at,
            person=registry.people[one.person].stands_for, look=_fits_both(registry, one, gone, everybody - gone),
        )
        for one in since
    )  # fmt: skip
    return [
        MergeUndone(
            **_head(undone, command.actor, at), reason=command.reason, contacts=_contacts(own), meanwhile=meanwhile
        ),
        *registry.now_about(own, merge.goes, before, "merge-undone", at),
    ]


def _fits_both(registry: Registry, one: Belonging, these: Iterable[UUID], those: Iterable[UUID]) -> bool:
    """Whether what was said fits either side nearly alike, so that a worker has to look."""
    if one.mention is None or one.mention not in registry.mentions:
        return True
    said = registry.mentions[one.mention].mention.facts
    best = []
    for side in (these, those):
        likenesses = [compare(registry.people[person].facts, said, registry.weights) for person in side]
        best.append(max(likenesses, key=lambda likeness: likeness.score))
    if best[0].exact != best[1].exact:
        return False  # to the letter on one side alone
    near = abs(best[0].score - best[1].score) < registry.weights.thresholds.margin
    return near and all(likeness.band is not Band.DIFFERENT for likeness in best)


def _contacts(belongings: Iterable[Belonging]) -> tuple[UUID, ...]:
    return tuple(one.id for one in belongings if one.kind == "contact")


def _head(merge: Merge, by: Actor, at: datetime) -> dict[str, object]:
    return {
        "merge": merge.id, "authority": merge.authority, "version": merge.version, "at": at, "stays": merge.stays,
        "goes": merge.goes, "by": by,
    }  # fmt: skip
