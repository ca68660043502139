"""Reading story files: what is wrong is refused before anything starts, with its file, its line and the reason."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from icart_cli.story.attached import names_of
from icart_cli.story.model import Again, Command, Fill, Raw, Story, Submit
from icart_common.contracts.base import Command as OperatorsCommand
from icart_common.contracts.base import Inbound
from icart_common.contracts.cases import PersonHeld
from icart_common.contracts.catalogue import MESSAGES
from icart_common.contracts.envelope import Unreadable, read_body
from icart_common.contracts.undertakings import BeginForAuthority, ForAuthority, ForContact
from icart_common.policy.errors import Problem
from icart_common.policy.marks import Marked, read_marked, shown
from icart_common.policy.marks import Path as Place
from icart_screening.domain.undertakings.kinds import BY_NAME

OWN_ID = {
    "icart.referral.submitted.v1": "submission",
    "icart.edt.contact-recorded.v1": "submission",
    "icart.vpa.submitted.v1": "vpa",
    "icart.notice.probation-check-requested.v1": "notice",
}
"""The field in which a partner's message carries its own id; a story leaves it to the player."""
_ANY_ID = str(UUID(int=7))


class StoryRefused(ValueError):
    """Story files that cannot be played: every problem with its file, line and reason."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Script:
    """A story with the place of each of its steps, for messages."""

    story: Story
    file: str
    lines: tuple[int, ...]

    @property
    def name(self) -> str:
        return Path(self.file).stem


def read_stories(paths: Sequence[Path]) -> list[Script]:
    """The stories of files and folders, in the order of their time. Raises `StoryRefused` with every problem found."""
    files = [found for path in paths for found in (sorted(path.glob("*.yaml")) if path.is_dir() else [path])]
    if not files:
        where = ", ".join(map(str, paths)) or "nowhere"
        raise StoryRefused([Problem(where, 0, "", "there is no story", "Name a .yaml file, or a folder with some.")])
    scripts: list[Script] = []
    problems: list[Problem] = []
    for file in files:
        script, found = read_story(file)
        problems += found
        if script:
            scripts.append(script)
    scripts.sort(key=lambda script: script.story.starts)
    for one, other in pairwise(scripts):
        if one.story.steps[-1].at > other.story.starts:
            reason = f"the story starts before {one.file} has ended, and there is one clock"
            problems.append(Problem(other.file, 1, "starts", reason, "Let it start later."))
    if problems:
        raise StoryRefused(problems)
    return scripts


def read_story(path: Path) -> tuple[Script | None, list[Problem]]:
    """One story, and what is wrong with it."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        return None, [Problem(str(path), 0, "", f"the file cannot be read: {error.strerror}", "Check the path.")]
    except UnicodeDecodeError:
        return None, [Problem(str(path), 0, "", "the file is not UTF-8 text", "Save it as UTF-8.")]
    return parse_story(text, str(path))


def parse_story(text: str, file: str) -> tuple[Script | None, list[Problem]]:
    """As `read_story`, from the text of a file."""
    marked = read_marked(text, file)
    if marked.problems:
        return None, marked.problems
    try:
        story = Story.model_validate(marked.value)
    except ValidationError as error:
        return None, [_problem(marked, tuple(one["loc"]), _reason(dict(one))) for one in error.errors()]
    problems = [_problem(marked, place, reason) for place, reason in _inconsistencies(story)]
    lines = tuple(marked.line(("steps", number)) for number in range(len(story.steps)))
    return Script(story, file, lines), problems


def _reason(error: dict[str, Any]) -> str:
    if error["type"] == "extra_forbidden":
        return f"unknown key {error['loc'][-1]!r}"
    if error["type"] == "missing":
        return f"{error['loc'][-1]!r} is missing"
    return str(error["msg"]).removeprefix("Value error, ")


def _problem(marked: Marked, loc: Place, reason: str) -> Problem:
    place = marked.settle(loc)
    return Problem(marked.file, marked.line(place), shown(place), reason, "Correct it; nothing was started.")


def _inconsistencies(story: Story) -> Iterator[tuple[Place, str]]:
    """What a schema cannot say: names that nobody gave, people who are not in the cast, bodies that nobody could read."""
    for number, person in enumerate(story.cases):
        body = {"authority": story.authority, "as_of": story.starts.isoformat(), **person}
        yield from _body(("cases", number), PersonHeld.TYPE, body)
    named: set[str] = set()
    for place, action in story.actions():
        if isinstance(action, Submit):
            if not issubclass(MESSAGES[action.submit], Inbound):
                yield (*place, "submit"), f"{action.submit} is not sent by partners"
            body = _without_names(with_own_id(story, action, _ANY_ID, names_of(action.attach)))
            yield from _body((*place, "body"), action.submit, body)
        elif isinstance(action, Command):
            yield from _command(place, action, story)
        elif isinstance(action, Fill):
            if action.record not in story.records:
                yield (*place, "record"), f"the story has no record {action.record!r}"
            for one in action.by:
                if one not in story.cast:
                    yield (*place, "by"), f"{one!r} is not in the cast"
        before = action.about if isinstance(action, Command) else action.fill if isinstance(action, Fill) else None
        before = action.again if isinstance(action, Again) else before
        if before and before.split("/")[0] not in named and not _is_undertaking(before):
            yield place, f"nothing was called {before.split('/')[0]!r} before this"
        if isinstance(action, Submit | Raw | Again) and action.name:
            if action.name in named:
                yield (*place, "name"), f"{action.name!r} is the name of something else"
            named.add(action.name)
    for name in story.still_open:
        if name.split("/")[0] not in named:
            yield ("still_open",), f"nothing is called {name!r}"


def _command(place: Place, action: Command, story: Story) -> Iterator[tuple[Place, str]]:
    kind = MESSAGES[action.command]
    if not issubclass(kind, OperatorsCommand):
        yield (*place, "command"), f"{action.command} is not a person's command"
        return
    if action.by not in story.cast:
        yield (*place, "by"), f"{action.by!r} is not in the cast"
        return
    fields = _without_names(action.fields)
    if issubclass(kind, ForContact):
        fields = {"contact": _ANY_ID, **fields}
    if issubclass(kind, BeginForAuthority | ForAuthority):
        fields = {"authority": story.authority, **fields}
    fields = command_body(kind, _ANY_ID, story.cast[action.by].actor().model_dump(), 1, fields)
    yield from _body((*place, "fields"), action.command, fields)


def _is_undertaking(name: str) -> bool:
    """Whether it may be what `Memory` calls an undertaking that belongs to no contact: `daily-meeting`, `daily-meeting-2`."""
    return "/" not in name and name.rstrip("0123456789").removesuffix("-") in BY_NAME


def _without_names(value: Any) -> Any:
    """As `Memory.with_ids` will leave it, with an id for every name."""
    if isinstance(value, str):
        return _ANY_ID if value.startswith("@") else value
    if isinstance(value, dict):
        return {key: _without_names(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_without_names(one) for one in value]
    return value


def with_own_id(story: Story, action: Submit, own: str, attachments: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """The body as it is sent: with the story's authority and its own id, where the story leaves them out, and its documents."""
    field = OWN_ID.get(action.submit)
    filled = {
        "authority": story.authority,
        **action.body,
        **({"attachments": list(attachments)} if attachments else {}),
    }
    return {field: own, **filled} if field else filled


def command_body(
    kind: type[OperatorsCommand], subject: str, actor: dict[str, Any], version: int, fields: dict[str, Any]
) -> dict[str, Any]:
    """A command's body: the id of what it is about goes where the type has it."""
    about = next(
        name
        for name in ("undertaking", "contact", "vpa", "notice", "delivery", "offer", "merge", "mention")
        if name in kind.model_fields
    )
    seen = {"seen_version": version} if "seen_version" in kind.model_fields else {}
    return {about: subject, "actor": actor, **seen, **fields}


def _body(place: Place, kind: str, body: dict[str, Any]) -> Iterator[tuple[Place, str]]:
    unknown = sorted(set(body) - set(MESSAGES[kind].model_fields))
    for name in unknown:
        yield (*place, name), f"{kind} has no field {name!r}"
    try:
        read_body(kind, json.dumps(body).encode())
    except Unreadable as wrong:
        for problem in wrong.problems:
            yield (*place, *_steps(problem.path)), f"{problem.path}: found {problem.found}, expected {problem.expected}"


def _steps(json_path: str) -> Place:
    """`$.people[0].born` as the place in the file."""
    parts = json_path.removeprefix("$").replace("[", ".").replace("]", "").split(".")
    return tuple(int(part) if part.isdigit() else part for part in parts if part)
