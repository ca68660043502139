"""What a browser is in the middle of, between the first click and the identity provider's answer."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import asyncpg

from icart_common.db.pool import named_sql
from icart_gateway.signing_in.session import digest

LASTS: Final = timedelta(minutes=10)
HOME: Final = "/"
"""Where somebody goes who was nowhere before."""
_SQL = named_sql("icart_gateway.signing_in")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to sign in: what the provider has to give back, and where the person goes then."""

    state: str
    nonce: str
    verifier: str
    """Of PKCE: whoever steals the code alone cannot redeem it."""
    back_to: str


async def begin_attempt(connection: asyncpg.Connection, back_to: str, now: datetime) -> tuple[str, Attempt]:
    """Begin one; returns the token for the browser's cookie with it."""
    token = secrets.token_urlsafe(32)
    attempt = Attempt(
        secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), own_path(back_to)
    )
    await connection.execute(
        _SQL["begin_attempt"], digest(token), attempt.state, attempt.nonce, attempt.verifier, attempt.back_to, now,
        now - LASTS,
    )  # fmt: skip
    return token, attempt


async def take_attempt(connection: asyncpg.Connection, token: str, state: str, now: datetime) -> Attempt | None:
    """The attempt of the browser with the cookie that an answer is to, once.

    None: too long ago, answered already, begun in another browser, or an answer to another attempt. That one leaves the
    browser's own as it is: whoever began in two windows goes on in the second.
    """
    row = await connection.fetchrow(_SQL["take_attempt"], digest(token), digest(state), now - LASTS)
    return Attempt(**row) if row else None


def own_path(to: str) -> str:
    """`to` when it is a path of ours, else the first page: nobody is sent to another site by a link to this one.

    Browsers read a backslash as a slash and leave out control characters, so neither may stand in it.
    """
    try:
        parts = urlsplit(to)
    except ValueError:
        return HOME
    plain = to.isascii() and to.isprintable() and "\\" not in to and " " not in to
    ours = plain and to.startswith("/") and not to.startswith("//") and not (parts.scheme or parts.netloc)
    again = parts.path.startswith(("/sign-in", "/sign-out", "/local-sign-in"))
    return to if ours and not again else HOME
