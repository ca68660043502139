"""What is started and stopped: `with` does both."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class Startable(ABC):
    """A server, or several of them."""

    @abstractmethod
    def start(self) -> None:
        """Start; return when it answers."""

    @abstractmethod
    def stop(self) -> None:
        """Stop, and give back what was taken; nothing when it does not run."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
