"""What every test of the workspace shares: the register's marks, and the broker and database started once.

It stands at the root so that it serves tests/, libs/*/tests and services/*/tests alike.
"""

from __future__ import annotations

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


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Apache Kafka and PostgreSQL, started by the first test that asks and shared by the whole run."""
    # Imported here, so that a run without a broker's tests does not load it.
    from icart_localstack.testing import shared_stack

    with shared_stack() as started:
        yield started


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
