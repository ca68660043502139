"""The store, in a folder and on S3's protocol: the same places, the same answers."""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest

from icart_common.clock import monotonic
from icart_common.contracts.ids import new_id
from icart_intake.documents import places
from icart_intake.documents.content import kind_of
from icart_intake.documents.finding import Finding
from icart_intake.documents.places import NoSuchStore, Places
from services.intake.tests.conftest import TUESDAY
from services.intake.tests.papers import docx

KEYS = {"AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nothing", "AWS_REGION": "eu-west-2"}


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of a server that speaks S3's protocol (moto's), as a process of its own, with one bucket."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        env=os.environ | KEYS,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = monotonic() + 120
    while not _makes_bucket(port):
        assert server.poll() is None, "moto's server ended"
        assert monotonic() < until, "moto's server does not answer"
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(30)


def _makes_bucket(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("PUT", "/documents")
        return connection.getresponse().status in (200, 409)
    except OSError:
        return False
    finally:
        connection.close()


@pytest.fixture(params=["folder", "s3"])
def store(request, tmp_path, monkeypatch) -> Places:
    if request.param == "folder":
        return Places((tmp_path / "a folder").as_uri())
    address = request.getfixturevalue("s3")
    for name, value in (KEYS | {"AWS_ENDPOINT_URL": address, "AWS_ALLOW_HTTP": "true"}).items():
        monkeypatch.setenv(name, value)
    return Places(f"s3://documents/{uuid4().hex}")


def pieces(content: bytes):
    for start in range(0, len(content), 100_000):
        yield content[start : start + 100_000]


async def read(store: Places, path: str) -> bytes:
    return b"".join([chunk async for chunk in store.chunks(path)])


async def test_a_document_goes_in_piece_by_piece_and_comes_out_the_same(store):
    content = os.urandom(12_345_678)
    path = places.arrival("larkspur-lane-primary", new_id())
    await store.put(path, pieces(content))
    assert await store.size(path) == len(content)
    longest = max([len(chunk) async for chunk in store.chunks(path)])
    assert longest <= 16 * places.CHUNK
    assert await read(store, path) == content


async def test_a_copy_is_watched_and_not_made_when_the_watcher_objects(store):
    content, seen = os.urandom(2_000_000), hashlib.sha256()
    source, target = places.arrival("larkspur-lane-primary", new_id()), places.taken(new_id())
    await store.put(source, pieces(content))
    await store.copy_watched(source, target, seen.update)
    assert await read(store, target) == content
    assert seen.digest() == hashlib.sha256(content).digest()

    def object_to(_chunk: bytes) -> None:
        raise RuntimeError("too large")

    other = places.taken(new_id())
    with pytest.raises(RuntimeError, match="too large"):
        await store.copy_watched(source, other, object_to)
    with pytest.raises(FileNotFoundError):
        await store.size(other)


async def test_a_copy_within_the_store_can_be_made_again_and_removed_twice(store):
    source, target = places.taken(new_id()), places.kept("0" * 64)
    await store.put(source, pieces(b"a letter"))
    await store.copy(source, target)
    await store.copy(source, target)
    await store.remove(source)
    await store.remove(source)
    assert await read(store, target) == b"a letter"
    with pytest.raises(FileNotFoundError):
        await read(store, source)


async def test_a_document_is_searched_where_it_lies(store):
    path = places.taken(new_id())
    await store.put(path, pieces(docx(word__media__noise=os.urandom(300_000))))

    def look() -> str:
        with store.open(path) as file:
            return kind_of(file)

    assert await asyncio.to_thread(look) == "docx"


async def test_what_was_found_is_found_again(store):
    document = new_id()
    assert await store.finding(document) is None
    finding = Finding(state="clean", at=TUESDAY, kind="pdf", size=3, sha256="0" * 64, received_at=TUESDAY)
    await store.find(document, finding)
    assert await store.finding(document) == finding


@pytest.mark.parametrize("url", ["https://example.org/x", "file://elsewhere/x", "s3:///x", "/var/lib/icart", ""])
def test_a_url_that_names_no_store_is_refused(url):
    with pytest.raises(NoSuchStore):
        Places(url)


@pytest.mark.parametrize("path", ["../outside", "kept/../../outside", "kept//x"])
async def test_no_place_lies_outside_of_the_folder(tmp_path, path):
    store = Places((tmp_path / "store").as_uri())
    with pytest.raises((ValueError, FileNotFoundError)):
        await read(store, path)
    with pytest.raises(ValueError, match="path"):
        await store.put(path, pieces(b"x"))
    assert [found.name for found in tmp_path.iterdir()] == ["store"]
