"""The cookies of signing in: which names they have, and which flags."""

from __future__ import annotations

from fastapi import Request, Response

from icart_gateway.settings import Settings

SESSION = "icart_session"
ATTEMPT = "icart_sign_in"


def cookie_name(name: str, settings: Settings) -> str:
    """`__Host-` binds a cookie to this host and to TLS; over plain HTTP, on loopback alone, browsers would refuse it."""
    return name if settings.cookies_over_http else f"__Host-{name}"


def read_cookie(request: Request, name: str, settings: Settings) -> str | None:
    """What the browser sent; None when it sent nothing."""
    return request.cookies.get(cookie_name(name, settings)) or None


def set_cookie(answer: Response, name: str, token: str, settings: Settings, *, seconds: int) -> None:
    """Keep a token in the browser: out of reach of scripts and of other sites."""
    answer.set_cookie(
        cookie_name(name, settings), token, max_age=seconds, path="/", secure=not settings.cookies_over_http, httponly=True,
        samesite="lax",
    )  # fmt: skip


def drop_cookie(answer: Response, name: str, settings: Settings) -> None:
    """Take it back."""
    answer.delete_cookie(
        cookie_name(name, settings), path="/", secure=not settings.cookies_over_http, httponly=True, samesite="lax"
    )
