"""The pages of shut records: breaking the glass, and what managers see (restricted records, broken glass, who read what)."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final
from urllib.parse import quote
from uuid import UUID

import structlog
from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from icart_common.contracts.ids import new_id
from icart_common.db.pool import named_sql
from icart_gateway.doorway import Doorway
from icart_gateway.guarding.records import Named, NotAllowed, RecordShut, contact_of, require, shut_to
from icart_gateway.guarding.trail import Read, add_reads
from icart_gateway.pages.rendering import page
from icart_gateway.signing_in.attempt import own_path
from icart_gateway.signing_in.session import Acting, Door, SignedIn, Who
from icart_gateway.signing_in.staff import names_of

log = structlog.get_logger()
router = APIRouter(include_in_schema=False)
GLASS_LASTS: Final = timedelta(hours=1)
_LEAST: Final = 10
"""Characters of a reason: `x` is none."""
_TOO_SHORT: Final = "Say why, in a sentence that a manager understands"
_OWN_FAMILY: Final = "a record that is of your own family is opened again by another manager"
_SQL = named_sql("icart_gateway.guarding")
Text = Annotated[str, Form(max_length=2000)]


@router.get("/contacts/{contact:uuid}/break-glass", response_class=HTMLResponse)
async def ask_glass(request: Request, door: Door, who: Who, contact: UUID, to: str = "") -> HTMLResponse:
    """What breaking the glass means, and the reason to be given."""
    return await _glass_page(request, door, who, await _named(door, who, contact), to)


@router.post("/contacts/{contact:uuid}/break-glass")
async def break_glass(
    request: Request, door: Door, who: Acting, contact: UUID, message: Annotated[UUID, Form()], reason: Text = "",
    to: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Open a shut record for an hour. It is said in the trail, and stands on the managers' page until one has seen it."""
    require(door, who, "contact")
    named = await _named(door, who, contact)
    if len(reason.strip()) < _LEAST:
        return await _glass_page(request, door, who, named, to, {"reason": _TOO_SHORT})
    now = door.wall.now()
    async with door.held.transaction() as connection:
        broken = await connection.fetchval(
            _SQL["break_glass"], message, who.authority, contact, who.person, who.name, who.role, reason.strip(), now,
            now + GLASS_LASTS,
        )  # fmt: skip
        if broken:
            read = Read(who.authority, now, who.person, who.role, "broke-glass", contact, named.child, broken)
            await add_reads(connection, [read])
    log.warning("glass-broken", contact=str(contact))
    return RedirectResponse(own_path(to or f"/contacts/{contact}"), 303)


@router.get("/guarding", response_class=HTMLResponse)
async def guarding(request: Request, door: Door, who: Who) -> HTMLResponse:
    """Broken glass that nobody has seen yet, and the records that are shut."""
    return await _guarding_page(request, door, who)


@router.post("/guarding/shut")
async def shut(
    request: Request, door: Door, who: Acting, message: Annotated[UUID, Form()], reference: Text = "", reason: Text = "",
    staff: Text = "", whole_child: Annotated[bool, Form()] = False,
) -> Response:  # fmt: skip
    """Restrict a record, or say that it is of a colleague's family. It is shut from now on."""
    require(door, who, "restrict")
    errors, named = await _checked(door, who, reference, reason)
    if errors or named is None:
        return await _guarding_page(request, door, who, errors)
    await _shut(door, who, message, named, staff.strip() or None, reason, whole_child=whole_child)
    return RedirectResponse("/guarding", 303)


@router.post("/guarding/{record:uuid}/lift")
async def lift(door: Door, who: Acting, record: UUID) -> RedirectResponse:
    """Open a shut record again for everybody. Never by whoever is shut out of it as family."""
    require(door, who, "restrict")
    async with door.held.connection() as connection:
        row = await connection.fetchrow(_SQL["still_shut"], record, who.authority)
    if row is None:
        return RedirectResponse("/guarding", 303)
    named = await _named(door, who, row["contact"])
    if row["staff"] == who.person or (await shut_to(door, who)).why(named.id, named.child) == "own-family":
        raise NotAllowed(_OWN_FAMILY)
    now = door.wall.now()
    async with door.held.transaction() as connection:
        if await connection.fetchval(_SQL["lift"], record, who.authority, who.person, now):
            read = Read(who.authority, now, who.person, who.role, "lifted", named.id, named.child)
            await add_reads(connection, [read])
    return RedirectResponse("/guarding", 303)


@router.post("/guarding/{glass:uuid}/seen")
async def seen(door: Door, who: Acting, glass: UUID) -> RedirectResponse:
    """A manager has seen that the glass was broken, and why. Nobody sees their own."""
    require(door, who, "audit")
    async with door.held.connection() as connection:
        await connection.execute(_SQL["see_glass"], glass, who.authority, who.person, door.wall.now())
    return RedirectResponse("/guarding", 303)


@router.get("/own-family", response_class=HTMLResponse)
async def own_family(request: Request, door: Door, who: Who) -> HTMLResponse:
    """Where somebody says that a record is of their own family."""
    require(door, who, "contact")
    return page(request, "own_family.html", who, errors={}, message=new_id())


@router.post("/own-family")
async def say_own_family(
    request: Request, door: Door, who: Acting, message: Annotated[UUID, Form()], reference: Text = "", reason: Text = ""
) -> Response:
    """Shut a record to oneself: a manager opens it again."""
    require(door, who, "contact")
    errors, named = await _checked(door, who, reference, reason)
    if errors or named is None:
        return page(request, "own_family.html", who, status=422, errors=errors, message=message)
    await _shut(door, who, message, named, who.person, reason, whole_child=True)
    return RedirectResponse("/desktops", 303)


@router.get("/contacts/{contact:uuid}/reads", response_class=HTMLResponse)
async def reads(request: Request, door: Door, who: Who, contact: UUID) -> HTMLResponse:
    """Who read the record of a contact and of its child, the newest first."""
    require(door, who, "audit")
    named = await _named(door, who, contact)
    async with door.held.connection() as connection:
        rows = await connection.fetch(_SQL["reads_of"], who.authority, contact, named.child)
    return page(request, "reads.html", who, named=named, reads=rows, staff=await names_of(door, who))


async def record_shut(request: Request, error: Exception) -> Response:
    """The answer to `RecordShut`: afterwards to where they were. A form stands at the address that it is sent to."""
    assert isinstance(error, RecordShut)
    query = f"?{request.url.query}" if request.url.query else ""
    here = request.method == "GET" or "/do/" in request.url.path
    back = f"{request.url.path}{query}" if here else f"/contacts/{error.contact}"
    where = f"/contacts/{error.contact}/break-glass?to={quote(back, safe='/')}"
    return RedirectResponse(where, 303)


async def not_allowed(request: Request, error: Exception) -> Response:
    """The answer to `NotAllowed`."""
    assert isinstance(error, NotAllowed)
    return page(
        request, "problem.html", status=403, heading="Your role does not do this", what=f"{str(error).capitalize()}.",
        do="Change your role if you hold another one, or ask a colleague who does.",
    )  # fmt: skip


async def _named(door: Doorway, who: SignedIn, contact: UUID) -> Named:
    named = await contact_of(door, who, contact=contact)
    if named is None:
        raise HTTPException(404)
    return named


async def _checked(door: Doorway, who: SignedIn, reference: str, reason: str) -> tuple[dict[str, str], Named | None]:
    named = await contact_of(door, who, reference=reference.strip()) if reference.strip() else None
    errors = {} if named else {"reference": "Enter the reference of a contact of your authority, as its page shows it"}
    return errors | ({} if len(reason.strip()) >= _LEAST else {"reason": _TOO_SHORT}), named


async def _shut(
    door: Doorway, who: SignedIn, message: UUID, named: Named, staff: str | None, reason: str, *, whole_child: bool
) -> None:
    child = named.child if whole_child else None
    async with door.held.connection() as connection:
        await connection.execute(
            _SQL["shut"], message, who.authority, named.id, child, staff, reason.strip(), who.person, door.wall.now()
        )


async def _glass_page(
    request: Request, door: Doorway, who: SignedIn, named: Named, to: str, errors: dict[str, str] | None = None
) -> HTMLResponse:
    require(door, who, "contact")
    why = (await shut_to(door, who)).why(named.id, named.child)
    return page(
        request, "break_glass.html", who, status=422 if errors else 200, named=named, why=why, to=to, errors=errors or {},
        message=new_id(),
    )  # fmt: skip


async def _guarding_page(
    request: Request, door: Doorway, who: SignedIn, errors: dict[str, str] | None = None
) -> HTMLResponse:
    require(door, who, "restrict")
    async with door.held.connection() as connection:
        glasses = await connection.fetch(_SQL["list_glass"], who.authority)
        shut_ones = await connection.fetch(_SQL["list_shut"], who.authority)
    return page(
        request, "guarding.html", who, status=422 if errors else 200, glasses=glasses, shut=shut_ones, errors=errors or {},
        message=new_id(), staff=await names_of(door, who),
    )  # fmt: skip
