"""The part of requirements.lock that one service needs, for its image (deploy/Dockerfile).

`service_lock.py intake` prints the pinned, hashed requirements that the service and the workspace members
it depends on lead to; `--members intake` prints the folders of those members. No network and no resolver:
the lock says in its "# via" lines who asked for each package. Only the standard library is used.
"""

import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==")
_NAME = re.compile(r"^[A-Za-z0-9._-]+")


class UnknownServiceError(Exception):
    """No workspace member has this folder name."""


@dataclass(frozen=True)
class Member:
    """A workspace member: its folder relative to the root, its package name, the names that it depends on."""

    folder: str
    name: str
    depends_on: frozenset[str]


def read_members(root: Path) -> dict[str, Member]:
    """The workspace's members by package name."""
    members = {}
    for found in sorted([*root.glob("libs/*/pyproject.toml"), *root.glob("services/*/pyproject.toml")]):
        project = tomllib.loads(found.read_text(encoding="utf-8"))["project"]
        # Optional extras are left out: the local stack is one, and has no place in an image.
        needs = frozenset(match[0] for text in project.get("dependencies", []) if (match := _NAME.match(text)))
        members[project["name"]] = Member(found.parent.relative_to(root).as_posix(), project["name"], needs)
    return members


def members_of(service: str, members: dict[str, Member]) -> list[Member]:
    """The member whose folder is `service`, and those that it depends on, the deepest first.

    Raises UnknownServiceError when there is no such folder.
    """
    start = next((member for member in members.values() if Path(member.folder).name == service), None)
    if start is None:
        known = ", ".join(sorted(Path(member.folder).name for member in members.values()))
        raise UnknownServiceError(f"no member of the workspace is called {service!r}; there are {known}")
    ordered: list[Member] = []

    def visit(member: Member) -> None:
        for name in sorted(member.depends_on & members.keys()):
            visit(members[name])
        if member not in ordered:
            ordered.append(member)

    visit(start)
    return ordered


def blocks_of(lock: str) -> dict[str, tuple[str, frozenset[str]]]:
    """The lock's requirements by name: the text with its hashes, and who asked for it."""
    blocks: dict[str, tuple[str, frozenset[str]]] = {}
    name, text, via = "", "", set[str]()
    for line in [*lock.splitlines(), "end==0"]:
        if pin := _PIN.match(line):
            if name:
                blocks[name] = (text, frozenset(via))
            name, text, via = pin["name"], "", set()
        if line.lstrip().startswith("#"):
            via.update(re.findall(r"[A-Za-z0-9._-]+", line.replace("# via", "").replace("#", "")))
        else:
            text += line + "\n"
    return blocks


def lock_of(chosen: list[Member], lock: str) -> str:
    """The requirements that the chosen members lead to, in the order of the lock."""
    blocks = blocks_of(lock)
    wanted = {member.name for member in chosen}
    while more := {name for name, (_, via) in blocks.items() if via & wanted} - wanted:
        wanted |= more
    return "".join(text for name, (text, _) in blocks.items() if name in wanted)


def main(arguments: list[str]) -> int:
    """Print what was asked for; 2 when the service is unknown or none is named."""
    root = Path.cwd()
    only_members = arguments[:1] == ["--members"]
    named = arguments[1:] if only_members else arguments
    if len(named) != 1:
        print("usage: service_lock.py [--members] SERVICE", file=sys.stderr)
        return 2
    try:
        chosen = members_of(named[0], read_members(root))
    except UnknownServiceError as unknown:
        print(unknown, file=sys.stderr)
        return 2
    if only_members:
        print("\n".join(member.folder for member in chosen))
    else:
        print(lock_of(chosen, (root / "requirements.lock").read_text(encoding="utf-8")), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
