"""What became of what somebody just did: shown once at the top of the page that they come to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fastapi import Request

from icart_gateway.doorway import Doorway
from icart_gateway.pages.forms import drafts, sending
from icart_gateway.pages.forms.place import of_key, written_at
from icart_gateway.pages.forms.scene import identifier
from icart_gateway.signing_in.session import SignedIn, pack_of


@dataclass(frozen=True, slots=True)
class Banner:
    """Done, on its way, or refused with why and what would be allowed instead."""

    message: UUID
    state: str
    title: str
    words: str
    allowed: tuple[str, ...] = ()
    form: str = ""
    """Where the form is, with what was typed."""


async def banner_of(request: Request, door: Doorway, who: SignedIn) -> Banner | None:
    """The banner that the address asks for by the id of a message; None when this person sent no such message."""
    message = identifier(request.query_params.get("after", ""))
    return await banner(door, who, message) if message else None


async def banner(door: Doorway, who: SignedIn, message: UUID) -> Banner | None:
    """What became of a message that this person sent. Once it was carried out, what was typed is kept no longer."""
    sent = await sending.own(door, who, message)
    found = of_key(sent.form) if sent else None
    if sent is None or found is None:
        return None
    step, place = found
    answer = await sending.answer_of(door, message)
    if answer.state == "waiting":
        words = "It has been sent and will be carried out. You need not send it again: this page says when it is done."
        return Banner(message, "waiting", f"{step.title}: on its way", words)
    if not sent.settled:
        await sending.settle(door, message)
        if answer.state == "done":
            await drafts.forget(door, who, sent.form, message)
    if answer.state == "done":
        return Banner(message, "done", "Done", step.done)
    why = f"It was not done: {answer.why}."
    allowed = tuple(step.line(pack_of(door, who), one) for one in answer.allowed)
    return Banner(message, "refused", step.title, why, allowed, written_at(step, place))
