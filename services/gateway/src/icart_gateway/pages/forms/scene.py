"""Reading all that a form is filled from: the record as it stands, or stood, and who there is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from fastapi import HTTPException

from icart_common.contracts.base import Command
from icart_common.contracts.joint_work import CopyFromSibling
from icart_common.contracts.meetings import DecideAtMeeting, TickOffTask
from icart_common.contracts.screening import Allocate
from icart_common.db.pool import named_sql
from icart_common.policy import PolicyPack
from icart_common.policy.errors import UnknownPolicy
from icart_gateway import recall
from icart_gateway.doorway import Doorway
from icart_gateway.guarding.records import RecordShut, children_of, hidden_from, open_record, show_many
from icart_gateway.guarding.trail import What
from icart_gateway.pages.forms.matters import matter_of, open_records
from icart_gateway.pages.forms.step import Place, Scene, Step, Worker
from icart_gateway.reading.meeting import Meeting, meeting
from icart_gateway.signing_in.local_people import local_people
from icart_gateway.signing_in.posts import Post
from icart_gateway.signing_in.session import SignedIn, pack_of
from icart_gateway.signing_in.staff import StaffNames, names_of
from icart_gateway.standing import Standing

_SQL = named_sql("icart_gateway.pages.forms")
_LATELY: Final = timedelta(days=28)
"""Whoever has not signed in for so long is not offered new work."""
_NAMED: Final[Mapping[type[Command], Callable[[Meeting], Iterable[UUID]]]] = {
    DecideAtMeeting: lambda one: (held.presented.enquiry for held in one.enquiries if held.decided is None),
    TickOffTask: lambda one: (task.enquiry for task in one.open_tasks),
}
"""Forms that name several children: the contacts of a meeting whom each names."""


async def scene_of(
    door: Doorway,
    who: SignedIn,
    place: Place,
    step: Step | None = None,
    *,
    at_version: int | None = None,
    shown: bool = True,
    reading: What = "form",
) -> Scene:
    """The scene, as it stands or stood at a version. Raises 404 for what is not there or another authority's.

    `shown`: false where nothing of the record is shown to anybody, so nobody is said to have read it. `reading`: how the trail
    says that it is read.
    """
    contact = None
    pack = pack_of(door, who)
    if place.contact:
        of_contact = None if place.undertaking else at_version
        contact = await recall.contact(door.models, place.contact, who.authority, at_version=of_contact)
        if contact is None:
            raise HTTPException(404)
        if shown and at_version is None:
            await open_record(door, who, reading, place.contact, contact.child)
        pack = _kept(door, who, contact.pack_version)
    undertaking = None
    if place.undertaking:
        if contact:
            undertaking = contact.undertakings.get(place.undertaking)
        else:
            undertaking = await recall.undertaking(door.models, place.undertaking, who.authority)
        if undertaking is None:
            raise HTTPException(404)
        if at_version is not None:
            undertaking = undertaking.at(at_version)
    matter = None
    if step and step.matter:
        matter = await matter_of(door, who, step.matter, place.matter, place.part)
        if shown:
            await open_records(door, who, matter, reading)
        if shown and step.matter == "vpa" and place.matter:
            await show_many(door, who, "report", {place.matter: None})
        pack = _kept(door, who, matter.told.get("pack_version", pack.version))
    scene = Scene(who, pack, place, door.clock.now(), contact, undertaking, matter)
    if undertaking and step and step.command in _NAMED:
        named = await children_of(door, who, _NAMED[step.command](meeting(undertaking.said)))
        silent = not shown or at_version is not None
        hidden = await (hidden_from(door, who, named) if silent else show_many(door, who, "form", named))
        return replace(scene, hidden=hidden)
    if step and step.command is Allocate:
        return replace(scene, workers=await _workers(door, scene))
    if step and step.command is CopyFromSibling:
        return replace(scene, siblings=await _siblings(door, scene))
    return scene


def _kept(door: Doorway, who: SignedIn, version: str) -> PolicyPack:
    """The version that a record keeps (AU-6); the one in force where that is no longer loaded."""
    try:
        return door.book.pack(who.authority, version)
    except UnknownPolicy:
        return pack_of(door, who)


async def _workers(door: Doorway, scene: Scene) -> tuple[Worker, ...]:
    """Everybody of the strand's role who signed in lately or has contacts, the one with the least work first (SC-4).

    In a try-out also who could be signed in.
    """
    strand = scene.record.strand
    async with door.reading(scene.who) as connection:
        rows = await connection.fetch(_SQL["workers"], scene.who.authority)
    held = {row["worker"]: row["contacts"] for row in rows}
    there: set[str] = set()
    if strand:
        role, since = scene.pack.strand(strand).worker_role, door.wall.now() - _LATELY
        async with door.held.connection() as connection:
            there = {row["person"] for row in await connection.fetch(_SQL["staff"], scene.who.authority, role, since)}
    names = await names_of(door, scene.who)
    if strand and door.settings.local_sign_in:  # somebody who tries it out alone is everybody, one after the other
        post = Post(scene.who.authority, role)
        could = {one.id: one.name for one in local_people(door.book) if post in one.posts}
        names, there = StaffNames(could | names), there | could.keys()
    workers = [Worker(one, names[one], held.get(one, 0)) for one in {*there, *held}]
    return tuple(sorted(workers, key=lambda one: (one.open_contacts, one.name)))


async def _siblings(door: Doorway, scene: Scene) -> tuple[Standing, ...]:
    found = []
    for sibling in scene.record.siblings:
        standing = await recall.contact(door.models, sibling, scene.who.authority)
        if standing is None:
            continue
        with suppress(RecordShut):
            await open_record(door, scene.who, "form", sibling, standing.child)
            found.append(standing)
    return tuple(found)


def identifier(text: str) -> UUID | None:
    """An id that a browser sent; None when it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
