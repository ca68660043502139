"""Row-level security behind the pages: a query without a filter sees one authority alone, and writes nothing."""

from __future__ import annotations

import asyncpg
import pytest

from icart_common.testing import example
from icart_gateway.rows import READER, TooMuchPower, check_power, reading

_UNSHUT = """
select c.relname from pg_class c where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')
and exists (select from pg_attribute where attrelid = c.oid and attname in ('authority', 'contact') and not attisdropped)
and not (relrowsecurity and relforcerowsecurity) and relname not like 'outbox%'
"""


async def test_a_query_without_a_filter_sees_its_authority_alone_and_writes_nothing(gateway):
    models = gateway.door.models
    received = example("icart.screening.received.v1", authority="halton")
    other = example(
        "icart.screening.received.v1",
        authority="york",
        contact="0190f3c0-0000-7000-8000-00000000aaaa",
        reference="YOR-1",
    )
    await gateway.hear(received, other)
    async with models.connection() as connection:
        assert await connection.fetchval("select count(*) from contact") == 2
        assert await connection.fetch(_UNSHUT) == [], "every table with an authority or a contact has its policy"
    for authority, wanted in (("halton", received), ("york", other), ("cheshire-west", None), ("", None)):
        async with reading(models, authority, "w-101") as connection:
            assert await connection.fetchval("select current_user") == READER
            ids = [row["id"] for row in await connection.fetch("select id from contact")]
            told = [row["contact"] for row in await connection.fetch("select contact from told")]
        assert ids == ([wanted.contact] if wanted else [])  # type: ignore[attr-defined]
        assert set(told) == set(ids), "what was said of a contact is seen with it"
    for statement in (
        "update contact set version = 9",
        "delete from told",
        "select * from inbox",
        "select * from dead_letter",
    ):
        with pytest.raises(asyncpg.PostgresError):
            async with reading(models, "halton") as connection:
                await connection.execute(statement)
    async with models.connection() as connection:
        assert await connection.fetchval("select current_user") != READER, "the role ends with the transaction"
        assert await connection.fetchval("select count(*) from contact") == 2


async def test_a_superuser_is_refused_and_the_role_of_pages_has_no_power(gateway):
    async with gateway.door.models.connection() as connection:
        with pytest.raises(TooMuchPower, match="superuser"):
            await check_power(connection)
        rights = await connection.fetchrow(
            "select rolsuper, rolbypassrls, rolcanlogin, rolcreaterole from pg_roles where rolname = $1", READER
        )
        assert not any(rights.values())
