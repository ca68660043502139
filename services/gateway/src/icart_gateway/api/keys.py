"""Access tokens: short-lived JWTs of our own, signed with ES256. Nothing else is believed, whatever its header says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from icart_common.contracts.ids import new_id
from icart_common.db.pool import Database, named_sql
from icart_gateway.api.clients import Client

_SQL = named_sql("icart_gateway.api")
ALGORITHM: Final = "ES256"
LASTS: Final = timedelta(minutes=10)
_CLAIMS: Final = ("iss", "aud", "sub", "client", "scope", "iat", "exp", "jti")


class BadToken(Exception):
    """The token is not ours, not for this API, or over. Why is nobody's business who forged it."""


@dataclass(frozen=True, slots=True)
class Token:
    """What an access token says."""

    client: UUID
    agency: str
    scopes: frozenset[str]


class Keys:
    """The key that signs, read once: from the settings' file, or from the doorway, where the first to need it makes it."""

    def __init__(self, held: Database, key_file: Path | None, issuer: str) -> None:
        self._held = held
        self._key_file = key_file
        self._issuer = issuer
        self._audience = f"{issuer}/api/v1"
        self._key: ECKey | None = None

    async def token(self, client: Client, scopes: frozenset[str], now: datetime) -> str:
        """A new access token."""
        claims = {
            "iss": self._issuer, "aud": self._audience, "sub": client.agency, "client": str(client.id),
            "scope": " ".join(sorted(scopes)), "iat": int(now.timestamp()), "exp": int((now + LASTS).timestamp()),
            "jti": str(new_id()),
        }  # fmt: skip
        return jwt.encode({"alg": ALGORITHM}, claims, await self._signing(), algorithms=[ALGORITHM])

    async def read(self, token: str, now: datetime) -> Token:
        """What a token says. Raises `BadToken`."""
        wanted: dict[str, Any] = {name: {"essential": True} for name in _CLAIMS}
        wanted["iss"]["value"], wanted["aud"]["value"] = self._issuer, self._audience
        try:
            claims = jwt.decode(token, await self._signing(), algorithms=[ALGORITHM]).claims
            jwt.JWTClaimsRegistry(now=int(now.timestamp()), **wanted).validate(claims)
            return Token(UUID(claims["client"]), str(claims["sub"]), frozenset(str(claims["scope"]).split()))
        except (JoseError, ValueError, TypeError, AttributeError, KeyError):
            raise BadToken from None

    async def _signing(self) -> ECKey:
        if self._key is None:
            self._key = ECKey.import_key(await self._pem())
        return self._key

    async def _pem(self) -> str:
        if self._key_file is not None:
            return self._key_file.read_text()
        async with self._held.connection() as connection:
            found: str | None = await connection.fetchval(_SQL["load_key"])
            if found is None:
                await connection.execute(_SQL["keep_key"], ECKey.generate_key("P-256").as_pem(private=True).decode())
                found = await connection.fetchval(_SQL["load_key"])
        assert found is not None
        return found
