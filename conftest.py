"""What every test of the workspace shares: the register's marks, and the broker and database started once.

It stands at the root so that it serves tests/, libs/*/tests and services/*/tests alike.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from icart_common.testing.clamd import Clamd
    from icart_localstack.testing import Stack

pytest_plugins = ["tools.marks"]

# A property is true however busy the machine is: time is measured by `make bench`, never asserted.
hypothesis.settings.register_profile("icart", deadline=None)
hypothesis.settings.load_profile("icart")


# Brokers here live for a test or a run; programs that tests start read it too.
os.environ.setdefault("ICART_BRIEF_SERVERS", "1")

SLOW_FIRST = (
    "tests/stories/test_stories.py",
    "libs/cli/tests/test_on_real_servers.py",
    "libs/localstack/tests/test_cluster.py",
    "libs/localstack/tests/test_stack.py",
    "tests/integration/test_front_door.py",
    "tests/integration/test_outages.py",
    "tests/integration/test_rebalance_and_crash.py",
    "tests/integration/test_acls.py",
    "libs/cli/tests/test_documents.py",
)
"""Files of few tests that take long: begun last, one would run alone for a minute while the other workers have nothing left.

xdist gives files out in this order only with `--no-loadscope-reorder`; by itself it begins with the files of most tests.
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the slow files; the others keep their order."""
    place = {name: number for number, name in enumerate(SLOW_FIRST)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(place)))


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Apache Kafka and PostgreSQL, started by the first test that asks and shared by the whole run."""
    # Imported here, so that a run without a broker's tests does not load it.
    from icart_common.testing import drop_models
    from icart_localstack.testing import shared_stack

    with shared_stack(durable=False) as started:
        yield started
        asyncio.run(drop_models(started))


@pytest.fixture(scope="session")
def clamd() -> Iterator[Clamd]:
    """ClamAV's daemon. Where it is not installed the tests that need it are passed over, saying so; on the build server not."""
    from icart_common.testing.clamd import own_clamd

    try:
        starting = own_clamd()
        daemon = starting.__enter__()
    except FileNotFoundError as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))
    yield daemon
    starting.__exit__(None, None, None)
