"""Who sends which bucket of the outbox: leases with tokens, shared fairly among the relays that are alive."""

from __future__ import annotations

from uuid import UUID

import asyncpg

_SEEN = """
with gone as (
    delete from outbox_relay where seen_at < clock_timestamp() - make_interval(secs => 2 * $2::float8) and owner <> $1
), me as (
    insert into outbox_relay (owner, seen_at) values ($1, clock_timestamp())
    on conflict (owner) do update set seen_at = excluded.seen_at
)
select count(*) from outbox_relay
where owner <> $1 and seen_at >= clock_timestamp() - make_interval(secs => 2 * $2::float8)
"""
_GIVE_UP = """
update outbox_lease set expires_at = clock_timestamp()
where owner = $1 and bucket not in (
    select bucket from outbox_lease where owner = $1 and expires_at > clock_timestamp() order by bucket limit $2
)
"""
_TAKE = """
insert into outbox_lease as lease (bucket, owner, token, expires_at)
select bucket, $1, 1, clock_timestamp() + make_interval(secs => $3::float8) from (
    select b::smallint as bucket from generate_series(0, $2::int - 1) as b
    left join outbox_lease as held on held.bucket = b
    where held.bucket is null or held.owner = $1 or held.expires_at <= clock_timestamp()
    order by held.owner is distinct from $1, b limit $4
) as mine order by bucket
on conflict (bucket) do update set
    owner = excluded.owner,
    token = lease.token + (lease.owner <> excluded.owner)::int,
    expires_at = excluded.expires_at
where lease.owner = excluded.owner or lease.expires_at <= clock_timestamp()
returning bucket, token
"""
_LEAVE = "update outbox_lease set expires_at = clock_timestamp() where owner = $1"
_FORGET = "delete from outbox_relay where owner = $1"


async def renew(connection: asyncpg.Connection, owner: UUID, buckets: int, seconds: float) -> dict[int, int]:
    """Renew this relay's leases and take its fair share of what is free. Returns the token of each bucket it holds."""
    async with connection.transaction():
        others: int = await connection.fetchval(_SEEN, owner, seconds)
        share = -(-buckets // (others + 1))
        await connection.execute(_GIVE_UP, owner, share)
        rows = await connection.fetch(_TAKE, owner, buckets, seconds, share)
    return {row["bucket"]: row["token"] for row in rows}


async def leave(connection: asyncpg.Connection, owner: UUID) -> None:
    """Give all leases back at once, so that nobody waits for them to run out."""
    await connection.execute(_LEAVE, owner)
    await connection.execute(_FORGET, owner)
