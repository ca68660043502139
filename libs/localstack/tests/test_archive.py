"""What Java keeps for the next broker: written by one, whole or not at all, and never in anybody's way."""

from pathlib import Path

import pytest

from icart_localstack.archive import ClassArchive


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def archive(*flags: str) -> ClassArchive:
    return ClassArchive(flags or ("-XX:+UseSerialGC",), "kafka.jar")


def written(told: list[str]) -> Path:
    """Where Java was told to write; it has."""
    (option,) = told
    place = Path(option.removeprefix("-XX:AOTCacheOutput="))
    place.write_bytes(b"classes")
    return place


def test_one_broker_writes_it_and_others_start_without_until_it_is_there() -> None:
    first, second = archive(), archive()
    written(first.used_or_written())
    assert first.is_written
    assert second.used_or_written() == second.used() == []
    second.keep()
    assert not first.path.exists()
    first.keep()
    assert first.path.read_bytes() == b"classes"
    assert archive().used_or_written()[0] == archive().used()[0] == f"-XX:AOTCache={first.path}"


def test_what_a_killed_broker_left_is_not_taken_and_the_next_one_writes_it() -> None:
    killed, after = archive(), archive()
    left = written(killed.used_or_written())
    killed.give_up()
    assert after.used() == []
    assert after.used_or_written() == [f"-XX:AOTCacheOutput={left}"]
    assert not left.exists()
    after.keep()
    assert archive().used() == [], "it wrote nothing"


def test_other_flags_have_an_archive_of_their_own() -> None:
    assert archive("-XX:+UseG1GC").path != archive().path


def test_where_nothing_can_be_written_brokers_start_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")
    assert archive().used_or_written() == []
