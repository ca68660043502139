"""What every test of the workspace shares: the register's marks, and the broker and database started once.

It stands at the root so that it serves tests/, libs/*/tests and services/*/tests alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from icart_localstack.testing import Stack

pytest_plugins = ["tools.marks"]


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Apache Kafka and PostgreSQL, started by the first test that asks and shared by the whole run."""
    # Imported here, so that a run without a broker's tests does not load it.
    from icart_localstack.testing import shared_stack

    with shared_stack() as started:
        yield started
