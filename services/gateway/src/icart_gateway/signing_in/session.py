"""Sessions: a random token in the browser's cookie, its digest in the doorway, and who is signed in beside it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
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
from icart_gateway.settings import Settings
from icart_gateway.signing_in.cookies import SESSION, read_cookie
from icart_gateway.signing_in.posts import Post
from icart_gateway.signing_in.staff import remember

_SQL = named_sql("icart_gateway.signing_in")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who is signed in, and the role in which they act now."""

    session: UUID
    person: str
    """The opaque id of a member of staff (`StaffId`)."""
    name: str
    authority: str
    role: str
    posts: tuple[Post, ...]
    """Everything that they may choose to act as."""
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
    connection: asyncpg.Connection, *, person: str, name: str, posts: Sequence[Post], now: datetime, settings: Settings
) -> str:
    """Begin a session in the first of the posts; returns the token for the cookie, which is kept nowhere.

    Sessions that nobody can take up any more are cleared away with it.
    """
    token = secrets.token_urlsafe(32)
    await remember(connection, person, name, posts, now)
    await connection.execute(_SQL["end_expired"], *_limits(now, settings))
    await connection.execute(
        _SQL["begin_session"], new_id(), digest(token), person, name, posts[0].authority, [str(one) for one in posts],
        posts[0].role, secrets.token_urlsafe(24), now,
    )  # fmt: skip
    return token


async def change_post(connection: asyncpg.Connection, who: SignedIn, post: Post) -> str:
    """Go on in another post; returns the new token. Forms of the old one are refused: nothing is done in the wrong role."""
    token = secrets.token_urlsafe(32)
    await connection.execute(
        _SQL["change_post"], who.session, digest(token), post.authority, post.role, secrets.token_urlsafe(24)
    )
    return token


async def end_session(connection: asyncpg.Connection, token: str) -> None:
    """Sign out here: the cookie is worth nothing from now on."""
    await connection.execute("delete from session where token_hash = $1", digest(token))


async def end_everywhere(connection: asyncpg.Connection, person: str) -> int:
    """Sign somebody out of every browser; returns of how many."""
    done: str = await connection.execute("delete from session where person = $1", person)
    return int(done.split()[-1])


async def signed_in(request: Request, door: Annotated[Doorway, Depends(doorway)]) -> SignedIn:
    """Who is signed in. Raises `NotSignedIn`: no cookie, an unknown one, idle for too long, or too old."""
    request.state.live_place = door.live.place
    if by_itself(request):
        return await watching(request, door)
    now = door.wall.now()
    return await _found(request, door, "touch_session", now, *_limits(now, door.settings))


async def watching(request: Request, door: Annotated[Doorway, Depends(doorway)]) -> SignedIn:
    """The same for what an open page asks by itself: that is no sign of somebody being there."""
    return await _found(request, door, "watch_session", *_limits(door.wall.now(), door.settings))


def by_itself(request: Request) -> bool:
    """Whether an open page asks, to renew what it shows: browsers say when nobody went there themselves (Fetch Metadata)."""
    return request.method in ("GET", "HEAD") and request.headers.get("sec-fetch-mode", "navigate") != "navigate"


async def _found(request: Request, door: Doorway, statement: str, *limits: datetime) -> SignedIn:
    token = read_cookie(request, SESSION, door.settings)
    if not token:
        raise NotSignedIn
    async with door.held.connection() as connection:
        row = await connection.fetchrow(_SQL[statement], digest(token), *limits)
    if row is None or not Post(row["authority"], row["role"]).is_of(door.book):
        raise NotSignedIn
    return SignedIn(
        row["id"], row["person"], row["name"], row["authority"], row["role"],
        tuple(post for post in map(Post.read, row["posts"]) if post.is_of(door.book)), row["csrf"],
    )  # fmt: skip


def _limits(now: datetime, settings: Settings) -> tuple[datetime, datetime]:
    """Seen since, and begun since: what is older is over."""
    return now - timedelta(minutes=settings.session_idle_minutes), now - timedelta(hours=settings.session_hours)


async def own_form(who: Annotated[SignedIn, Depends(signed_in)], csrf: Annotated[str, Form()] = "") -> SignedIn:
    """Who is signed in, for whatever changes something: the form has to carry the session's own mark."""
    return _with_mark(who, csrf)


async def watching_form(who: Annotated[SignedIn, Depends(watching)], csrf: Annotated[str, Form()] = "") -> SignedIn:
    """The same for what an open page sends by itself."""
    return _with_mark(who, csrf)


def _with_mark(who: SignedIn, csrf: str) -> SignedIn:
    if not secrets.compare_digest(csrf.encode(), who.csrf.encode()):
        raise ForgedForm
    return who


def pack_of(door: Doorway, who: SignedIn) -> PolicyPack:
    """The pack in force of the authority in which somebody works."""
    return door.book.pack(who.authority)


def digest(token: str) -> bytes:
    """SHA-256: what is kept of a cookie's token, so that a copy of the table signs nobody in."""
    return hashlib.sha256(token.encode()).digest()


Who = Annotated[SignedIn, Depends(signed_in)]
"""Who is signed in: for pages that are read."""
Watching = Annotated[SignedIn, Depends(watching)]
"""Who is signed in: for what an open page asks by itself."""
WatchingForm = Annotated[SignedIn, Depends(watching_form)]
"""Who is signed in: for what an open page sends by itself."""
Acting = Annotated[SignedIn, Depends(own_form)]
"""Who is signed in and sent a form of ours: for whatever changes something."""
Door = Annotated[Doorway, Depends(doorway)]
