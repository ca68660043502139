"""How a page is rendered: GOV.UK and MOJ components from templates, everything escaped, no name of a child in an address."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from icart_common.policy.wording import day_in_words, instant_in_words
from icart_gateway.pages.navigation import menu
from icart_gateway.pages.static_files import static
from icart_gateway.signing_in.session import SignedIn


@lru_cache
def environment() -> Environment:
    """The templates of the pages. What is undefined is an error, never an empty place."""
    found = Environment(
        loader=PackageLoader("icart_gateway.pages"), autoescape=select_autoescape(["html"]), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    found.globals["static"] = static
    found.filters["instant"] = instant_in_words
    found.filters["day"] = day_in_words
    return found


def page(
    request: Request, template: str, who: SignedIn | None = None, *, status: int = 200, **context: Any
) -> HTMLResponse:
    """A page. Templates find `who` (None before sign-in), `now` and what the page adds."""
    door = request.app.state.doorway
    now: datetime = door.clock.now()
    pack = door.book.pack(who.authority) if who else None
    body = (
        environment()
        .get_template(template)
        .render(
            request=request, who=who, now=now, pack=pack,
            navigation=menu(pack, who.role) if pack and who else (),
            try_out=door.settings.local_sign_in, **context,
        )
    )  # fmt: skip
    return HTMLResponse(body, status)
