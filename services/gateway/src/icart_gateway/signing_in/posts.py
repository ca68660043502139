"""The posts that somebody holds, an authority and a role each, found in what the identity provider says of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from icart_common.policy import PolicyBook


@dataclass(frozen=True, slots=True, order=True)
class Post:
    """A role of an authority's pack."""

    authority: str
    role: str

    def __str__(self) -> str:
        return f"{self.authority}/{self.role}"

    @classmethod
    def read(cls, text: str) -> Post:
        """The opposite of `str`. Raises ValueError."""
        authority, slash, role = text.partition("/")
        if not (authority and slash and role):
            raise ValueError("a post is written authority/role")
        return cls(authority, role)

    def is_of(self, book: PolicyBook) -> bool:
        """Whether the newest pack of the authority has the role."""
        return self.authority in book.authorities and any(
            one.id == self.role for one in book.pack(self.authority).roles
        )


def claimed(claims: Mapping[str, Any], places: Iterable[str]) -> tuple[str, ...]:
    """The values of the claims that may name posts, each once. A place is a claim's name, with dots for what lies within."""
    found: dict[str, None] = {}
    for place in places:
        value: Any = claims
        for part in place.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        values = [value] if isinstance(value, str) else value if isinstance(value, Sequence) else []
        found |= dict.fromkeys(one for one in values if isinstance(one, str))
    return tuple(found)


def posts_of(values: Iterable[str], named: Mapping[str, str], book: PolicyBook) -> tuple[Post, ...]:
    """The posts that claim values stand for: by the settings' list, else written `authority.role`. Others are passed over."""
    found: dict[Post, None] = {}
    for value in values:
        authority, _, role = value.partition(".")
        post = Post.read(named[value]) if value in named else Post(authority, role)
        if post.is_of(book):
            found[post] = None
    return tuple(sorted(found))
