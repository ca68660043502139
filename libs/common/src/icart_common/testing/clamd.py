"""ClamAV's own daemon for a test, with a signature database of our own that knows the EICAR test file and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from icart_common.clock import monotonic

NOT_INSTALLED = "clamav-daemon is not installed: apt install clamav-daemon"
_START_SECONDS = 30.0
_SETTINGS = """LocalSocket {folder}/clamd.ctl
DatabaseDirectory {folder}/signatures
Foreground yes
LogFile {folder}/clamd.log
StreamMaxLength 30M
AlertEncrypted yes
AlertOLE2Macros yes
AlertExceedsMax yes
"""


def eicar() -> bytes:
    """The test file that every scanner knows. Put together here, so that no scanner stops at this source."""
    return b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd:
    """The daemon, which a test may stop and start again."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self._running: subprocess.Popen[bytes] | None = None
        self.address = f"unix://{folder}/clamd.ctl"
        (folder / "signatures").mkdir()
        (folder / "signatures" / "own.ndb").write_text(f"Eicar-Test-Signature:0:0:{eicar().hex()}\n", encoding="ascii")
        (folder / "clamd.conf").write_text(_SETTINGS.format(folder=folder), encoding="ascii")

    def start(self) -> None:
        """Start it and wait until it listens."""
        command = [self._program, "--config-file", str(self._folder / "clamd.conf")]
        self._running = subprocess.Popen(  # noqa: S603 - the program that the package installs
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ
        )
        until = monotonic() + _START_SECONDS
        while not (self._folder / "clamd.ctl").exists():
            log = self._folder / "clamd.log"
            assert self._running.poll() is None, log.read_text() if log.exists() else "clamd ended"
            assert monotonic() < until, "clamd does not listen"
            time.sleep(0.02)

    def stop(self) -> None:
        """End it, as an upgrade of its package would."""
        if self._running is not None:
            self._running.terminate()
            self._running.wait(30)
            self._running = None
        (self._folder / "clamd.ctl").unlink(missing_ok=True)


@contextmanager
def own_clamd() -> Iterator[Clamd]:
    """A running daemon, gone when the block ends. Raises FileNotFoundError where it is not installed."""
    program = shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        raise FileNotFoundError(NOT_INSTALLED)
    # Not pytest's own folder: a socket's path may be no longer than some hundred characters.
    with tempfile.TemporaryDirectory(prefix="icart-clamd-") as folder:
        daemon = Clamd(program, Path(folder))
        try:
            daemon.start()
            yield daemon
        finally:
            daemon.stop()
