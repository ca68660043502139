"""Which documents an authority takes with a submission, how many, how large, and how long it waits for them (IN-14)."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final

from pydantic import Field

from icart_common.contracts.attachments import DocumentKind
from icart_common.policy.base import Part, Sourced

MEBIBYTE: Final = 1024 * 1024


class _Number(Sourced):
    value: Annotated[int, Field(ge=1)]


class _Largest(Sourced):
    value: Annotated[int, Field(ge=1, le=100)]
    """MiB."""


class _Kinds(Sourced):
    value: Annotated[tuple[DocumentKind, ...], Field(min_length=1)]


class DocumentRules(Part):
    """The documents that are taken. What is not listed is refused, and its sender told so."""

    kinds: _Kinds
    most: _Number
    """How many a submission may have."""
    largest_mib: _Largest
    wait_hours: _Number
    """Hours from the message that names a document until it counts as never arrived."""

    @property
    def largest(self) -> int:
        """The largest document that is taken, in bytes."""
        return self.largest_mib.value * MEBIBYTE

    @property
    def waits(self) -> timedelta:
        return timedelta(hours=self.wait_hours.value)
