"""The broker and the database of a test run: `with shared_stack() as stack: yield stack` in a session's fixture."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import urlsplit, urlunsplit

from icart_localstack.errors import LocalStackError
from icart_localstack.stack import BOOTSTRAP, POSTGRES_URL, LocalStack
from icart_localstack.startable import Startable

CONTAINERS = "ICART_TEST_CONTAINERS"


class Stack(Protocol):
    """What tests may rely on wherever the pair comes from. A LocalStack can also be broken on purpose."""

    def start(self) -> None:
        """Start both."""

    def stop(self) -> None:
        """Stop both."""

    @property
    def bootstrap(self) -> str:
        """Kafka's addresses."""

    def postgres_url(self, database: str = "postgres") -> str:
        """The administrator's address of a database."""

    def environment(self) -> dict[str, str]:
        """The variables by which every part of the system finds both."""

    def __enter__(self) -> Self:
        """Start."""

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""


@dataclass(frozen=True)
class GivenStack(Startable):
    """A pair that runs already; starting and stopping it is somebody else's."""

    bootstrap: str
    admin_url: str

    def start(self) -> None:
        """It runs."""

    def stop(self) -> None:
        """It stays."""

    def postgres_url(self, database: str = "postgres") -> str:
        """The administrator's address of a database."""
        return urlunsplit(urlsplit(self.admin_url)._replace(path=f"/{database}"))

    def environment(self) -> dict[str, str]:
        """The variables by which every part of the system finds both."""
        return {BOOTSTRAP: self.bootstrap, POSTGRES_URL: self.admin_url}


class TemporaryStack(LocalStack):
    """The embedded pair in a folder of its own that is removed at the end."""

    def __init__(self, *, brokers: int = 1, secured: bool = False, durable: bool = True) -> None:
        folder = Path(tempfile.mkdtemp(prefix="icart-stack-"))
        super().__init__(folder, brokers=brokers, secured=secured, durable=durable)

    def stop(self) -> None:
        """Stop both and remove their data."""
        super().stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def shared_stack(*, brokers: int = 1, secured: bool = False, durable: bool = True) -> Stack:
    """The pair for a test run, not yet started.

    The addresses in ICART_KAFKA_BOOTSTRAP and ICART_POSTGRES_URL come first; then, with ICART_TEST_CONTAINERS=1 and a
    container engine that answers, containers (one broker, not secured); otherwise the embedded pair, whose database waits
    for the disk only when it is to be `durable`.

    Raises: LocalStackError when only one of the two addresses is given.
    """
    bootstrap, url = os.environ.get(BOOTSTRAP), os.environ.get(POSTGRES_URL)
    if bootstrap and url:
        return GivenStack(bootstrap, url)
    if bootstrap or url:
        missing = POSTGRES_URL if bootstrap else BOOTSTRAP
        raise LocalStackError(f"{missing} is missing: give the addresses of both, or of neither.")
    if os.environ.get(CONTAINERS) == "1":
        from icart_localstack.containers import ContainerStack, engine_answers

        if engine_answers():
            return ContainerStack()
    return TemporaryStack(brokers=brokers, secured=secured, durable=durable)
