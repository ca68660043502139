"""What a lock names (kafka.lock, keycloak.lock), fetched by jgo, each file checked against its SHA-256.

The lock is our own: jgo's names the place of every jar by what kind of module it is, which it finds out with a second
Java that it downloads. Here every file is named with its hash, so nothing has to be resolved.
"""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from icart_localstack.errors import JarsError

_AT_ONCE = 8


@dataclass(frozen=True)
class Jar:
    """One line of the lock."""

    group: str
    name: str
    version: str
    kind: str
    """What it is packed as: `jar`, or `zip`."""
    sha256: str

    @property
    def place(self) -> Path:
        """Where a Maven repository keeps it, from the repository's root."""
        return Path(*self.group.split("."), self.name, self.version, f"{self.name}-{self.version}.{self.kind}")


def locked(lock: str) -> list[Jar]:
    """The files that a lock names, in its order (which is the order of a class path)."""
    jars = []
    for line in (files("icart_localstack") / lock).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            coordinates, sha256 = line.split()
            group, name, version, *kind = coordinates.split(":")
            jars.append(Jar(group, name, version, kind[0] if kind else "jar", sha256.removeprefix("sha256:")))
    return jars


def repository() -> Path:
    """Maven's local repository: M2_REPO, otherwise ~/.m2/repository."""
    return Path(os.environ.get("M2_REPO") or Path.home() / ".m2" / "repository")


def fetched(server: str, on_step: Callable[[str], None]) -> list[Path]:
    """The files of the server's lock (`Kafka`: kafka.lock), in its order, after fetching what is missing.

    Raises: JarsError when a file cannot be had, or is not the one that the lock names.
    """
    root, lock = repository(), f"{server.lower()}.lock"
    jars = locked(lock)
    wrong = [jar for jar in jars if not _is_right(root / jar.place, jar)]
    if wrong:
        on_step(f"{server}: downloading {len(wrong)} file{'s' if len(wrong) > 1 else ''}, once")
        with _alone(root):
            _fetch(root, [jar for jar in wrong if not _is_right(root / jar.place, jar)], lock)
    return [root / jar.place for jar in jars]


def _is_right(path: Path, jar: Jar) -> bool:
    if not path.exists():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == jar.sha256


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """One download at a time for this repository: jgo writes a file in its place, before it is whole."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".icart-localstack").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fetch(root: Path, jars: list[Jar], lock: str) -> None:
    # Imported late: it takes 0.7 s, and with the jars in the cache it is not needed.
    from jgo.config import GlobalSettings
    from jgo.maven import MavenContext

    mirrors = dict(GlobalSettings.load().repositories)
    context = MavenContext(repo_cache=root, remote_repos=mirrors or None, timeout=60)

    def one(jar: Jar) -> None:
        # What is there is torn or foreign (the hash was wrong), and jgo would hand it out as it is.
        (root / jar.place).unlink(missing_ok=True)
        try:
            context.project(jar.group, jar.name).at_version(jar.version).artifact(packaging=jar.kind).resolve()
        except (OSError, RuntimeError, ValueError) as problem:
            raise JarsError(
                f"{jar.group}:{jar.name}:{jar.version} could not be downloaded: {problem}. "
                "Check the network and the proxy; a mirror is named under [repositories] in jgo's own settings file."
            ) from problem
        if not _is_right(root / jar.place, jar):
            (root / jar.place).unlink(missing_ok=True)
            raise JarsError(
                f"{jar.group}:{jar.name}:{jar.version} was downloaded, and it is not the file that {lock} names "
                "(its SHA-256 differs). It was removed. Ask whoever runs the mirror why it serves another file."
            )

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(one, jars))
