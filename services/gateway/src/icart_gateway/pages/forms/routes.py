"""Every page of acting on contacts and undertakings, as one."""

from __future__ import annotations

from fastapi import APIRouter

from icart_gateway.pages.forms import doing, todo, typed

router = APIRouter()
for part in (todo, doing, typed):
    router.include_router(part.router)
