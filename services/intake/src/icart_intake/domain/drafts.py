"""A referral that is being typed, merged field by field: nothing typed is lost, and nobody locks anybody out (IN-22; S1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import Field, JsonValue

from icart_common.contracts.base import Instant, Part
from icart_common.contracts.drafts import DraftClashed, SaveDraft
from icart_common.contracts.referral import (
    Account,
    Channel,
    Consent,
    Person,
    PrivacyShown,
    Referrer,
    Safety,
    Tried,
    WhatHappened,
)

_SECTIONS: Final[Mapping[str, type[Part]]] = {
    "referrer": Referrer,
    "event": WhatHappened,
    "safety": Safety,
    "tried": Tried,
}
_LISTS: Final[Mapping[str, type[Part]]] = {"people": Person, "consents": Consent, "privacy_notices": PrivacyShown}


class Typed(Part):
    """What stands in a field, and who put it there in which version."""

    value: JsonValue = None
    by: str
    page: str
    version: int


class Clash(Part):
    """Another value of a field, by somebody who had not seen the one that stands there."""

    path: str
    typed: Typed


class Draft(Part):
    """A draft as it stands."""

    id: UUID
    authority: str
    agency: str
    channel: Channel
    owner: str
    """Whoever began it."""
    version: int = 0
    fields: dict[str, Typed] = Field(default_factory=dict)
    clashes: tuple[Clash, ...] = ()
    agreed: tuple[Clash, ...] = ()
    """What another page typed the same: a clash as soon as somebody who has not seen it fills the field anew."""
    saved_at: Instant
    submission: UUID | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """The draft after a save, and the clashes that are new."""

    draft: Draft
    clashes: tuple[DraftClashed, ...]


def begin(command: SaveDraft, at: datetime) -> Draft:
    """An empty draft of whoever saves first."""
    return Draft(
        id=command.draft,
        authority=command.authority,
        agency=command.agency,
        channel=command.channel,
        owner=command.actor.person,
        saved_at=at,
    )


def save(draft: Draft, command: SaveDraft, at: datetime) -> Saved:
    """Merge what a page typed. A field that nobody else has changed since the page was shown takes the new value; one that
    somebody has keeps theirs, and the other value stands beside it. Whoever saw both and saves again has chosen."""
    version = draft.version + 1
    fields, clashes, agreed = dict(draft.fields), list(draft.clashes), list(draft.agreed)
    new: list[DraftClashed] = []
    for change in command.changes:
        typed = Typed(value=change.value, by=command.actor.person, page=command.page, version=version)
        held = fields.get(change.path)
        if held is None or held.version <= command.base_version or held.page == command.page:
            fields[change.path] = typed
            clashes = [one for one in clashes if not _settled(one, change.path, command)]
            agreed = [one for one in agreed if not _settled(one, change.path, command)]
            differ = [one for one in agreed if one.path == change.path and one.typed.value != change.value]
            agreed = [one for one in agreed if one not in differ]
            clashes += differ
            new += [_clashed(draft, version, one.path, typed, one.typed, at) for one in differ]
            continue
        # What this page had typed beside the other's value, it has typed anew.
        clashes = [one for one in clashes if (one.path, one.typed.page) != (change.path, command.page)]
        agreed = [one for one in agreed if (one.path, one.typed.page) != (change.path, command.page)]
        if held.value == change.value:
            agreed.append(Clash(path=change.path, typed=typed))
        else:
            clashes.append(Clash(path=change.path, typed=typed))
            new.append(_clashed(draft, version, change.path, held, typed, at))
    changed = {"fields": fields, "clashes": tuple(clashes), "agreed": tuple(agreed), "saved_at": at}
    return Saved(draft.model_copy(update={"version": version, **changed}), tuple(new))


def _settled(clash: Clash, path: str, command: SaveDraft) -> bool:
    """Whether the save chooses: it was made on a version that showed the clash."""
    return clash.path == path and clash.typed.version <= command.base_version


def _clashed(draft: Draft, version: int, path: str, held: Typed, typed: Typed, at: datetime) -> DraftClashed:
    return DraftClashed(
        draft=draft.id,
        authority=draft.authority,
        agency=draft.agency,
        version=version,
        at=at,
        path=path,
        kept=held.value,
        kept_by=held.by,
        other=typed.value,
        other_by=typed.by,
    )


def account_of(draft: Draft) -> dict[str, Any]:
    """The draft as a referral's JSON: blank fields left out, people in the order of their refs."""
    account: dict[str, Any] = {"referrer": {}, "event": {}}
    people: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in _LISTS}
    for path in sorted(draft.fields):
        value = draft.fields[path].value
        if value is None or value == "":
            continue
        first, _, rest = path.partition(".")
        if first in _LISTS:
            ref, _, name = rest.partition(".")
            people[first].setdefault(ref, {"ref" if first == "people" else "person": ref})[name] = value
        elif first == "relationships":
            person, _, of = rest.partition(".")
            account.setdefault(first, []).append({"person": person, "kind": value, "of": of})
        elif rest:
            account.setdefault(first, {})[rest] = value
        else:
            account[first] = value
    return account | {name: list(members.values()) for name, members in people.items() if members}


def unknown_fields(draft: Draft) -> tuple[str, ...]:
    """Paths that a referral has no field for: what stands there would be lost with the submission."""
    found = []
    for path in sorted(draft.fields):
        first, _, rest = path.partition(".")
        part = _SECTIONS.get(first) or _LISTS.get(first)
        name = rest.rpartition(".")[2]
        known = part.model_fields if part else Account.model_fields
        if draft.fields[path].value not in (None, "") and first != "relationships" and (name or first) not in known:
            found.append(path)
    return tuple(found)
