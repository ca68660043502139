"""Servers run as children: in a session of their own, without input, their output in a file, never left behind."""

import atexit
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from icart_localstack import guard
from icart_localstack.errors import StartFailedError

_TAIL_LINES = 25


class Child:
    """One running server.

    how: the signal that asks it to stop. grace: seconds after which it is killed. environment: variables beside ours.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        log: Path,
        name: str,
        how: signal.Signals = signal.SIGTERM,
        grace: float = 15.0,
        account: int | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.name, self.log, self.how, self.grace = name, log, how, grace
        if log.exists():
            log.replace(log.with_name(log.name + ".before"))
        # Its own session: Ctrl-C in the terminal reaches the program, which then stops its servers in good order.
        with log.open("wb") as output:
            self._process = subprocess.Popen(  # noqa: S603 (the command is ours)
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                cwd="/",
                env={**os.environ, **(environment or {})},
                user=account,
                group=account,
                extra_groups=None if account is None else [],
            )
        _guarded.add(self.pid, how, grace)

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def send(self, number: signal.Signals) -> None:
        """Send a signal; nothing happens when it has ended."""
        self._process.send_signal(number)

    def stop(self, how: signal.Signals | None = None, grace: float | None = None) -> bool:
        """Ask it to stop, kill it after the grace, wait. True when it went by itself in time."""
        self._process.send_signal(self.how if how is None else how)
        try:
            self._process.wait(self.grace if grace is None else grace)
            willing = True
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            willing = False
        _guarded.remove(self.pid)
        return willing

    def wait_until(self, ready: Callable[[], bool], *, seconds: float) -> None:
        """Wait until ready.

        Raises: StartFailedError when it ends first or takes longer; it is stopped then.
        """
        until = time.monotonic() + seconds
        while not ready():
            code = self._process.poll()
            if code is not None:
                _guarded.remove(self.pid)
                raise StartFailedError(self._failure(f"ended with {code} while starting"))
            if time.monotonic() > until:
                self.stop(grace=2.0)
                raise StartFailedError(self._failure(f"was not ready after {seconds:.0f} s"))
            time.sleep(0.02)

    def _failure(self, what: str) -> str:
        return (
            f"{self.name} {what}. The end of {self.log}:\n{tail(self.log)}\n"
            "If the cause is not plain from this, start again on a new folder: what is in the old one may be damaged."
        )


class _Guarded:
    """This program's line to its guard (see guard.py); started with the first server."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._guard: subprocess.Popen[str] | None = None
        self._owner = 0

    def add(self, pid: int, how: signal.Signals, grace: float) -> None:
        self._say(f"+{pid} {int(how)} {grace}\n")

    def remove(self, pid: int) -> None:
        self._say(f"-{pid}\n")

    def _say(self, line: str) -> None:
        with self._lock:
            if self._guard is None or self._owner != os.getpid():
                self._guard = subprocess.Popen(  # noqa: S603 (our own script)
                    [sys.executable, "-I", "-S", guard.__file__],
                    stdin=subprocess.PIPE,
                    text=True,
                    start_new_session=True,
                    cwd="/",
                )
                self._owner = os.getpid()
                atexit.register(self._close, self._guard)
            pipe = self._guard.stdin
            assert pipe is not None
            pipe.write(line)
            pipe.flush()

    def _close(self, started: subprocess.Popen[str]) -> None:
        """At a normal end: let the guard stop what was not stopped, and wait for it."""
        if self._owner == os.getpid():
            started.communicate()


_guarded = _Guarded()


def tail(log: Path) -> str:
    """The last lines of a log, indented."""
    if not log.exists():
        return "  (there is no log)"
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-_TAIL_LINES:]
    return "\n".join(f"  {line}" for line in lines) or "  (the log is empty)"


def command_of(pid: int) -> str:
    """The command line of a process; empty when there is none with this number."""
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except (FileNotFoundError, ProcessLookupError):
            return ""
    asked = ["ps", "-o", "args=", "-p", str(pid)]
    found = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 (the command is ours)
    return found.stdout


def end_orphan(pid: int, marker: str, *, how: signal.Signals, grace: float) -> bool:
    """End a server left by an earlier program: the process of this number, if its command line holds the marker.

    Returns whether there was one. A process that only happens to have the number is left alone.
    """
    if marker not in command_of(pid):
        return False
    until = time.monotonic() + grace
    number = how
    while marker in command_of(pid):
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        time.sleep(0.1)
        if time.monotonic() > until:
            number = signal.SIGKILL
    return True
