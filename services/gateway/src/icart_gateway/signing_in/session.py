"""Sessions: a random token in the browser's cookie, its digest in the doorway, and who is signed in beside it."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import Depends, Form, Request

from icart_common.contracts.base import Actor
from icart_common.contracts.ids import new_id
from icart_common.db.pool import named_sql
from icart_common.policy import PolicyPack
from icart_gateway.doorway import Doorway, doorway

COOKIE = "icart_session"
_SQL = named_sql("icart_gateway.signing_in")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who is signed in, and the role in which they act now."""

    session: UUID
    person: str
    """The opaque id of a member of staff (`StaffId`)."""
    name: str
    authority: str
    roles: tuple[str, ...]
    role: str
    csrf: str

    @property
    def actor(self) -> Actor:
        """Who acts, as a command says it."""
        return Actor(person=self.person, role=self.role)


class NotSignedIn(Exception):
    """Nobody is signed in here, or not any more: sign in, and come back to the same page."""


class ForgedForm(Exception):
    """The form was not made by a page of this session: load the page again."""


async def begin(
    connection: asyncpg.Connection, *, person: str, name: str, authority: str, roles: tuple[str, ...], now: datetime
) -> str:
    """Begin a session; returns the token for the cookie, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    await connection.execute(
        _SQL["begin_session"], new_id(), _digest(token), person, name, authority, list(roles), roles[0],
        secrets.token_urlsafe(24), now,
    )  # fmt: skip
    return token


async def signed_in(request: Request, door: Annotated[Doorway, Depends(doorway)]) -> SignedIn:
    """Who is signed in. Raises `NotSignedIn`: no cookie, an unknown one, idle for too long, or too old."""
    token = request.cookies.get(COOKIE)
    if not token:
        raise NotSignedIn
    now = door.clock.now()
    async with door.held.connection() as connection:
        row = await connection.fetchrow(
            _SQL["touch_session"],
            _digest(token),
            now,
            now - timedelta(minutes=door.settings.session_idle_minutes),
            now - timedelta(hours=door.settings.session_hours),
        )
    if row is None:
        raise NotSignedIn
    return SignedIn(
        row["id"], row["person"], row["name"], row["authority"], tuple(row["roles"]), row["role"], row["csrf"]
    )


async def own_form(who: Annotated[SignedIn, Depends(signed_in)], csrf: Annotated[str, Form()] = "") -> SignedIn:
    """Who is signed in, for whatever changes something: the form has to carry the session's own mark."""
    if not secrets.compare_digest(csrf.encode(), who.csrf.encode()):
        raise ForgedForm
    return who


def pack_of(door: Doorway, who: SignedIn) -> PolicyPack:
    """The pack in force of the authority in which somebody works."""
    return door.book.pack(who.authority)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


Who = Annotated[SignedIn, Depends(signed_in)]
"""Who is signed in: for pages that are read."""
Acting = Annotated[SignedIn, Depends(own_form)]
"""Who is signed in and sent a form of ours: for whatever changes something."""
Door = Annotated[Doorway, Depends(doorway)]
