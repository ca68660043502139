"""The folder of a stack: who holds it, and the small private files kept in it."""

import fcntl
import json
import os
import secrets
from pathlib import Path

from icart_localstack.errors import FolderInUseError

_LOCK = "in-use-by"


class FolderLock:
    """Holds a folder for this object until release, or until the program ends in whatever way.

    The operating system's lock counts, not the file: a file left behind by a killed program locks nobody out.
    The number inside only serves the message.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file: int | None = None

    def acquire(self) -> None:
        """Take the folder (made if missing); twice does no harm.

        Raises: FolderInUseError.
        """
        if self._file is not None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        file = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(file, 20).decode("ascii", "replace").strip() or "unknown"
            os.close(file)
            raise FolderInUseError(
                f"{self.folder} is in use by another running stack (pid {holder}). "
                "Stop that one, or give this one a folder of its own."
            ) from None
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        self._file = file

    def release(self) -> None:
        """Give the folder back."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def private_text(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)


def kept_password(path: Path) -> str:
    """The password kept in this file; made at random the first time. Letters and digits alone, safe in a URL."""
    if not path.exists():
        private_text(path, secrets.token_hex(24))
    return path.read_text(encoding="utf-8").strip()


def kept_numbers(path: Path) -> dict[str, int]:
    """Numbers (ports) kept by name in a JSON file; empty when there is none."""
    if not path.exists():
        return {}
    return {str(name): int(number) for name, number in json.loads(path.read_text(encoding="utf-8")).items()}
