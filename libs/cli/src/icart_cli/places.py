"""Where the broker, the databases and the services are: from the environment, else from the try-out that runs here."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, SecretStr, TypeAdapter, ValidationError

from icart_cli import exits
from icart_common.clock import Clock, clock_from
from icart_common.contracts.catalogue import SERVICES
from icart_common.settings import KafkaSettings

DEFAULT_FOLDER = Path(".icart")
PACKAGES: dict[str, str] = {service: f"icart_{service.replace('-', '_')}" for service in SERVICES}


class RunningService(BaseModel):
    """A service process of a try-out."""

    pid: int
    url: str


class RunFile(BaseModel):
    """What `icart up` writes down in its folder (readable by its owner only), so that other terminals find it."""

    kafka_bootstrap: str
    postgres_url: str
    services: dict[str, RunningService] = {}
    clock_file: Path | None = None
    mail_folder: Path | None = None
    documents_url: str | None = None
    pages: str | None = None
    """What a browser opens."""
    ops_token: str | None = None
    """What opens the dead letters that services keep."""

    def write(self, folder: Path) -> None:
        """Write it whole, readable by its owner only: it holds the database's password and the operations' token."""
        beside = folder / "run.json.new"
        beside.touch(mode=0o600)
        beside.write_text(self.model_dump_json(indent=1))
        beside.replace(folder / "run.json")


class Places:
    """The addresses that a command works with."""

    def __init__(self, folder: Path = DEFAULT_FOLDER) -> None:
        self.folder = folder
        self.run = _read(folder / "run.json")

    def kafka(self) -> KafkaSettings:
        """Kafka's address. Raises `Stop` when nothing says where it is."""
        if "ICART_KAFKA_BOOTSTRAP" in os.environ:
            return KafkaSettings()
        if self.run:
            return KafkaSettings(kafka_bootstrap=self.run.kafka_bootstrap)
        raise _nowhere("Kafka", "ICART_KAFKA_BOOTSTRAP")

    def postgres(self) -> str:
        """The administrator's URL. Raises `Stop` when nothing says where it is."""
        if found := os.environ.get("ICART_POSTGRES_URL"):
            return found
        if self.run:
            return self.run.postgres_url
        raise _nowhere("PostgreSQL", "ICART_POSTGRES_URL")

    def database(self, service: str) -> str:
        """The URL of a service's own database."""
        named = f"ICART_{service.upper().replace('-', '_')}_DATABASE_URL"
        if found := os.environ.get(named):
            return found
        return urlsplit(self.postgres())._replace(path=f"/{PACKAGES[service]}").geturl()

    def clock(self) -> Clock:
        """The try-out's simulated clock when it has one, else the machine's."""
        path = os.environ.get("ICART_CLOCK_FILE")
        return clock_from(Path(path) if path else self.run.clock_file if self.run else None)

    def documents_url(self) -> str:
        """The store of documents. Raises `Stop` when nothing says where it is."""
        if found := os.environ.get("ICART_DOCUMENTS_URL"):
            return found
        if self.run and self.run.documents_url:
            return self.run.documents_url
        raise _nowhere("the store of documents", "ICART_DOCUMENTS_URL")

    def service_urls(self) -> dict[str, str]:
        """Where services answer for their health, by their names. Raises `Stop` when the environment's cannot be read."""
        if found := os.environ.get("ICART_SERVICE_URLS"):
            try:
                return TypeAdapter(dict[str, str]).validate_json(found)
            except ValidationError:
                raise exits.Stop(
                    exits.WRONG_USE, "ICART_SERVICE_URLS cannot be read.", 'It is JSON: {"intake": "http://..."}.'
                ) from None
        return {name: one.url for name, one in self.run.services.items()} if self.run else {}

    def ops_token(self) -> SecretStr | None:
        """What opens the dead letters that services keep."""
        found = os.environ.get("ICART_OPS_TOKEN") or (self.run and self.run.ops_token)
        return SecretStr(found) if found else None

    def secret_database(self, service: str) -> SecretStr:
        return SecretStr(self.database(service))


def _read(path: Path) -> RunFile | None:
    try:
        return RunFile.model_validate_json(path.read_text())
    except FileNotFoundError:
        return None
    except ValidationError:
        raise exits.Stop(exits.WRONG_USE, f"{path} cannot be read.", "Remove it and run `icart up` again.") from None


def _nowhere(what: str, variable: str) -> exits.Stop:
    return exits.Stop(
        exits.NOT_REACHED,
        f"Nothing says where {what} is.",
        f"Run `icart up` in another terminal of this folder, or set {variable}.",
    )
