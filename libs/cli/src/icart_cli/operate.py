"""`icart send-command`: what an operator's page does, by hand. The refusal or the event that answers is shown."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

from icart_cli import exits
from icart_cli.listening import listening, said_topics
from icart_cli.output import Output
from icart_cli.partner import Thread, _show, read_file
from icart_cli.places import Places
from icart_cli.sending import checked, sending, topic_for
from icart_common.clock import monotonic
from icart_common.contracts.base import Command, CommandRefused
from icart_common.deployment import deployment_topics
from icart_common.policy import load_packs


async def send_command(output: Output, places: Places, path: Path, kind: str, *, wait_seconds: float) -> int:
    """Publish a command and show its answer. Returns the exit code: refused commands are `REFUSED`."""
    raw = json.dumps(yaml.safe_load(read_file(path)), default=str).encode()
    body = checked(kind, raw, str(path))
    if not isinstance(body, Command):
        raise exits.Stop(
            exits.WRONG_USE, f"{kind} is not an operator's command.", "`icart schema list` marks the commands."
        )
    topics = deployment_topics(load_packs())
    topic = topic_for(body, topics)
    events = [name for name in said_topics(topics) if name.startswith("events.")]
    async with listening(places.kafka(), events, since=places.clock().now()) as listener:
        async with sending(places.kafka(), places.clock()) as sender:
            receipt = await sender.send(
                topic.name, body, kind=kind, source=f"/operator/{body.actor.role}", subject=str(body.subject_id)
            )
        output.fact("receipt", f"Sent: command {receipt.message_id}.", command=receipt.message_id, topic=receipt.topic)
        thread = Thread({receipt.correlation}, set())
        answered, code = False, exits.OK
        until = monotonic() + wait_seconds
        while monotonic() < until:
            for heard in await listener.next():
                if heard.envelope.correlation == receipt.correlation and thread.takes(heard):
                    _show(output, heard)
                    answered, until = True, min(until, monotonic() + 1.0)
                    if isinstance(heard.body, CommandRefused):
                        code = exits.REFUSED
    if not answered:
        raise exits.Stop(
            exits.TOO_LATE,
            f"No answer within {wait_seconds:.0f} s.",
            "The command is kept and will be answered; `icart doctor` helps.",
        )
    return code
