import re
import socket
from pathlib import Path

import pytest

from icart_localstack import FolderInUseError, LocalKafka, LocalPostgres, LocalStackError, PortTakenError, jars
from icart_localstack.folders import FolderLock, kept_password
from icart_localstack.ports import LOOPBACK, choose_port, keep_ports, require_free
from icart_localstack.testing import GivenStack, TemporaryStack, shared_stack


def test_a_folder_is_held_by_one_and_free_again_after_release(tmp_path: Path) -> None:
    first, second = FolderLock(tmp_path), FolderLock(tmp_path)
    first.acquire()
    with pytest.raises(FolderInUseError, match=r"in use by another running stack \(pid \d+\)"):
        second.acquire()
    first.release()
    second.acquire()
    second.release()


def test_a_password_is_kept_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "password"
    password = kept_password(path)
    assert kept_password(path) == password
    assert path.stat().st_mode & 0o777 == 0o600
    assert re.fullmatch(r"[0-9a-f]{48}", password)


def test_ports_are_kept_while_free_and_chosen_anew_when_one_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "ports.json"
    ports = keep_ports(path, ["one", "two"])
    assert keep_ports(path, ["one", "two"]) == ports
    with socket.create_server((LOOPBACK, ports["two"])):
        assert keep_ports(path, ["one", "two"])["two"] != ports["two"]
        with pytest.raises(PortTakenError, match=f"A server needs port {ports['two']} .* stop it"):
            require_free(ports["two"], "A server")


def test_a_port_that_was_asked_for_and_is_taken_is_refused(tmp_path: Path) -> None:
    port = choose_port()
    with socket.create_server((LOOPBACK, port)), pytest.raises(PortTakenError, match="PostgreSQL needs port"):
        LocalPostgres(tmp_path / "postgres", port=port).start()


@pytest.mark.parametrize(
    ("lock", "group", "count", "version"),
    [("kafka.lock", "org.apache.kafka", 14, "4.3.1"), ("keycloak.lock", "org.keycloak", 1, "26.4.0")],
)
def test_a_lock_names_files_and_hashes_and_no_host(lock: str, group: str, count: int, version: str) -> None:
    text = (Path(jars.__file__).parent / lock).read_text()
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+:[\w.-]+:[\w.-]+(:zip)? sha256:[0-9a-f]{64}", line) for line in lines)
    assert "//" not in text
    ours = [jar for jar in jars.locked(lock) if jar.group == group]
    assert len(ours) == count
    assert {jar.version for jar in ours} == {version}


def test_two_brokers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LocalStackError, match="1 broker or 3, not 2"):
        LocalKafka(tmp_path, brokers=2)


def test_there_is_no_address_before_the_first_start(tmp_path: Path) -> None:
    with pytest.raises(LocalStackError, match=r"call start\(\)"):
        _ = LocalKafka(tmp_path).bootstrap
    with pytest.raises(LocalStackError, match=r"call start\(\)"):
        LocalPostgres(tmp_path).url()


def test_addresses_from_the_environment_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ICART_KAFKA_BOOTSTRAP", "127.0.0.1:19092")
    monkeypatch.setenv("ICART_POSTGRES_URL", "postgresql://someone:secret@127.0.0.1:15432/postgres?application_name=x")
    with shared_stack() as stack:
        assert isinstance(stack, GivenStack)
        assert stack.bootstrap == "127.0.0.1:19092"
        assert stack.postgres_url("icart_intake") == (
            "postgresql://someone:secret@127.0.0.1:15432/icart_intake?application_name=x"
        )


def test_one_address_alone_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ICART_KAFKA_BOOTSTRAP", "127.0.0.1:19092")
    monkeypatch.delenv("ICART_POSTGRES_URL", raising=False)
    with pytest.raises(LocalStackError, match="ICART_POSTGRES_URL is missing"):
        shared_stack()


def test_without_addresses_and_without_an_engine_it_is_the_embedded_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ICART_KAFKA_BOOTSTRAP", raising=False)
    monkeypatch.delenv("ICART_POSTGRES_URL", raising=False)
    monkeypatch.delenv("ICART_TEST_CONTAINERS", raising=False)
    stack = shared_stack()
    assert isinstance(stack, TemporaryStack)
    stack.stop()
    assert not stack.folder.exists()
