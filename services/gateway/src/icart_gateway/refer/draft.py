"""What somebody has typed so far: in the doorway, sealed with a code that only they have.

The code is in a cookie, and shown to whoever wants to go on elsewhere. The table has digests of it, so that nobody who reads the
table opens a draft, and nobody guesses one: it has a hundred bits.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from icart_common.contracts.ids import LETTERS, new_id
from icart_common.db.pool import Database, named_sql

_SQL = named_sql("icart_gateway.refer")
_CODE: Final = re.compile(f"[{LETTERS}]{{20}}")
_HEAD: Final = {"alg": "dir", "enc": "A256GCM"}


@dataclass(frozen=True, slots=True)
class Draft:
    """One referral that somebody writes."""

    code: str
    submission: UUID
    values: dict[str, str] = field(default_factory=dict)
    documents: tuple[dict[str, Any], ...] = ()
    """As the referral will name them."""
    receipt: UUID | None = None
    """When it was sent; then nothing of what was typed is kept here."""
    kind: str = ""
    """Of a referral that was sent: what kind of referrer sent it."""

    @property
    def mark(self) -> str:
        """What every form of this draft carries, so that no other site can send one."""
        return _digest("form", self.code).hex()

    @property
    def shown_code(self) -> str:
        """The code as people write it down."""
        return "-".join(self.code[start : start + 5] for start in range(0, 20, 5))

    def sent(self, receipt: UUID) -> Draft:
        """The draft after its referral is with us."""
        return Draft(self.code, self.submission, receipt=receipt, kind=self.values.get("referrer.kind", ""))

    def with_values(self, values: dict[str, str]) -> Draft:
        return replace(self, values={**self.values, **values})


def new_draft() -> Draft:
    """An empty draft under a new code."""
    return Draft("".join(secrets.choice(LETTERS) for _ in range(20)), new_id())


def code_of(text: str | None) -> str | None:
    """The code in what somebody typed or their browser sent; None when there is none."""
    found = re.sub(r"[\s-]", "", (text or "")[:60]).upper()
    return found if _CODE.fullmatch(found) else None


async def load(held: Database, authority: str, code: str, now: datetime) -> Draft | None:
    """The draft of a code; None when there is none, or not any more."""
    async with held.connection() as connection:
        sealed = await connection.fetchval(_SQL["load_draft"], _digest("row", code), authority, now)
    if sealed is None:
        return None
    try:
        opened = jwe.decrypt_compact(sealed, _key(code), algorithms=list(_HEAD.values())).plaintext
    except JoseError:
        return None
    kept = json.loads(opened or b"{}")
    receipt = UUID(kept["receipt"]) if kept["receipt"] else None
    return Draft(code, UUID(kept["submission"]), kept["values"], tuple(kept["documents"]), receipt, kept["kind"])


async def save(held: Database, authority: str, draft: Draft, now: datetime, days: int) -> None:
    """Keep a draft for so many more days."""
    kept = {
        "submission": str(draft.submission), "values": draft.values, "documents": draft.documents, "kind": draft.kind,
        "receipt": str(draft.receipt) if draft.receipt else None,
    }  # fmt: skip
    sealed = jwe.encrypt_compact(_HEAD, json.dumps(kept), _key(draft.code), algorithms=list(_HEAD.values()))
    async with held.connection() as connection:
        await connection.execute(
            _SQL["save_draft"], _digest("row", draft.code), authority, sealed, now, now + timedelta(days=days)
        )


async def forget_expired(held: Database, now: datetime) -> None:
    """Remove drafts whose time is over."""
    async with held.connection() as connection:
        await connection.execute(_SQL["forget_drafts"], now)


def _digest(what: str, code: str) -> bytes:
    return hashlib.sha256(f"{what}:{code}".encode()).digest()


def _key(code: str) -> OctKey:
    return OctKey.import_key(_digest("key", code))
