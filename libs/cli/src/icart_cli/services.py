"""The services as processes of their own: started, watched, started anew when they end, stopped together."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from icart_cli.places import PACKAGES
from icart_common.contracts.catalogue import SERVICES
from icart_common.messaging.backoff import delays

Listener = Callable[[str, dict[str, object]], None]
_GRACE_SECONDS = 20.0


@dataclass(slots=True)
class _Process:
    service: str
    port: int
    child: asyncio.subprocess.Process | None = None
    starts: int = 0


@dataclass(slots=True)
class ServiceProcesses:
    """All services. `heard` is called with each line of their logs; `changed` when a process has been started."""

    environment: Mapping[str, str]
    databases: Mapping[str, str]
    log_folder: Path
    heard: Listener
    changed: Callable[[], None] = lambda: None
    _processes: dict[str, _Process] = field(default_factory=dict)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _stopping: bool = False

    async def start(self) -> None:
        """Start every service; each is started anew, after a pause, when it ends by itself."""
        self.log_folder.mkdir(parents=True, exist_ok=True)
        for service in SERVICES:
            self._processes[service] = _Process(service, free_port())
            self._tasks.append(asyncio.create_task(self._keep(self._processes[service]), name=service))
        while not all(process.child for process in self._processes.values()):
            await asyncio.sleep(0.01)

    async def _keep(self, process: _Process) -> None:
        waits = delays(0.2, 5.0)
        while not self._stopping:
            process.child = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                PACKAGES[process.service],
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                env={**os.environ, **self._environment(process)},
                start_new_session=True,
                limit=1 << 20,
            )
            process.starts += 1
            self.changed()
            await self._listen(process.service, process.child)
            code = await process.child.wait()
            if self._stopping:
                return
            if code == 0:  # it left in good order to begin anew: with another generation of its read models
                self.heard(process.service, {"event": "begins-anew", "level": "info"})
                continue
            self.heard(process.service, {"event": "ended", "level": "error", "code": code})
            await asyncio.sleep(next(waits))

    def _environment(self, process: _Process) -> dict[str, str]:
        return {
            **self.environment,
            "ICART_DATABASE_URL": self.databases[process.service],
            "ICART_HTTP_PORT": str(process.port),
        }

    async def _listen(self, service: str, child: asyncio.subprocess.Process) -> None:
        assert child.stdout is not None
        with (self.log_folder / f"{service}.log").open("ab") as kept:
            async for line in child.stdout:
                kept.write(line)
                kept.flush()
                try:
                    fields = json.loads(line)
                except ValueError:
                    fields = {"event": line.decode(errors="replace").rstrip(), "level": "error"}
                self.heard(service, fields if isinstance(fields, dict) else {"event": str(fields)})

    def urls(self) -> dict[str, str]:
        """Where each service answers for its health."""
        return {name: f"http://127.0.0.1:{process.port}" for name, process in self._processes.items()}

    def pids(self) -> dict[str, int]:
        return {name: process.child.pid for name, process in self._processes.items() if process.child}

    def starts(self, service: str) -> int:
        """How often a service has been started."""
        return self._processes[service].starts

    def kill(self, service: str) -> int | None:
        """End a service at once, as a power cut would; it is started anew. Returns the process's id."""
        child = self._processes[service].child
        if child is None or child.returncode is not None:
            return None
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        return child.pid

    async def stop(self) -> None:
        """Let every service drain and end; kill what does not within the grace."""
        self._stopping = True
        children = [process.child for process in self._processes.values() if process.child]
        for child in children:
            if child.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    child.send_signal(signal.SIGTERM)
        _, slow = await asyncio.wait(self._tasks, timeout=_GRACE_SECONDS) if self._tasks else (set(), set())
        for child in children:
            if child.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    child.kill()
        for task in slow:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def free_port() -> int:
    """A port that nothing on this machine listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
