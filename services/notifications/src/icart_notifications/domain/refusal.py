"""The domain's answer to a command that may not be carried out."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from icart_common.contracts.base import Command, CommandRefused


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not, in words for a page, and what would be allowed."""

    code: str
    why: str
    allowed: tuple[str, ...] = ()
    version: int | None = None

    def said(self, command: Command, *, subject: UUID, command_id: UUID) -> CommandRefused:
        """As the event that goes back to whoever asked."""
        return CommandRefused(
            subject=subject,
            command=command_id,
            command_type=command.TYPE,
            actor=command.actor,
            code=self.code,
            why=self.why,
            allowed=self.allowed,
            version=self.version,
        )
