"""The way through the form: start, a page at a time, check, send. Every answer is kept as it is given, also a wrong one."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final

import structlog
from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from icart_common.db.pool import named_sql
from icart_common.policy import PolicyPack, UnknownPolicy
from icart_common.policy.form_notice import form_notice
from icart_common.policy.wording import london_day
from icart_gateway.api.calling import Api, api_of
from icart_gateway.api.problems import Refused
from icart_gateway.api.rates import address_of
from icart_gateway.api.receipts import publish_once
from icart_gateway.pages.rendering import page
from icart_gateway.refer import draft as drafts
from icart_gateway.refer.arriving import NotADocument, add_document
from icart_gateway.refer.draft import Draft
from icart_gateway.refer.referral import key_of, public_door, referral_of, wrong_on
from icart_gateway.refer.sent import sent_from
from icart_gateway.refer.steps import step_of, steps
from icart_gateway.signing_in.cookies import read_cookie, set_cookie
from icart_gateway.unforeseen import kept_at

log = structlog.get_logger()
router = APIRouter(prefix="/refer/{authority}")
COOKIE: Final = "icart_referral"
TRAP: Final = "website"
"""A field that nobody sees, and that a program fills in."""
_API_SQL = named_sql("icart_gateway.api")


@dataclass(frozen=True, slots=True)
class Form:
    """A call of the form: the authority's pack, and the draft, when there is one."""

    request: Request
    api: Api
    pack: PolicyPack
    draft: Draft | None

    @property
    def home(self) -> str:
        return f"/refer/{self.pack.authority.id}"

    def show(self, template: str, *, status: int = 200, **context: Any) -> Response:
        """A page, with what the authority says while nobody reads the form (IN-13)."""
        notice = form_notice(self.pack, self.api.door.clock.now())
        shown = {
            "errors": {}, "draft": self.draft, "home": self.home, "door": self.pack, "notice": notice, "trap": TRAP, **context
        }  # fmt: skip
        return page(self.request, f"refer/{template}.html", status=status, **shown)

    async def keep(self, draft: Draft) -> Form:
        """Keep the draft as it is now."""
        door = self.api.door
        days = door.settings.public_draft_days
        await drafts.save(door.held, self.pack.authority.id, draft, door.wall.now(), days)
        kept_at(self.request, f"{self.home}/check")
        return replace(self, draft=draft)

    def go(self, place: str) -> Response:
        return RedirectResponse(f"{self.home}/{place}", 303)


async def form_of(request: Request, authority: str) -> Form:
    """The form of an authority. Raises 404 for one that we do not serve."""
    api = api_of(request)
    try:
        pack = api.door.book.pack(authority)
    except UnknownPolicy:
        raise HTTPException(404) from None
    code = drafts.code_of(read_cookie(request, COOKIE, api.door.settings))
    found = await drafts.load(api.door.held, authority, code, api.door.wall.now()) if code else None
    return Form(request, api, pack, found)


async def acting(request: Request, authority: str) -> AsyncIterator[tuple[Form, FormData]]:
    """The form and what was sent, which has to come from a page of this draft. Raises 404 and `Refused`."""
    form = await form_of(request, authority)
    async with sent_from(request, form.draft) as sent:
        yield form, sent


Acted = Annotated[tuple[Form, FormData], Depends(acting)]
"""A form of ours that was sent."""


@router.get("")
async def start(request: Request, authority: str) -> Response:
    """What the form is for, and when not to use it."""
    return (await form_of(request, authority)).show("start")


@router.post("")
async def begin(request: Request, authority: str) -> Response:
    """A new draft, under a new code."""
    form = await form_of(request, authority)
    await _count(form, "begin", form.api.door.settings.public_forms_a_minute)
    form = await form.keep(drafts.new_draft())
    return _with_code(form, form.go("who"))


@router.post("/come-back")
async def come_back(request: Request, authority: str) -> Response:
    """Go on with a draft, by its code, anywhere."""
    form = await form_of(request, authority)
    await _count(form, "come back", form.api.door.settings.public_forms_a_minute)
    code = drafts.code_of(str((await request.form(max_files=0, max_fields=5)).get("code", "")))
    door = form.api.door
    found = await drafts.load(door.held, authority, code, door.wall.now()) if code else None
    if found is None:
        return form.show("start", status=422, errors={"code": "Enter the 20 letters and numbers of your code"})
    form = replace(form, draft=found)
    return _with_code(form, form.go("check"))


@router.get("/done")
async def done(request: Request, authority: str) -> Response:
    """That it is with us, with its reference for those who are told one (IN-16)."""
    form = await form_of(request, authority)
    if form.draft is None or form.draft.receipt is None:
        return RedirectResponse(form.home, 303)
    told = (
        form.draft.kind in ("family", "child") or form.draft.kind in form.pack.good_referral.acknowledged.referrer_kinds
    )
    return form.show("done", told=told, reference=await _reference(form) if told else None)


@router.get("/check")
async def check(request: Request, authority: str) -> Response:
    """All answers, before they are sent."""
    form = await form_of(request, authority)
    return _shown_again(form) or _check(form)


@router.post("/check")
async def send(request: Request, acted: Acted) -> Response:
    """Send it. Pressed twice, or again after an answer was lost, it is one referral.

    It is not counted: a referral about a child never waits for how often somebody else at the same address pressed.
    """
    form, sent = acted
    if (over := _shown_again(form)) is not None or form.draft is None:
        return over or form.go("done")
    if str(sent.get(TRAP, "")):
        return _check(form, {TRAP: "Leave the last box empty: it is there to stop programs"}, 422)
    if wrong := _first_wrong(form):
        return form.go(wrong)
    kept_at(request, f"{form.home}/check")
    try:
        body = referral_of(form.draft, form.pack)
    except ValidationError:
        log.warning("form-not-fit", count=len(steps(form.pack, form.draft.values)))
        return _check(form, {"send": _NOT_FIT}, 422)
    raw = body.model_dump_json(exclude_none=True).encode()
    try:
        receipt = await publish_once(form.api.door, body, raw, key_of(form.draft.submission))
    except Refused as refused:
        log.warning("form-not-sent", reason_code=refused.details.type)
        return _check(
            form, {"send": "It could not be sent just now. Your answers are kept: wait a minute, then send again"}, 503
        )
    form = await form.keep(form.draft.sent(receipt.id))
    return form.go("done")


@router.get("/documents")
async def documents(request: Request, authority: str) -> Response:
    """The documents that were added."""
    form = await form_of(request, authority)
    return _shown_again(form) or form.show("documents", taken=form.api.store is not None)


@router.post("/documents")
async def change_documents(acted: Acted) -> Response:
    """Add a document, or take one away again."""
    form, sent = acted
    if (over := _shown_again(form)) is not None or form.draft is None:
        return over or form.go("done")
    if removed := str(sent.get("remove", "")):
        await form.keep(
            replace(form.draft, documents=tuple(one for one in form.draft.documents if one["id"] != removed))
        )
        return form.go("documents")
    file = sent.get("document")
    if not isinstance(file, UploadFile) or not file.filename:
        return form.go("check")
    await _count(form, "document", form.api.door.settings.public_documents_a_minute)
    try:
        named = await add_document(form.api, form.pack, file, before=len(form.draft.documents))
    except NotADocument as wrong:
        return form.show("documents", status=422, taken=True, errors={"document": str(wrong)})
    except Refused:
        words = "The document could not be kept just now. Try again, or go on without it"
        return form.show("documents", status=503, taken=True, errors={"document": words})
    await form.keep(replace(form.draft, documents=(*form.draft.documents, named)))
    return form.go("documents")


@router.get("/{step}")
async def ask(request: Request, authority: str, step: str) -> Response:
    """One page of questions, with what was answered."""
    form = await form_of(request, authority)
    if (over := _shown_again(form)) is not None or form.draft is None:
        return over or RedirectResponse(form.home, 303)
    found = step_of(form.pack, form.draft.values, step)
    if found is None:
        return form.go("check")
    return form.show("step", step=found, values=form.draft.values, errors=_to_mend(request, form, step))


@router.post("/{step}")
async def answer(acted: Acted, step: str) -> Response:
    """Keep the answers of a page, right or wrong; go on when nothing is wrong, or leave it for later."""
    form, sent = acted
    if (over := _shown_again(form)) is not None or form.draft is None:
        return over or form.go("done")
    found = step_of(form.pack, form.draft.values, step)
    if found is None:
        return form.go("check")
    form = await form.keep(form.draft.with_values({one.name: one.read(sent) for one in found.fields}))
    assert form.draft is not None
    if str(sent.get("later", "")):
        return form.show("later")
    found = step_of(form.pack, form.draft.values, step) or found  # who it is decides what is asked
    errors = wrong_on(found, form.draft.values, form.pack, london_day(form.api.door.clock.now()))
    if errors:
        return form.show("step", status=422, step=found, values=form.draft.values, errors=errors)
    order = [one.id for one in steps(form.pack, form.draft.values)]
    after = order.index(step) + 1
    return form.go("check" if str(sent.get("back", "")) else order[after] if after < len(order) else "documents")


def _to_mend(request: Request, form: Form, step: str) -> dict[str, str]:
    """What is wrong with a page that somebody was sent back to."""
    found = step_of(form.pack, form.draft.values, step) if form.draft else None
    if form.draft is None or found is None or "mend" not in request.query_params:
        return {}
    return wrong_on(found, form.draft.values, form.pack, london_day(form.api.door.clock.now()))


def _shown_again(form: Form) -> Response | None:
    """Where somebody goes who has no draft, or who sent it already."""
    if form.draft is None:
        return RedirectResponse(form.home, 303)
    return form.go("done") if form.draft.receipt else None


def _check(form: Form, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    assert form.draft is not None
    shown = steps(form.pack, form.draft.values)
    return form.show("check", status=status, steps=shown, values=form.draft.values, errors=errors or {})


def _first_wrong(form: Form) -> str | None:
    assert form.draft is not None
    today = london_day(form.api.door.clock.now())
    for one in steps(form.pack, form.draft.values):
        if wrong_on(one, form.draft.values, form.pack, today):
            return f"{one.id}?mend=1"
    return None


async def _reference(form: Form) -> str | None:
    """The reference of what was sent, as soon as intake has read it."""
    assert form.draft is not None
    door, agency = form.api.door, public_door(form.pack)
    async with door.held.connection() as connection:
        row = await connection.fetchrow(_API_SQL["load_receipt"], form.draft.receipt, agency)
    if row is None:
        return None
    async with door.models.connection() as connection:
        told = await connection.fetch(_API_SQL["load_standing"], agency, row["subject"], row["correlation"])
    found = [json.loads(one["told"]).get("reference") for one in told if one["correlation"] == row["correlation"]]
    return next((str(one) for one in found if one), None)


async def refused(request: Request, error: Exception) -> Response:
    """For FastAPI: what cannot be done on the form just now, as a page."""
    assert isinstance(error, Refused)
    details = error.details
    answered = page(
        request, "problem.html", status=details.status, heading=details.title, what=_KEPT, do=details.detail
    )
    answered.headers.update(error.headers)
    return answered


_NOT_FIT: Final = (
    "Something in your answers cannot be sent as it is written. They are kept: write long or unusual ones more simply, "
    "then send again, or telephone us"
)
_KEPT: Final = "What you wrote before is kept. If a child is in danger now, call 999."


def _with_code(form: Form, answered: Response) -> Response:
    assert form.draft is not None
    settings = form.api.door.settings
    set_cookie(answered, COOKIE, form.draft.code, settings, seconds=settings.public_draft_days * 86_400)
    return answered


async def _count(form: Form, what: str, a_minute: int) -> None:
    """Count what costs us something and has no draft of its own yet, or adds to the disk. Raises `Refused` (429)."""
    await form.api.rates.count(f"refer: {what}", address_of(form.request), a_minute)
