"""A referral by telephone: somebody of ours asks the caller what the public form asks, and writes it down (IN-12, IN-13, IN-22).

Every answer is kept here as it is typed and told to intake a page at a time, so that a call that breaks off is not lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from icart_common.contracts.drafts import SaveDraft
from icart_common.contracts.ids import new_id
from icart_common.db.pool import named_sql
from icart_common.messaging.publish import NotTaken
from icart_common.policy import PolicyPack
from icart_common.policy.completeness import assess
from icart_common.policy.wording import london_day
from icart_gateway.doorway import Doorway
from icart_gateway.guarding.records import NotAllowed
from icart_gateway.pages.forms import drafts
from icart_gateway.pages.forms.banner import banner_of
from icart_gateway.pages.forms.place import address, home, key
from icart_gateway.pages.forms.referrals import SUBMIT
from icart_gateway.pages.forms.scene import identifier
from icart_gateway.pages.forms.step import Place
from icart_gateway.pages.forms.wording import agencies
from icart_gateway.pages.rendering import page
from icart_gateway.refer.referral import account_of, public_door, wrong_on
from icart_gateway.refer.steps import Step, step_of, steps
from icart_gateway.refer.taken_down import fields_of
from icart_gateway.refer.telling import CHANNEL, Told
from icart_gateway.rights import may_ask
from icart_gateway.signing_in.session import Acting, Door, SignedIn, Who, pack_of
from icart_gateway.unforeseen import kept_at

_SQL = named_sql("icart_gateway.pages")
_AGENCY = "agency"
"""Kept beside the answers: who calls."""
router = APIRouter(prefix="/referrals")


@dataclass(frozen=True, slots=True)
class Call:
    """A referral that somebody takes down."""

    draft: UUID
    pack: PolicyPack
    values: Mapping[str, str]

    @property
    def account(self) -> dict[str, Any]:
        """What was said so far."""
        return account_of(self.values, self.pack, CHANNEL)

    @property
    def form(self) -> str:
        """The name under which it is kept."""
        return _form(self.draft)


@router.get("", response_class=HTMLResponse)
async def start(request: Request, door: Door, who: Who) -> HTMLResponse:
    """Who calls?"""
    return _start(request, _may(door, who), who)


@router.post("")
async def begin(
    request: Request, door: Door, who: Acting, message: Annotated[UUID, Form()], agency: Annotated[str, Form()] = ""
) -> Response:
    """Begin to take a referral down; pressed twice it is one."""
    pack = _may(door, who)
    if agency not in {choice.value for choice in _callers(pack)}:
        return _start(request, pack, who, {_AGENCY: "Choose who calls"})
    await drafts.save(door, who, _form(message), {_AGENCY: agency, drafts.MESSAGE: str(new_id())})
    return RedirectResponse(f"/referrals/{message}/who", 303)


@router.get("/{draft:uuid}", response_class=HTMLResponse)
async def check(request: Request, door: Door, who: Who, draft: UUID) -> HTMLResponse:
    """All answers, what is still missing, and the button that sends it; after that, what came of it."""
    pack = _may(door, who)
    banner = await banner_of(request, door, who)
    call = await _call(door, who, draft)
    if call is None:
        async with door.reading(who) as connection:
            contacts = await connection.fetch(_SQL["came_of"], draft, who.authority)
        if not (contacts or banner):
            raise HTTPException(404)
        return page(request, "taking/sent.html", who, banner=banner, contacts=contacts)
    told = await _tell(door, who, call)
    shown = steps(pack, call.values, CHANNEL)
    return page(
        request, "taking/check.html", who, banner=banner, steps=shown, values=call.values, home=f"/referrals/{draft}",
        wrong=_wrong(door, call, shown), gaps=_gaps(call), told=told, send=address(SUBMIT, Place(matter=draft)), step=SUBMIT,
        message=identifier(call.values.get(drafts.MESSAGE, "")) or new_id(), form_name=call.form, seen=told.version,
    )  # fmt: skip


@router.get("/{draft:uuid}/{step}", response_class=HTMLResponse)
async def ask(request: Request, door: Door, who: Who, draft: UUID, step: str) -> Response:
    """One page of questions, with what was answered."""
    call, found = await _page_of(door, who, draft, step)
    if call is None or found is None:
        return RedirectResponse(f"/referrals/{draft}", 303)
    wrong = _wrong(door, call, (found,)) if "mend" in request.query_params else {}
    return _asked(request, who, call, found, wrong.get(step, {}))


@router.post("/{draft:uuid}/{step}")
async def answer(request: Request, door: Door, who: Acting, draft: UUID, step: str) -> Response:
    """Keep the answers of a page, right or wrong, and tell intake; go on when nothing is wrong."""
    call, found = await _page_of(door, who, draft, step)
    if call is None or found is None:
        return RedirectResponse(f"/referrals/{draft}", 303)
    sent = await request.form(max_files=0, max_fields=200)
    values = {one.name: one.read(sent) for one in found.fields}
    await drafts.save(door, who, call.form, values)
    kept_at(request, f"/referrals/{draft}")
    call = replace(call, values={**call.values, **values})
    await _tell(door, who, call)
    found = step_of(call.pack, call.values, step, CHANNEL) or found  # who it is decides what is asked
    wrong = _wrong(door, call, (found,)).get(step, {})
    if wrong:
        return _asked(request, who, call, found, wrong)
    order = [one.id for one in steps(call.pack, call.values, CHANNEL)]
    after = order.index(step) + 1
    where = f"/{order[after]}" if after < len(order) and not str(sent.get("check", "")) else ""
    return RedirectResponse(f"/referrals/{draft}{where}", 303)


def _may(door: Doorway, who: SignedIn) -> PolicyPack:
    """The authority's pack. Raises `NotAllowed` for whoever takes no referrals down."""
    pack = pack_of(door, who)
    if why := may_ask(pack, who.role, SaveDraft).why_not:
        raise NotAllowed(why)
    return pack


async def _call(door: Doorway, who: SignedIn, draft: UUID) -> Call | None:
    kept = await drafts.load(door, who, _form(draft))
    return Call(draft, pack_of(door, who), kept.values) if kept and kept.values.get(_AGENCY) else None


async def _page_of(door: Doorway, who: SignedIn, draft: UUID, step: str) -> tuple[Call | None, Step | None]:
    """What somebody takes down, and one page of it; None for what is not there (any more). Raises `NotAllowed`."""
    _may(door, who)
    call = await _call(door, who, draft)
    return call, step_of(call.pack, call.values, step, CHANNEL) if call else None


async def _tell(door: Doorway, who: SignedIn, call: Call) -> Told:
    """Say to intake what has changed. While the broker is away it stays unsaid, and is said with the next page."""
    head = {"actor": who.actor, "authority": who.authority, "agency": call.values[_AGENCY]}
    async with door.held.transaction() as connection:
        await connection.execute(_SQL["hold_call"], call.form)
        kept = await drafts.load(door, who, call.form)
        told = Told.of(kept.values if kept else {})
        while (told := told.next(fields_of(call.account))).unsent:
            await drafts.save(door, who, call.form, told.kept())
            command, message = told.command(call.draft, **head), told.message(call.draft)
            try:
                await door.publisher.publish(
                    command, message_id=message, authority=who.authority, seconds=door.settings.publish_seconds
                )
            except NotTaken:
                break
            told = told.sent()
            await drafts.save(door, who, call.form, told.kept())
    return told


def _wrong(door: Doorway, call: Call, shown: tuple[Step, ...]) -> dict[str, dict[str, str]]:
    """What has to be mended, by the page and the field."""
    today = london_day(door.clock.now())
    found = {one.id: wrong_on(one, call.values, call.pack, today, CHANNEL) for one in shown}
    return {step: errors for step, errors in found.items() if errors}


def _gaps(call: Call) -> tuple[str, ...]:
    """What a good referral answers besides, in the authority's words, each once (IN-3)."""
    kind = call.pack.agency(call.values[_AGENCY]).kind
    account = call.account
    found = assess(
        call.pack.good_referral, account, referrer_kind=account["referrer"].get("kind") or "public", agency_kind=kind
    )
    return tuple(dict.fromkeys(one.question for one in found.gaps))


def _callers(pack: PolicyPack) -> tuple[Any, ...]:
    """The public first, then every agency whose referrals are taken."""
    door = public_door(pack)
    others = agencies(one for one in pack.agencies if "referrals" in one.may_write and one.id != door)
    return (*agencies((pack.agency(door),)), *others)


def _form(draft: UUID) -> str:
    return key(SUBMIT, Place(matter=draft))


def _start(request: Request, pack: PolicyPack, who: SignedIn, errors: Mapping[str, str] | None = None) -> HTMLResponse:
    return page(
        request, "taking/start.html", who, status=422 if errors else 200, errors=errors or {}, message=new_id(),
        callers=[(one.value, one.label) for one in _callers(pack)], chosen=public_door(pack),
    )  # fmt: skip


def _asked(request: Request, who: SignedIn, call: Call, step: Step, errors: Mapping[str, str]) -> HTMLResponse:
    return page(
        request, "taking/step.html", who, status=422 if errors else 200, step=step, values=call.values, errors=errors,
        home=home(SUBMIT, Place(matter=call.draft)),
    )  # fmt: skip
