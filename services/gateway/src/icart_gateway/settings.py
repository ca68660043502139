"""The settings of the gateway."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from icart_common.settings import ServiceSettings
from icart_gateway.signing_in.posts import Post


class Settings(ServiceSettings):
    """What it has besides every service's settings."""

    pages_host: str = "127.0.0.1"
    pages_port: int = Field(default=0, ge=0, le=65535)
    """Where pages and API answer; 0 takes any free port. The health endpoints have a port of their own."""
    public_url: str | None = None
    """How browsers and partners reach it, without a slash at the end; none is the pages' own address."""
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = (ip_network("127.0.0.1"), ip_network("::1"))
    """The proxies before it, by address or network, whose word is taken for who calls (X-Forwarded-For). JSON. Name nobody else:
    whoever is named may say that they are anybody."""
    cookies_over_http: bool = False
    """True for the try-out on loopback alone: cookies are then sent without TLS."""

    oidc_issuer: str | None = None
    """The identity provider's issuer; its settings are read from `/.well-known/openid-configuration` under it."""
    oidc_client: str = "icart"
    oidc_secret: SecretStr | None = None
    oidc_scope: str = "openid profile"
    oidc_person_claim: str = "sub"
    """The claim with the opaque id of a member of staff; `oid` with Entra ID."""
    oidc_role_claims: tuple[str, ...] = ("roles", "groups", "realm_access.roles")
    """Claims whose values name posts. JSON."""
    oidc_posts: dict[str, str] = Field(default_factory=dict)
    """Which post each claim value stands for: `{"<a group's id>": "halton/social-worker"}`. JSON. A value that is not named here
    counts when it is written `halton.social-worker`."""
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
    api_calls_a_minute: int = Field(default=300, ge=1)
    """How often one agency's client may call the API, at each gateway."""
    api_tokens_a_minute: int = Field(default=30, ge=1)
    """How many access tokens one client gets, from wherever it asks."""
    api_token_calls_a_minute: int = Field(default=120, ge=1)
    """How often one address may ask for an access token, in vain or not: several agencies may share one."""
    webhook_seconds: float = Field(default=2.0, gt=0)
    """How often we look for what agencies are to be knocked for."""
    webhook_days: int = Field(default=3, ge=1)
    """How long a knock is tried before it is given up, and shown as given up."""
    public_draft_days: int = Field(default=28, ge=1)
    """How long a referral that somebody began on the form is kept for them after they last saved it."""
    public_forms_a_minute: int = Field(default=10, ge=1)
    """How many referrals one address may begin on the form, and how often it may come back to some. Sending is not limited."""
    public_documents_a_minute: int = Field(default=30, ge=1)
    """How many documents one address may add to referrals on the form."""
    webhooks_anywhere: bool = False
    """True for tests and the try-out alone: webhooks may then be plain HTTP, and at private addresses."""

    @field_validator("oidc_posts")
    @classmethod
    def _posts(cls, named: dict[str, str]) -> dict[str, str]:
        for post in named.values():
            Post.read(post)
        return named

    @model_validator(mode="after")
    def _try_out_on_loopback(self) -> Self:
        """What makes everybody anybody is for this machine alone, so that no mistake in a setting opens the front door."""
        if not (self.local_sign_in or self.cookies_over_http):
            return self
        asked = "local_sign_in" if self.local_sign_in else "cookies_over_http"
        public = urlsplit(self.public_url).hostname or "" if self.public_url else "localhost"
        if not (_is_loopback(self.pages_host) and _is_loopback(public)):
            raise ValueError(f"{asked} is for a try-out on loopback: set pages_host to 127.0.0.1, or unset {asked}")
        if self.local_sign_in and self.oidc_issuer:
            raise ValueError("local_sign_in and oidc_issuer are both set: unset one of them")
        return self


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
