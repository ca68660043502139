"""The servers themselves: they serve, keep what they were given, and are never left behind."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from icart_localstack import FolderInUseError, LocalKafka, LocalPostgres, LocalStack, LocalStackError, StartFailedError
from icart_localstack.children import command_of

pytestmark = pytest.mark.broker


async def make_topic(bootstrap: str, name: str, copies: int = 1) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(name, 1, copies)])
    await admin.close()


async def send(bootstrap: str, topic: str, *values: bytes) -> None:
    async with AIOKafkaProducer(
        bootstrap_servers=bootstrap, acks="all", enable_idempotence=True, retry_backoff_ms=200
    ) as producer:
        for value in values:
            await producer.send_and_wait(topic, value)


async def read(bootstrap: str, topic: str) -> list[bytes]:
    partition = TopicPartition(topic, 0)
    async with AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest") as consumer:
        consumer.assign([partition])
        end = (await consumer.end_offsets([partition]))[partition]
        return [(await consumer.getone()).value for _ in range(end)]


async def sql(postgres: LocalPostgres, statement: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(postgres.url())
    try:
        return list(await connection.fetch(statement))
    finally:
        await connection.close()


async def test_both_serve_and_keep_everything_over_a_restart_at_the_same_addresses(
    stack: LocalStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stack.environment()
    await sql(stack.postgres, "CREATE TABLE kept AS SELECT 'Zoë' AS name")
    await make_topic(stack.bootstrap, "kept")
    await send(stack.bootstrap, "kept", b"first")
    stack.stop()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    torn = stack.kafka._archive(brief=True).path
    torn.parent.mkdir()
    torn.write_bytes(b"no archive")  # only what Java gains by one is lost
    stack.start()
    assert stack.environment() == before
    assert [row["name"] for row in await sql(stack.postgres, "SELECT name FROM kept")] == ["Zoë"]
    assert await read(stack.bootstrap, "kept") == [b"first"]


async def test_the_database_is_durable_and_asks_for_its_password(stack: LocalStack) -> None:
    shown = {row["name"]: row["setting"] for row in await sql(stack.postgres, "SELECT name, setting FROM pg_settings")}
    assert (shown["fsync"], shown["synchronous_commit"], shown["max_connections"]) == ("on", "on", "200")
    assert shown["listen_addresses"] == "127.0.0.1"
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(stack.postgres.url(), password="guessed")


async def test_what_was_committed_is_there_after_the_database_was_killed(stack: LocalStack) -> None:
    await sql(stack.postgres, "CREATE TABLE committed AS SELECT generate_series(1, 100) AS n")
    pid = stack.postgres.pid
    stack.postgres.kill()
    with pytest.raises(LocalStackError, match="not running"):
        _ = stack.postgres.pid
    stack.postgres.start()
    assert stack.postgres.pid != pid
    assert (await sql(stack.postgres, "SELECT count(*) FROM committed"))[0]["count"] == 100


async def test_what_was_acknowledged_is_there_after_the_broker_was_killed(stack: LocalStack) -> None:
    await make_topic(stack.bootstrap, "acknowledged")
    await send(stack.bootstrap, "acknowledged", b"1", b"2")
    stack.kafka.kill_broker(0)
    with pytest.raises(LocalStackError, match=r"start_broker\(0\) starts it"):
        stack.kafka.pause_broker(0)
    stack.kafka.start_broker(0)
    assert await read(stack.bootstrap, "acknowledged") == [b"1", b"2"]


def test_a_folder_in_use_is_refused_and_the_one_who_uses_it_is_not_disturbed(stack: LocalStack) -> None:
    pid = stack.postgres.pid
    for other in (LocalStack(stack.folder), LocalPostgres(stack.postgres.folder), LocalKafka(stack.kafka.folder)):
        with pytest.raises(FolderInUseError, match=f"pid {os.getpid()}"):
            other.start()
    assert stack.postgres.pid == pid


def test_a_folder_keeps_the_shape_that_it_was_made_with(stack: LocalStack, tmp_path: Path) -> None:
    shutil.copy(stack.kafka.folder / "shape.json", tmp_path)
    with pytest.raises(LocalStackError, match=r"1 broker\(s\), not secured"):
        LocalKafka(tmp_path, brokers=3).start()


def test_a_server_that_cannot_start_says_why_with_the_end_of_its_log(tmp_path: Path) -> None:
    postgres = LocalPostgres(tmp_path)
    with postgres:
        pass
    with (tmp_path / "data" / "postgresql.conf").open("a") as settings:
        settings.write("max_connections_ = 1\n")
    with pytest.raises(StartFailedError, match='unrecognized configuration parameter "max_connections_"'):
        postgres.start()


KILLED = """
import os, signal, sys
from pathlib import Path
from icart_localstack import LocalStack, children
stack = LocalStack(Path(sys.argv[1]))
stack.start()
if sys.argv[2] == "guard too":
    os.kill(children._guarded._guard.pid, signal.SIGKILL)
print(stack.postgres.pid, stack.kafka.pid(), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def start_elsewhere_and_kill(folder: Path, what: str) -> list[int]:
    """Start the stack in another program that is then killed; the numbers of the servers that it had."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(folder), what], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    return [int(pid) for pid in done.stdout.split()]


async def test_servers_end_when_their_program_is_killed(stack: LocalStack) -> None:
    await make_topic(stack.bootstrap, "orphaned")
    await send(stack.bootstrap, "orphaned", b"kept")
    before = stack.environment()
    stack.stop()
    pids = start_elsewhere_and_kill(stack.folder, "program alone")
    until = time.monotonic() + 20
    while any(command_of(pid) for pid in pids):
        assert time.monotonic() < until, "a server outlived its program"
        await asyncio.sleep(0.05)

    # With the guard gone too they go on, until the next start ends them.
    pids = start_elsewhere_and_kill(stack.folder, "guard too")
    assert all(command_of(pid) for pid in pids)
    stack.start()
    assert not any(command_of(pid) for pid in pids)
    assert stack.environment() == before
    assert await read(stack.bootstrap, "orphaned") == [b"kept"]


def test_a_pid_file_whose_number_is_somebody_elses_now_is_cleared(tmp_path: Path) -> None:
    postgres = LocalPostgres(tmp_path)
    with postgres:
        pass
    (tmp_path / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    with postgres:
        assert postgres.pid != os.getpid()
