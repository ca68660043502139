"""P11: from a clean clone and an empty home folder to the first page of `icart up`, on its address.

Nothing that an earlier run left is used: no `.venv`, no cache of packages or jars. Where packages and jars come from is this
machine's setting, so most of it is how quickly they come.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx2

from tests.bench.report import Row

_NOT_TAKEN_ALONG = (
    "ICART_",
    "XDG_",
    "VIRTUAL_ENV",
    "PYTHONPATH",
    "PYTHONHOME",
    "UV_CACHE",
    "PIP_CACHE",
    "MAKE",
    "MFLAGS",
)
"""Variables that would bring in something of ours, by how their names begin."""
_SERVERS, _READY = "databases and topics are there", "all services are ready"
_SECONDS = 1200.0
Say = Callable[[str, int, int], None]


async def measure(project: Path, say: Say) -> list[Row]:
    """The lines of P11, with what is committed in `project`."""
    with tempfile.TemporaryDirectory(prefix="icart-bench-", ignore_cleanup_errors=True) as folder:
        clone, home = Path(folder) / "icart", Path(folder) / "home"
        home.mkdir()
        environment = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_TAKEN_ALONG)} | {
            "HOME": str(home)
        }
        steps = [
            (
                "clean clone",
                await _run(["git", "clone", "--quiet", str(project), str(clone)], Path(folder), environment, say),
            )
        ]
        steps.append(("environment (.venv)", await _run(["make", ".venv/.ready"], clone, environment, say)))
        steps += await _up(clone, environment, say)
    whole = sum(seconds for _, seconds in steps)
    return [
        *[Row("P11", name, seconds, "s") for name, seconds in steps],
        Row("P11", "from nothing to the first page", whole, "s", target="P11"),
    ]


async def _run(words: list[str], folder: Path, environment: Mapping[str, str], say: Say) -> float:
    """Seconds that a command takes. Raises RuntimeError with its last words when it fails."""
    say(" ".join(words[:2]), 0, 0)
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *words, cwd=folder, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await asyncio.wait_for(process.communicate(), _SECONDS)
    if process.returncode:
        raise RuntimeError(f"{' '.join(words[:2])} ends with {process.returncode}: {said.decode()[-2000:]}")
    return time.perf_counter() - began


async def _up(clone: Path, environment: Mapping[str, str], say: Say) -> list[tuple[str, float]]:
    """Seconds until the servers are there, until the services are ready, and until the first page has arrived."""
    say("icart up", 0, 0)
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        str(clone / ".venv" / "bin" / "icart"), "up", "--json", "--pages-port", "0", cwd=clone, env=environment,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    ends: list[float] = []
    try:
        async with asyncio.timeout(_SECONDS), httpx2.AsyncClient(trust_env=False, timeout=30) as client:
            async for line in process.stdout:
                said: dict[str, Any] = json.loads(line)
                if str(said.get("line", "")).endswith((_SERVERS, _READY)):
                    ends.append(time.perf_counter())
                if said.get("fact") == "ready":
                    answer = await client.get(said["pages"], follow_redirects=True)
                    answer.raise_for_status()
                    ends.append(time.perf_counter())
                    break
    finally:
        process.send_signal(signal.SIGINT)
        await process.communicate()
    if len(ends) != 3:
        raise RuntimeError(f"icart up ends with {process.returncode} before its first page")
    names = ("Kafka and PostgreSQL, with databases and topics", "services, until they are ready", "the first page")
    return [(name, end - before) for name, before, end in zip(names, [began, *ends], ends, strict=False)]
