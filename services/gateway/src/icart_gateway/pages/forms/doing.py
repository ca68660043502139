"""The way of a form: shown, checked, sent, and answered; what was typed stays until it was carried out (IN-22)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from icart_common.contracts.ids import new_id
from icart_gateway.doorway import Doorway
from icart_gateway.pages.forms import drafts, sending
from icart_gateway.pages.forms.banner import banner_of
from icart_gateway.pages.forms.catalogue import BY_SLUG
from icart_gateway.pages.forms.changed import since
from icart_gateway.pages.forms.field import Field
from icart_gateway.pages.forms.merging import Merged, merge
from icart_gateway.pages.forms.offers import why_not
from icart_gateway.pages.forms.place import MATTERS, address, home, key, written_at
from icart_gateway.pages.forms.presence import others_on
from icart_gateway.pages.forms.scene import identifier, scene_of
from icart_gateway.pages.forms.sending import Answer
from icart_gateway.pages.forms.step import Place, Scene, Step, command_of, problems, seen
from icart_gateway.pages.rendering import page
from icart_gateway.signing_in.session import Acting, Door, SignedIn, Who
from icart_gateway.signing_in.staff import names_of
from icart_gateway.unforeseen import kept_at

router = APIRouter()
MOVED = ("version-moved", "unknown-version")


def _place(request: Request) -> Place:
    """What the address says that the form is about."""
    found = request.path_params
    part = request.query_params.get("part", "")
    return Place(found.get("contact"), found.get("undertaking"), part, found.get("matter"))


def _step(step: str) -> Step:
    try:
        return BY_SLUG[step]
    except KeyError:
        raise HTTPException(404) from None


About = Annotated[Place, Depends(_place)]
Wanted = Annotated[Step, Depends(_step)]


@dataclass(frozen=True, slots=True)
class Shown:
    """A form as it is shown: what stands in it, what is wrong, and what somebody else changed meanwhile."""

    values: Mapping[str, str]
    message: UUID
    seen_version: int
    errors: Mapping[str, str] | None = None
    refused: Answer | None = None
    merged: Merged | None = None
    kept_at: datetime | None = None


async def show(request: Request, door: Door, who: Who, step: Wanted, place: About) -> HTMLResponse:
    """The form, with what was typed into it before."""
    scene = await _scene(door, who, step, place)
    form = key(step, scene.place)
    reason = why_not(scene, step)
    draft = await drafts.load(door, who, form)
    fields = step.fields(scene)
    message, version = new_id(), seen(step, scene)
    if draft is None:
        values = {one.name: one.starts_as for one in fields}
        return await _page(request, door, scene, step, Shown(values, message, version), reason)
    message = identifier(draft.values.get(drafts.MESSAGE, "")) or message
    sent = await sending.own(door, who, message)
    answer = await sending.answer_of(door, message) if sent else None
    if answer and answer.state == "done":
        await drafts.forget(door, who, form, message)
        return await show(request, door, who, step, place)
    if answer and answer.state == "refused":
        message = new_id()
    merged = await _merged(door, scene, step, fields, draft.values, _number(draft.values.get(drafts.SEEN, "")))
    on_its_way = answer if sent and sent.taken and answer and answer.state == "waiting" else None
    shown = Shown(merged.values, message, version, None, on_its_way, merged, draft.saved_at)
    return await _page(request, door, scene, step, shown, reason)


async def act(request: Request, door: Door, who: Acting, step: Wanted, place: About) -> Response:
    """The form was sent: check it, send the command once, and say what became of it."""
    given = await request.form()
    scene = await _scene(door, who, step, place)
    form = key(step, scene.place)
    fields = step.fields(scene)
    version = _number(str(given.get(drafts.SEEN, "")))
    message = identifier(str(given.get(drafts.MESSAGE, ""))) or new_id()
    values = _typed(fields, given)
    shown = Shown(values, message, version)
    before = await sending.own(door, who, message)
    known = await sending.answer_of(door, message) if before else None
    if known and known.state == "done":
        return await _after(door, who, step, scene.place, form, known)
    await drafts.save(door, who, form, {**values, drafts.SEEN: str(version), drafts.MESSAGE: str(message)})
    kept_at(request, written_at(step, scene.place))
    errors = problems(fields, values)
    if errors:
        return await _page(request, door, scene, step, replace(shown, errors=errors), None, status=422)
    if before is None or known is None or known.state == "refused":
        reason = why_not(scene, step)
        if reason:
            return await _page(request, door, scene, step, shown, reason, status=409)
        if version != seen(step, scene):
            return await _moved(request, door, scene, step, shown)
    command = command_of(step, scene, fields, values, version)
    if isinstance(command, dict):
        return await _page(request, door, scene, step, replace(shown, errors=command), None, status=422)
    answer = await sending.send(door, who, form, message, command)
    if answer.message != message:
        await drafts.save(door, who, form, {drafts.MESSAGE: str(answer.message)})
        shown = replace(shown, message=answer.message)
    if answer.state in ("done", "waiting"):
        return await _after(door, who, step, scene.place, form, answer)
    if answer.state == "away":
        return await _page(request, door, scene, step, replace(shown, refused=answer), None, status=503)
    await sending.settle(door, answer.message)
    scene = await _scene(door, who, step, place)
    again = replace(shown, message=new_id())
    await drafts.save(door, who, form, {drafts.MESSAGE: str(again.message)})
    if answer.code in MOVED:
        return await _moved(request, door, scene, step, again)
    return await _page(request, door, scene, step, replace(again, refused=answer), None, status=409)


for where in (
    "/contacts/{contact:uuid}",
    "/contacts/{contact:uuid}/undertakings/{undertaking:uuid}",
    "/undertakings/{undertaking:uuid}",
    *(f"{pages}/{{matter:uuid}}" for pages in MATTERS.values()),
    "",
):
    router.add_api_route(f"{where}/do/{{step}}", show, methods=["GET"], response_class=HTMLResponse)
    router.add_api_route(f"{where}/do/{{step}}", act, methods=["POST"], response_class=HTMLResponse)


async def _scene(door: Doorway, who: SignedIn, step: Step, place: Place) -> Scene:
    """The scene of a step; of one that is about a part, the first part unless the address names one. Raises 404."""
    if bool(step.matter) != (place.matter is not None):
        raise HTTPException(404)
    if not step.matter and step.of_authority != (place.contact is None):
        raise HTTPException(404)
    if step.changes_undertaking and place.undertaking is None:
        raise HTTPException(404)
    scene = await scene_of(door, who, place, step)
    if step.parts is None:
        return replace(scene, place=replace(place, part=""))
    parts = [one.value for one in step.parts(scene)]
    if place.part and place.part not in parts:
        raise HTTPException(404)
    return replace(scene, place=replace(place, part=place.part or next(iter(parts), "")))


async def _after(door: Doorway, who: SignedIn, step: Step, place: Place, form: str, answer: Answer) -> RedirectResponse:
    """To the page that the form belongs to, which says what became of it."""
    if answer.state == "done":
        await drafts.forget(door, who, form, answer.message)
    return RedirectResponse(f"{home(step, place)}?after={answer.message}", 303)


async def _moved(request: Request, door: Doorway, scene: Scene, step: Step, shown: Shown) -> HTMLResponse:
    """The record has moved on: what was typed stays, what others wrote comes along, and clashes are shown."""
    fields = step.fields(scene)
    merged = await _merged(door, scene, step, fields, shown.values, shown.seen_version)
    again = replace(shown, values=merged.values, seen_version=seen(step, scene), merged=merged)
    return await _page(request, door, scene, step, again, why_not(scene, step), status=409, before=shown.seen_version)


async def _merged(
    door: Doorway, scene: Scene, step: Step, fields: tuple[Field, ...], typed: Mapping[str, str], version: int
) -> Merged:
    if step.begins() or version >= seen(step, scene) or version < 1 or step.matter:
        return merge(fields, fields, typed)
    then = await scene_of(door, scene.who, scene.place, step, at_version=version)
    return merge(step.fields(then), fields, typed)


async def _page(
    request: Request,
    door: Doorway,
    scene: Scene,
    step: Step,
    shown: Shown,
    reason: str | None,
    *,
    status: int = 200,
    before: int | None = None,
) -> HTMLResponse:
    fields = step.fields(scene)
    if shown.refused:
        said = tuple(step.line(scene.pack, one) for one in shown.refused.allowed)
        shown = replace(shown, refused=replace(shown.refused, allowed=said))
    return page(
        request,
        "forms/step.html",
        scene.who,
        status=status,
        step=step,
        scene=scene,
        fields=fields,
        shown=shown,
        why_not=reason,
        form_name=key(step, scene.place),
        action=address(step, scene.place),
        home=home(step, scene.place),
        parts=[
            (one.label, address(step, replace(scene.place, part=one.value)), one.value == scene.place.part)
            for one in (step.parts(scene) if step.parts else ())
        ],
        clashes={one.field.name: one for one in shown.merged.clashes} if shown.merged else {},
        changed=since(scene, before, fields) if before is not None else (),
        staff=await names_of(door, scene.who),
        banner=await banner_of(request, door, scene.who),
        others=await others_on(door, scene.who, scene.place.contact) if scene.place.contact else (),
    )


def _typed(fields: tuple[Field, ...], given: FormData) -> dict[str, str]:
    """What was typed; of a clash that was shown, what the person chose."""
    values = {}
    for one in fields:
        value = one.starts_as if one.kind == "fixed" else one.read(given)
        if given.get(f"choose.{one.name}") == "theirs":
            value = str(given.get(f"theirs.{one.name}", "")).replace("\r\n", "\n")
        values[one.name] = value
    return values


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
