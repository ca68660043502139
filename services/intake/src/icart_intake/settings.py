"""The settings of the intake service: those that every service has, and where documents lie and are scanned."""

from __future__ import annotations

from pydantic import Field

from icart_common.settings import ServiceSettings


class Settings(ServiceSettings):
    """What differs between authorities is in their packs."""

    documents_url: str | None = None
    """Where documents lie: `file:///a/folder` or `s3://bucket/folder` (with the `AWS_*` variables); none, and they wait."""
    documents_at_once: int = Field(default=4, ge=1, le=64)
    """How many documents one instance looks at at a time."""
    documents_lease_seconds: float = Field(default=120.0, gt=0)
    """How long an instance has a document to itself; longer than the largest takes to scan."""
    documents_poll_seconds: float = Field(default=0.5, gt=0)
    """How long to rest when no document is due."""
    documents_longest_wait_seconds: float = Field(default=30.0, gt=0)
    """The longest time between two looks at one that has not arrived, or that the scanner could not be asked about."""
    scanner: str | None = None
    """ClamAV's daemon: `unix:///run/clamav/clamd.ctl` or `tcp://host:3310`; none, and documents wait unscanned."""
    scanner_seconds: float = Field(default=60.0, gt=0)
    """How long the scanner has for one document."""
