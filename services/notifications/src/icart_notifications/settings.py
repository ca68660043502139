"""This service's own settings, beside those that every service has."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator

from icart_common.settings import ServiceSettings


class Settings(ServiceSettings):
    """The mail server, and how long e-mails are tried."""

    smtp_host: str | None = None
    """None: e-mails wait, and `/progress` says so."""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_starttls: bool = True
    """Refuse to send without TLS. Only a server on loopback may do without."""
    smtp_ca_file: Path | None = None
    """Certificate authority of the mail server; none is the system's."""
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_sender: str | None = None
    """The address that e-mails come from; answers go to the authority's secure mailbox."""
    smtp_timeout_seconds: float = Field(default=30.0, gt=0)
    """How long the mail server may take for one answer."""
    smtp_batch: int = Field(default=20, ge=1, le=500)
    """The most e-mails that one sender claims at a time."""
    smtp_lease_seconds: float = Field(default=300.0, gt=0)
    """How long a claim holds: what a sender that died had claimed is due again after it."""
    smtp_tries: int = Field(default=10, ge=1)
    """How often an e-mail is tried before a person has to look."""
    smtp_first_wait_seconds: float = Field(default=5.0, gt=0)
    """The wait before the second try; each further one is twice as long, with jitter."""
    smtp_longest_wait_seconds: float = Field(default=3600.0, gt=0)
    smtp_poll_seconds: float = Field(default=1.0, gt=0)
    """How often an idle sender looks for e-mails that are due."""

    @model_validator(mode="after")
    def has_a_sender(self) -> Self:
        """A mail server without an address to send from is half a setting."""
        if self.smtp_host is not None and self.smtp_sender is None:
            raise ValueError(
                "ICART_SMTP_HOST is set and ICART_SMTP_SENDER is not: give the address that e-mails come from"
            )
        return self
