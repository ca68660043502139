"""The domain's answer to a command that may not be carried out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not, in words for a page, and what would be allowed."""

    code: str
    why: str
    allowed: tuple[str, ...] = ()
    version: int | None = None
