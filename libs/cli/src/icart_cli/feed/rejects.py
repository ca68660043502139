"""The rejects file: what could not be sent, and what is worth a look, each as it is in the file that was loaded."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from icart_cli import exits
from icart_cli.feed.rows import Finding


class Rejects:
    """Writes one JSON object a line, for the eyes of the file's owner alone: it is personal data. Nothing without a path."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        if self._path:
            try:
                opened = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
                os.fchmod(opened, 0o600)
            except OSError as error:
                raise exits.Stop(
                    exits.WRONG_USE, f"{self._path} cannot be written ({error.strerror}).", "Name another file."
                ) from None
            self._file = os.fdopen(opened, "w", encoding="utf-8")
        return self

    def write(self, findings: Iterable[Finding]) -> None:
        """Add what was found in one record."""
        if self._file:
            for one in findings:
                self._file.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()
