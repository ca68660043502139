"""YAML read into plain values, with the line of every key and item kept for messages (AU-7)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import yaml

from icart_common.policy.errors import Problem

Key = str | int
Path = tuple[Key, ...]


class _Loader(yaml.CSafeLoader):
    """YAML 1.2's plain scalars: `on`, `no`, `17:30` and `2026-01-05` stay text, as a service manager would expect."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("null", r"^(?:null|~|)$", ["n", "~", ""]),
    ("int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("float", r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$", "-0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))
_DEEPEST: Final = 40


@dataclass
class Marked:
    """The values of a file and where each stands. Lines count from 1."""

    file: str
    value: object = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """The line of the place, or of the nearest place around it that the file holds."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 0

    def settle(self, loc: Path) -> Path:
        """A location as pydantic gives it without the parts that are not in the file, such as a union's tag."""
        path: Path = ()
        for part in loc:
            if (*path, part) in self.lines:
                path = (*path, part)
        return path


def shown(path: Path) -> str:
    """`clocks[3].starts_on`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def read_marked(text: str, file: str) -> Marked:
    """Read YAML. What is wrong with it as YAML is in `problems`: nothing is raised."""
    marked = Marked(file)
    loader = _Loader(text)
    try:
        if (unsafe := _unsafe(text)) is not None:
            line, reason = unsafe
            marked.problems.append(Problem(file, line, "", reason, "Write the values out plainly."))
            return marked
        root = loader.get_single_node()
        if root is None:
            marked.problems.append(Problem(file, 1, "", "the file is empty", "Write the pack into it."))
            return marked
        marked.value = _build(loader, root, (), marked)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        reason = f"not readable as YAML: {error.problem or error.context}"
        marked.problems.append(Problem(file, line, "", reason, "Mend the line, its indent or its quotes."))
    except yaml.YAMLError as error:
        fix = "Save the file as plain UTF-8 text."
        marked.problems.append(Problem(file, 0, "", f"not readable as YAML: {error}", fix))
    finally:
        loader.dispose()
    return marked


def _unsafe(text: str) -> tuple[int, str] | None:
    """Line and reason of the first thing that must not be composed.

    Composing is recursive, in C: a file nested too deeply would end the program instead of being refused.
    """
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            return line, "an alias: a pack says everything where it stands"
        if depth > _DEEPEST:
            return line, "nested too deeply"
    return None


def _build(loader: _Loader, node: yaml.Node, path: Path, marked: Marked) -> object:
    marked.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return dict(_pairs(loader, node, path, marked))
    if isinstance(node, yaml.SequenceNode):
        return [_build(loader, item, (*path, index), marked) for index, item in enumerate(node.value)]
    return loader.construct_object(node)


def _pairs(loader: _Loader, node: yaml.MappingNode, path: Path, marked: Marked) -> Iterator[tuple[str, object]]:
    seen: set[str] = set()
    for key_node, value_node in node.value:
        key = str(key_node.value)
        line = key_node.start_mark.line + 1
        if key in seen:
            fix = "Keep one of them."
            marked.problems.append(Problem(marked.file, line, shown((*path, key)), f"the key {key!r} comes twice", fix))
            continue
        seen.add(key)
        marked.lines[(*path, key)] = line
        yield key, _build(loader, value_node, (*path, key), marked)
