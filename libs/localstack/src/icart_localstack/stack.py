"""PostgreSQL and Kafka together, in one folder."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from icart_localstack.folders import FolderLock
from icart_localstack.kafka import LocalKafka
from icart_localstack.postgres import LocalPostgres
from icart_localstack.startable import Startable

BOOTSTRAP = "ICART_KAFKA_BOOTSTRAP"
POSTGRES_URL = "ICART_POSTGRES_URL"


def _quiet(_step: str) -> None:
    """Says nothing."""


class LocalStack(Startable):
    """Both servers, their data in a folder; `postgres` and `kafka` are there for what is done to one of them.

    durable: whether the database waits for the disk (see LocalPostgres).
    on_step: called with a sentence for a person at each step, also from other threads.
    """

    def __init__(
        self,
        folder: Path,
        *,
        brokers: int = 1,
        secured: bool = False,
        durable: bool = True,
        on_step: Callable[[str], None] = _quiet,
    ) -> None:
        self.folder = folder.resolve()
        self.postgres = LocalPostgres(self.folder / "postgres", durable=durable, on_step=on_step)
        self.kafka = LocalKafka(self.folder / "kafka", brokers=brokers, secured=secured, on_step=on_step)
        self._lock = FolderLock(self.folder)

    def start(self) -> None:
        """Start both side by side; when one fails, neither is left running.

        Raises: FolderInUseError, PortTakenError, JarsError, StartFailedError, LocalStackError.
        """
        self._lock.acquire()
        try:
            with ThreadPoolExecutor(2) as pool:
                both = [pool.submit(self.postgres.start), pool.submit(self.kafka.start)]
            for one in both:
                one.result()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop both in good order and give the folder back."""
        with ThreadPoolExecutor(2) as pool:
            both = [pool.submit(self.postgres.stop), pool.submit(self.kafka.stop)]
        self._lock.release()
        for one in both:
            one.result()

    @property
    def bootstrap(self) -> str:
        """Kafka's addresses."""
        return self.kafka.bootstrap

    def postgres_url(self, database: str = "postgres") -> str:
        """The administrator's address of a database."""
        return self.postgres.url(database)

    def environment(self) -> dict[str, str]:
        """The variables by which every part of the system finds both; the URL holds a password."""
        return {BOOTSTRAP: self.bootstrap, POSTGRES_URL: self.postgres_url()}
