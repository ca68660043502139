"""Ports on loopback: chosen once, kept in the stack's folder, the same after a restart."""

import json
import random
import socket
from collections.abc import Iterable
from pathlib import Path

from icart_localstack.errors import PortTakenError
from icart_localstack.folders import kept_numbers, private_text

LOOPBACK = "127.0.0.1"

# Below the ranges from which Linux (32768) and macOS (49152) take the near end of outgoing connections: otherwise
# the port of a stopped broker can be gone when it starts again.
_RANGE = range(15_000, 30_000)


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of 127.0.0.1 now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def require_free(port: int, who: str) -> None:
    """Raises: PortTakenError when something else listens there."""
    if not is_free(port):
        raise PortTakenError(
            f"{who} needs port {port} of {LOOPBACK}, and something else has it. "
            f"See what it is (ss -ltnp 'sport = :{port}') and stop it, or choose another port."
        )


def keep_ports(path: Path, names: Iterable[str]) -> dict[str, int]:
    """A free port for each name: the ones kept in the file where all are still free, otherwise new ones for all."""
    wanted = list(names)
    kept = kept_numbers(path)
    if set(kept) == set(wanted) and all(is_free(port) for port in kept.values()):
        return kept
    ports = dict(zip(wanted, _choose(len(wanted)), strict=True))
    private_text(path, json.dumps(ports))
    return ports


def choose_port() -> int:
    """A port that is free now."""
    return _choose(1)[0]


def _choose(count: int) -> list[int]:
    chosen: list[int] = []
    for port in random.sample(_RANGE, len(_RANGE)):
        if is_free(port):
            chosen.append(port)
        if len(chosen) == count:
            return chosen
    raise PortTakenError(f"No {count} free ports between {_RANGE.start} and {_RANGE.stop - 1} on {LOOPBACK}.")
