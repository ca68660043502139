"""The connection pool of a service, and which database errors pass by themselves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import resources
from typing import Any

import asyncpg
from asyncpg.pgproto import pgproto

from icart_common.contracts.ids import made_by

made_by(pgproto.UUID)  # rows hold this kind; what is made beside them is then of the same

TRANSIENT_DATABASE = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
    asyncpg.DiskFullError,
    asyncpg.OutOfMemoryError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.ReadOnlySQLTransactionError,
    ConnectionError,
    OSError,
    asyncio.TimeoutError,
)
"""Errors after which the same batch is tried again: the database is away, full, or had a conflict of locks.

asyncpg's `InternalClientError` is what a statement meets on a connection whose server went away in the middle of another.
"""


class StatementCount:
    """How many statements a connection has run since `reset`: gated in tests, exported as a metric."""

    def __init__(self) -> None:
        self.statements = 0
        self.texts: list[str] | None = None

    def __call__(self, record: Any) -> None:
        self.statements += 1
        if self.texts is not None:
            self.texts.append(record.query)


class Database:
    """A pool that is always waited for with a limit, and recovers from a restart by itself."""

    def __init__(self, url: str, *, connections: int, wait_seconds: float, application: str) -> None:
        self._url = url
        self._connections = connections
        self._wait_seconds = wait_seconds
        self._application = application
        self._pool: asyncpg.Pool | None = None
        self.count = StatementCount()

    async def open(self) -> None:
        """Open the pool. Raises one of `TRANSIENT_DATABASE` when the database is away."""
        self._pool = await asyncpg.create_pool(
            self._url,
            min_size=1,
            max_size=self._connections,
            timeout=self._wait_seconds,
            command_timeout=20,
            max_inactive_connection_lifetime=300,
            init=self._prepare,
            reset=_leave,
            server_settings={"application_name": self._application, "jit": "off", "timezone": "UTC"},
        )

    async def _prepare(self, connection: asyncpg.Connection) -> None:
        connection.add_query_logger(self.count)

    async def close(self) -> None:
        if self._pool:
            await self._pool.close()
            self._pool = None

    @property
    def pool(self) -> asyncpg.Pool:
        if self._pool is None:
            raise asyncpg.InterfaceError("the pool is not open: call open() first")
        return self._pool

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection from the pool, waited for no longer than the settings say."""
        async with self.pool.acquire(timeout=self._wait_seconds) as connection:
            try:
                yield connection
            except asyncpg.InternalClientError:
                connection.terminate()  # it would fail whoever gets it next
                raise

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection in a transaction: committed when the block ends, rolled back when it raises."""
        async with self.connection() as connection, connection.transaction():
            yield connection


async def _leave(_connection: asyncpg.Connection) -> None:
    """Nothing that we do to a connection outlives its transaction, so giving it back costs no round trip.

    A transaction that was left open is rolled back by the pool itself.
    """


def named_sql(package: str) -> dict[str, str]:
    """The statements in a package's `sql` folder, by file name without its ending: `{"load_contacts": "select …"}`."""
    folder = resources.files(package) / "sql"
    return {
        entry.name.removesuffix(".sql"): entry.read_text() for entry in folder.iterdir() if entry.name.endswith(".sql")
    }
