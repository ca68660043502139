"""The settings of the gateway."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr

from icart_common.settings import ServiceSettings


class Settings(ServiceSettings):
    """What it has besides every service's settings."""

    pages_host: str = "127.0.0.1"
    pages_port: int = Field(default=0, ge=0, le=65535)
    """Where pages and API answer; 0 takes any free port. The health endpoints have a port of their own."""
    public_url: str | None = None
    """How browsers and partners reach it, without a slash at the end; none is the pages' own address."""
    cookies_over_http: bool = False
    """True for the try-out on loopback alone: cookies are then sent without TLS."""

    oidc_issuer: str | None = None
    """The identity provider's issuer; its settings are read from `/.well-known/openid-configuration` under it."""
    oidc_client: str = "icart"
    oidc_secret: SecretStr | None = None
    local_sign_in: bool = False
    """The try-out's own identity provider, one person for each role. Refused when pages are not on loopback."""
    session_idle_minutes: int = Field(default=30, ge=1, le=24 * 60)
    session_hours: int = Field(default=12, ge=1, le=24)
    """The longest that a session lasts, however busy it is."""

    publish_seconds: float = Field(default=5.0, gt=0)
    """How long a form waits for the broker before it says that the broker is away."""
    answer_seconds: float = Field(default=3.0, gt=0)
    """How long a form waits for the answer of the service that it asked before it says that the answer is on its way."""
    documents_url: str | None = None
    """The store of documents, as intake has it; none: documents are neither taken nor shown."""
    service_urls: dict[str, str] = Field(default_factory=dict)
    """Where each service answers for its health, by its name: what the operations pages ask. JSON."""
    service_urls_file: Path | None = None
    """The same in a file that may change while we run: the run file of a try-out."""
    api_key_file: Path | None = None
    """The private key that the API's access tokens are signed with (PEM, P-256). None: one is made and kept in the doorway."""
