"""What people and partners' systems do in a story: send, send again, command, write the record, lose power."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import assert_never
from uuid import UUID

from icart_cli import exits
from icart_cli.listening import Heard
from icart_cli.platform import Platform, documents_url
from icart_cli.sending import Sender, checked, topic_for
from icart_cli.story.attached import LookedAt, names_of, put
from icart_cli.story.memory import Memory, Sent
from icart_cli.story.model import Action, Again, Command, Fill, Kill, Raw, Story, Submit
from icart_cli.story.script import OWN_ID, command_body, with_own_id
from icart_cli.story.stage import Stage
from icart_common.contracts.base import Command as OperatorsCommand
from icart_common.contracts.base import CommandRefused, Inbound
from icart_common.contracts.cases import PersonHeld
from icart_common.contracts.catalogue import MESSAGES, Topic
from icart_common.contracts.decisions import MarkAway, MarkBack, chain_id
from icart_common.contracts.handover import handover_id
from icart_common.contracts.ids import new_id
from icart_common.contracts.meetings import meeting_id
from icart_common.contracts.screening import ContactStepped, RecordSection
from icart_common.contracts.undertakings import BeginForAuthority, ForAuthority, ForContact
from icart_common.documents import Store
from icart_common.messaging.publish import Published
from icart_common.policy.pack import PolicyPack


class Acting:
    """The actions of one story."""

    def __init__(self, story: Story, memory: Memory, platform: Platform, sender: Sender, topics: list[Topic]) -> None:
        self._story = story
        self._memory = memory
        self._platform = platform
        self._sender = sender
        self._topics = topics
        self._unheard = False
        """Whether something was sent that nobody has answered yet: people decide on what they have seen."""

    async def hold_cases(self) -> None:
        """Publish whom the case system holds when the story starts."""
        for person in self._story.cases:
            body = {"authority": self._story.authority, "as_of": self._story.starts.isoformat(), **person}
            await self._publish(PersonHeld.TYPE, json.dumps(body).encode(), None)

    async def act(self, action: Action, stage: Stage) -> None:
        """Carry out one action. A command is over when it has been answered, anything else when the broker has it."""
        if isinstance(action, Command | Fill) and self._unheard:
            await stage.settle()
        self._unheard = isinstance(action, Submit | Again | Raw)
        match action:
            case Submit():
                await self._submit(action, stage)
            case Again():
                await self._again(action)
            case Raw():
                receipt = await self._sender.send(
                    action.on, action.raw.encode(), kind=action.submit, source="/agency/unknown", subject=action.name
                )
                sender = action.on.rpartition(".")[2]
                sent = Sent(action.submit, action.raw.encode(), sender, action.on, receipt.message_id, action.name)
                self._memory.sent.setdefault(action.name, sent)
                self._memory.caused(action.name, receipt)
            case Command():
                await self._command(action, stage)
            case Fill():
                await self._fill(action, stage)
            case Kill():
                if self._platform.services.kill(action.kill) is None:
                    raise exits.Stop(exits.NOT_AS_EXPECTED, f"{action.kill} does not run, so it cannot be killed.")
            case _:
                assert_never(action)

    async def _submit(self, action: Submit, stage: Stage) -> None:
        own, names = new_id(), names_of(action.attach)
        filled = self._memory.with_ids(with_own_id(self._story, action, str(own), names))
        if action.submit in OWN_ID:
            self._memory.call(action.name, own)
        if names:
            await put(Store(documents_url(self._platform.folder)), filled["agency"], action.attach, names)
        await self._publish(action.submit, json.dumps(filled).encode(), action.name, on=action.on)
        if names:
            await stage.until(LookedAt(names), f"the documents of {action.name}")

    async def _publish(self, kind: str, raw: bytes, name: str | None, *, on: str | None = None) -> Published:
        body = checked(kind, raw, name or kind)
        assert isinstance(body, Inbound)
        topic = on or topic_for(body, self._topics).name
        message_id, subject = new_id(), str(body.subject_id)
        receipt = await self._sender.send(
            topic,
            raw,
            kind=kind,
            source=f"/agency/{body.agency}",
            subject=subject,
            authority=body.authority,
            message_id=message_id,
        )
        if name:
            self._memory.sent.setdefault(name, Sent(kind, raw, body.agency, topic, message_id, subject))
            self._memory.caused(name, receipt)
        return receipt

    async def _again(self, action: Again) -> None:
        before = self._memory.sent[action.again]
        raw, subject, message_id = before.body, before.subject, before.message_id
        if action.new_id:
            own, message_id = new_id(), new_id()
            raw = json.dumps({**json.loads(raw), OWN_ID[before.kind]: str(own)}).encode()
            subject = str(own)
            name = action.name or f"{action.again}-again"
            self._memory.call(name, own)
            self._memory.sent[name] = replace(before, body=raw, message_id=message_id, subject=subject)
        receipt = await self._sender.send(
            before.topic,
            raw,
            kind=before.kind,
            source=f"/agency/{before.agency}",
            subject=subject,
            authority=self._story.authority,
            message_id=message_id,
        )
        self._memory.caused(action.name or action.again, receipt)

    async def _command(self, action: Command, stage: Stage) -> None:
        receipt = await self._send(action, stage)
        await stage.until(lambda heard: _answers(heard, receipt), f"{action.command} about {action.about}")

    async def _fill(self, action: Fill, stage: Stage) -> None:
        """Send the sections one after the other, each on the version that the one before it makes; wait for the last."""
        for ahead, command in enumerate(self._filling(action)):
            receipt = await self._send(command, stage, ahead=ahead)
        await stage.until(lambda heard: _answers(heard, receipt), f"the record of {action.fill}")

    async def _send(self, action: Command, stage: Stage, *, ahead: int = 0) -> Published:
        if action.about not in self._memory.ids:
            await stage.settle()
        kind = MESSAGES[action.command]
        assert issubclass(kind, OperatorsCommand)
        subject = self._of_authority(action, kind) or self._memory.id_of(action.about)
        actor = self._story.cast[action.by].actor()
        version = action.seen_version or self._memory.version_of(subject) + ahead
        fields = self._memory.with_ids(action.fields)
        owner = self._memory.owner_of(subject)
        if owner and issubclass(kind, ForContact):
            fields = {"contact": str(owner), **fields}
        if issubclass(kind, BeginForAuthority | ForAuthority):
            fields = {"authority": self._story.authority, **fields}
        raw = json.dumps(command_body(kind, str(subject), actor.model_dump(), version, fields)).encode()
        body = checked(kind.TYPE, raw, f"{action.command} about {action.about}")
        receipt = await self._sender.send(
            topic_for(body, self._topics).name,
            body,
            kind=kind.TYPE,
            source=f"/operator/{actor.role}",
            subject=str(subject),
        )
        self._memory.caused(action.about, receipt)
        return receipt

    def _of_authority(self, action: Command, kind: type[OperatorsCommand]) -> UUID | None:
        """The id of what there is one of in an authority, or one a day: it is known before anything was said of it."""
        if not issubclass(kind, BeginForAuthority):
            return None
        authority, fields = self._story.authority, action.fields
        identifier = None
        if issubclass(kind, MarkAway | MarkBack):
            identifier = chain_id(authority)
        elif "on" in fields:
            identifier = meeting_id(authority, _day(fields["on"]))
        elif "night" in fields:
            identifier = handover_id(authority, _day(fields["night"]))
        if identifier and action.about not in self._memory.ids:
            self._memory.call(action.about, identifier)
        return identifier

    def _filling(self, action: Fill) -> Iterator[Command]:
        """One command for each section; the statements go with the last section that the worker writes."""
        pack = self._pack(action.fill)
        words = {name: text for name, text in self._story.records[action.record].items() if name not in action.blank}
        sections = [(section, self._writer(pack, section, action.by)) for section in self._sections(action.fill, pack)]
        for number, (section, by) in enumerate(sections, 1):
            last = number == len(sections)
            text = f"{pack.section(section).name}: written up with what was found."
            fields = {"section": section, "text": text, **({"statements": words} if last else {})}
            yield Command(command=RecordSection.TYPE, about=action.fill, by=by, fields=fields)

    def _sections(self, name: str, pack: PolicyPack) -> tuple[str, ...]:
        strand = self._strand_of(name)
        if strand is None:
            raise exits.Stop(exits.NOT_AS_EXPECTED, f"{name} has not been triaged, so it has no sections to fill.")
        return pack.strand(strand).sections

    def _strand_of(self, name: str) -> str | None:
        identifier = self._memory.id_of(name)
        strands = [
            one.body.strand
            for one in self._memory.heard
            if getattr(one.body, "contact", None) == identifier and hasattr(one.body, "strand")
        ]
        return strands[-1] if strands else None

    def _writer(self, pack: PolicyPack, section: str, by: tuple[str, ...]) -> str:
        for one in by:
            if pack.role(self._story.cast[one].role).may_fill(section):
                return one
        raise exits.Stop(exits.WRONG_USE, f"None of {', '.join(by)} fills the section {section}.", "Name who does.")

    def _pack(self, name: str) -> PolicyPack:
        opened = self._memory.contacts.get(name)
        while isinstance(opened, ContactStepped):
            opened = self._memory.contacts.get(self._memory.name_of(opened.first) or "")
        if opened is None:
            raise exits.Stop(exits.NOT_AS_EXPECTED, f"There is no contact {name}: it was never opened.")
        return self._platform.book.pack(opened.authority, opened.pack_version)


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _answers(heard: Heard, receipt: Published) -> bool:
    """Whether a message is the answer to a command: its refusal, or what its service says happened."""
    if isinstance(heard.body, CommandRefused):
        return heard.body.command == receipt.message_id
    service = receipt.topic.removeprefix("commands.")
    if heard.envelope.correlation != receipt.correlation or heard.topic != f"events.{service}":
        return False
    # What a contact tells others of (a meeting, the managers' chain) is keyed otherwise, and may be heard before its own word.
    about = [getattr(heard.body, name, None) for name in ("contact", "undertaking")]
    return service != "screening" or receipt.subject in map(str, about)
