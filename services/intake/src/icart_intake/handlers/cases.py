"""The case system's feed: whom it holds, which cases are open (IN-5, IN-6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from icart_common.contracts.cases import PersonHeld
from icart_common.contracts.ids import derived_id
from icart_common.messaging.message import Received
from icart_common.messaging.transaction import Transaction
from icart_intake import store
from icart_intake.domain.matching import facts_of, keys_of
from icart_intake.domain.people import KnownPerson, People, Standing

_NO_TIME: Final = datetime.fromtimestamp(0, UTC)
_DESCRIBED: Final = {
    "given_name", "family_name", "other_names", "born", "sex", "addresses", "phones", "school", "related", "notes",
}  # fmt: skip


class CaseSystem:
    """Keeps the newest of what the case system says about each person.

    A person named at the door before the case system held them, and who is certainly the same, gets the number; nobody
    else is ever merged.
    """

    async def __call__(self, batch: Sequence[Received[Any]], transaction: Transaction) -> None:
        newest: dict[tuple[str, str], PersonHeld] = {}
        for received in batch:
            body: PersonHeld = received.body
            place = (body.authority, body.number)
            if place not in newest or newest[place].as_of < body.as_of:
                newest[place] = body
        facts = {place: facts_of(body) for place, body in newest.items()}
        keys = {place: keys_of(body.authority, facts[place]) for place, body in newest.items()}
        by_number = {
            (person.authority, str(person.number)): person
            for person in await store.held(transaction.connection, sorted(newest))
        }
        behind = await store.lock_keys(
            transaction.connection,
            (key for place, body in newest.items() if _is_later(body, by_number.get(place)) for key in keys[place]),
        )
        others = {one for people in behind.values() for one in people} - {one.id for one in by_number.values()}
        found = await store.people_to_adopt(transaction.connection, others)
        # Another instance may have brought a number while we waited for its keys.
        by_number |= {(person.authority, person.number): person for person in found if person.number}
        at_the_door = People(person for person in found if not person.number)
        holding: list[tuple[KnownPerson, str]] = []
        missing: set[tuple[UUID, UUID]] = set()
        adopted: set[UUID] = set()
        for place, body in sorted(newest.items()):
            before = by_number.get(place)
            if not _is_later(body, before):
                continue
            if before is None:
                same = at_the_door.find(body.authority, facts[place])
                before = same if same and same.id not in adopted else None
            person = KnownPerson(
                id=before.id if before else derived_id(_NO_TIME, "person", *place),
                authority=body.authority,
                facts=facts[place],
                number=body.number,
                as_of=body.as_of,
                standing=Standing(case=body.case, services=body.services, history=body.history),
            )
            adopted.add(person.id)
            holding.append((person, body.model_dump_json(include=_DESCRIBED, exclude_defaults=True)))
            missing |= {(key, person.id) for key in keys[place] if person.id not in behind[key]}
        if holding:
            await store.hold(transaction.connection, holding, missing)


def _is_later(body: PersonHeld, known: KnownPerson | None) -> bool:
    """Whether the message is newer than what we know; an older one that was overtaken changes nothing."""
    return known is None or known.as_of is None or known.as_of < body.as_of
