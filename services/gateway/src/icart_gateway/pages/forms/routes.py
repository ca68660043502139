"""Every page of acting on contacts and undertakings, and what they hear while they are open, as one."""

from __future__ import annotations

from fastapi import APIRouter

from icart_gateway.pages import live_stream
from icart_gateway.pages.forms import doing, presence, todo, typed

router = APIRouter()
for part in (todo, doing, typed, presence, live_stream):
    router.include_router(part.router)
