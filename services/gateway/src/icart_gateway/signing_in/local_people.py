"""The people of the try-out: one for each role of each authority, and one in each who holds two. None of them exists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from icart_common.policy import PolicyBook, PolicyPack
from icart_gateway.signing_in.posts import Post

_GIVEN: Final = (
    "Ailsa", "Bashir", "Ceri", "Dorota", "Emeka", "Farah", "Gwil", "Hana", "Idris", "Jola", "Kofi", "Leena", "Mairi", "Nadeem",
    "Orla", "Priya", "Quentin", "Ravi", "Saoirse", "Tomos", "Uma", "Viktor", "Wren", "Yusuf",
)  # fmt: skip
_FAMILY: Final = ("Samplewick", "Testerley", "Tryoutham", "Mockbridge", "Exampleby")


@dataclass(frozen=True, slots=True)
class LocalPerson:
    """Somebody whom anybody may be in the try-out."""

    id: str
    name: str
    posts: tuple[Post, ...]
    does: str
    """Their roles and their authority, in words."""


def local_people(book: PolicyBook) -> tuple[LocalPerson, ...]:
    """Everybody, in the order of the packs."""
    return tuple(
        person for number, pack in enumerate(book.newest()) for person in _of(pack, _FAMILY[number % len(_FAMILY)])
    )


def _of(pack: PolicyPack, family: str) -> list[LocalPerson]:
    groups: list[tuple[str, ...]] = [(role.id,) for role in pack.roles]
    works, decides = pack.roles_with("submit"), pack.roles_with("authorise")
    if works and decides:
        groups.append((works[0].id, decides[0].id))
    return [
        LocalPerson(
            f"{pack.authority.id}.{'-and-'.join(roles)}"[:64],
            f"{_GIVEN[number % len(_GIVEN)]} {family}",
            tuple(Post(pack.authority.id, role) for role in roles),
            f"{', and '.join(pack.role(role).name for role in roles)}, {pack.authority.name}",
        )
        for number, roles in enumerate(groups)
    ]
