"""`icart submit` and `icart follow`: what a partner agency's system does, by hand."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from icart_cli import exits
from icart_cli.describe import describe, shown
from icart_cli.listening import Heard, listening, said_topics
from icart_cli.output import Output
from icart_cli.places import Places
from icart_cli.referrals import show_form_notice
from icart_cli.sending import checked, filled_in, sending, topic_for
from icart_common.clock import monotonic
from icart_common.contracts.base import Inbound
from icart_common.contracts.documents import AttachmentsAdded
from icart_common.contracts.referral import ReferralSubmitted
from icart_common.deployment import deployment_topics
from icart_common.messaging.publish import Published
from icart_common.policy import load_packs

_LAST = "last-submission"


def read_file(path: Path) -> bytes:
    """The bytes of a file, or of standard input for `-`. Raises `Stop` when there is no such file."""
    if str(path) == "-":
        return sys.stdin.buffer.read()
    try:
        return path.read_bytes()
    except OSError as error:
        raise exits.Stop(exits.WRONG_USE, f"{path} cannot be read ({error.strerror}).") from None


async def submit(
    output: Output, places: Places, path: Path, kind: str, *, wait_seconds: float, attach: Sequence[Path] = ()
) -> Published:
    """Check a partner's message, publish it on that partner's topic, and show what becomes of it for `wait_seconds`.

    Documents are put into the store before the message that names them is sent.
    """
    raw = filled_in(read_file(path), kind)
    if attach:
        from icart_cli.attaching import attached  # the store's library is loaded for those who attach something

        if kind != AttachmentsAdded.TYPE:  # of which the documents are all there is
            checked(kind, raw, str(path))
        raw = await attached(output, places, raw, attach)
    body = checked(kind, raw, str(path))
    if not isinstance(body, Inbound):
        raise exits.Stop(
            exits.WRONG_USE, f"{kind} is not sent by partners.", "For an operator's command use `icart send-command`."
        )
    topics = deployment_topics(load_packs())
    topic = topic_for(body, topics)
    _say_when_nobody_reads(output, places, body)
    async with sending(places.kafka(), places.clock()) as sender:
        receipt = await sender.send(
            topic.name,
            body,
            kind=kind,
            source=f"/agency/{body.agency}",
            subject=str(body.subject_id),
            authority=body.authority,
        )
    output.fact(
        "receipt",
        f"Received: {receipt.topic}[{receipt.partition}]@{receipt.offset}, submission {receipt.subject}.",
        topic=receipt.topic,
        partition=receipt.partition,
        offset=receipt.offset,
        submission=receipt.subject,
        correlation=receipt.correlation,
    )
    _say_when_nobody_reads(output, places, body)
    if places.folder.is_dir():
        (places.folder / _LAST).write_text(f"{receipt.correlation} {receipt.subject}")
    if wait_seconds:
        await follow(output, places, {receipt.correlation}, {receipt.subject}, seconds=wait_seconds)
    return receipt


def _say_when_nobody_reads(output: Output, places: Places, body: Inbound) -> None:
    """The online form's notice, before and after sending (IN-13)."""
    if isinstance(body, ReferralSubmitted) and body.channel == "form":
        show_form_notice(output, body.authority, places.clock().now())


def last_submission(places: Places) -> tuple[set[UUID], set[str]]:
    """What `icart submit` sent last from this folder. Raises `Stop` when it sent nothing."""
    try:
        correlation, subject = (places.folder / _LAST).read_text().split()
    except FileNotFoundError:
        raise exits.Stop(
            exits.WRONG_USE, "Nothing has been submitted from this folder yet.", "Give the submission's id."
        ) from None
    return {UUID(correlation)}, {subject}


class Thread:
    """What belongs together: everything that follows from a message, and whatever happens to what that opened."""

    def __init__(self, correlations: set[UUID], subjects: set[str]) -> None:
        self._correlations = set(correlations)
        self._subjects = set(subjects)

    def takes(self, heard: Heard) -> bool:
        """True when a message belongs here; what it is about belongs here from then on."""
        envelope, body = heard.envelope, heard.body
        about = {
            str(getattr(body, name))
            for name in (
                "submission",
                "contact",
                "first",
                "vpa",
                "notice",
                "subject",
                "about",
                "in_reply_to",
                "request",
            )
            if getattr(body, name, None)
        }
        if envelope.subject:
            about.add(envelope.subject)
        if envelope.correlation not in self._correlations and not about & self._subjects:
            return False
        self._subjects |= about
        return True


async def follow(
    output: Output,
    places: Places,
    correlations: set[UUID],
    subjects: set[str],
    *,
    seconds: float,
    since: datetime | None = None,
) -> int:
    """Print what becomes of a submission until nothing more has been said for `seconds`. Returns how many lines."""
    thread = Thread(correlations, subjects)
    lines = 0
    topics = said_topics(deployment_topics(load_packs()))
    async with listening(places.kafka(), topics, since=since) as listener:
        until = monotonic() + seconds
        while monotonic() < until:
            for heard in await listener.next():
                if thread.takes(heard):
                    lines += 1
                    until = monotonic() + seconds
                    _show(output, heard)
    if not lines:
        output.line(
            "Nothing has been said of it yet. `icart doctor` says whether the services are behind.", style="yellow"
        )
    return lines


def _show(output: Output, heard: Heard) -> None:
    who = heard.topic.removeprefix("events.").replace("outbound.", "to ")
    sentence = describe(heard.body)
    version = getattr(heard.body, "version", None)
    if version is not None:  # what a command about it has to name
        sentence += f"  [{heard.envelope.subject}, version {version}]"
    output.fact(
        "said",
        f"{shown(heard.envelope.time)}  {who:22} {sentence}",
        at=heard.envelope.time,
        topic=heard.topic,
        type=heard.envelope.type,
        subject=heard.envelope.subject,
        version=version,
    )
