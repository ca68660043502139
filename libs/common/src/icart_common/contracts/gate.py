"""The compatibility gate: may this change of a message's schema be released beside what is already running?

For each type the committed schema (old) is held against the code's (new). Producers are closed and consumers open, so

    closed(old) ⊆ open(new)    new consumers accept all that old producers write, and what the topics still hold
    closed(new) ⊆ open(old)    old consumers accept all that new producers write

and, beyond containment, no declared field goes and no default changes, because both would change the meaning of messages
without a word. What is left is in practice to add an optional field; everything else is a new version beside the old.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from icart_common.contracts.schemas import Schema, closed, opened, schema_of, text_of, types
from icart_common.contracts.subset import alternatives, differences, is_provable

_COMMAND = "icart schema write"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a change may not be released: the message, the place in it, what changed and what to do."""

    message: str
    path: str
    what: str
    fix: str

    def __str__(self) -> str:
        return f"{self.message} at {self.path}: {self.what}. To do: {self.fix}"


class Incompatible(Exception):
    """Committed schemas would be overwritten by ones that break what is running."""

    def __init__(self, refusals: list[Refusal]) -> None:
        super().__init__("\n".join(map(str, refusals)))
        self.refusals = refusals


def check(folder: Path) -> list[Refusal]:
    """Every reason why the contracts of the code may not be released beside the schemas committed in `folder`."""
    found: list[Refusal] = []
    committed = _committed(folder, found)
    for kind in sorted(committed.keys() - set(types())):
        fix = "put the type back: every version that was published is kept"
        found.append(Refusal(kind, "$", "it has a committed schema and is no longer in the catalogue", fix))
    for kind in types():
        path = folder / f"{kind}.json"
        if not path.exists():
            found.append(Refusal(kind, "$", "it has no committed schema", f"run `{_COMMAND}` and commit the new file"))
        elif kind in committed:
            found += compare(kind, committed[kind], schema_of(kind)) or _not_current(kind, path)
    return found


def write(folder: Path, replace: Collection[str] = ()) -> list[Path]:
    """Write the schema of every type into `folder`; gives back the files that changed.

    Raises `Incompatible`, and writes nothing, when a committed schema would be replaced by one that the gate refuses.
    `replace` names types whose committed version was never released, so that nothing is running that it could break.
    """
    refused: list[Refusal] = []
    for kind, old in _committed(folder, refused).items():
        if kind in types() and kind not in replace:
            refused += compare(kind, old, schema_of(kind))
    refused = [refusal for refusal in refused if refusal.message not in replace]
    if refused:
        raise Incompatible(refused)
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for kind in types():
        path, text = folder / f"{kind}.json", text_of(schema_of(kind))
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def compare(kind: str, old: Schema, new: Schema) -> list[Refusal]:
    """Why `new` may not follow `old` under the same type; one refusal for each path. Empty when it may."""
    stem, _, version = kind.rpartition(".v")
    beside = f"publish {stem}.v{int(version) + 1 if version.isdigit() else 2} beside {kind}"
    reasons: dict[str, list[str]] = {}
    for difference in differences(closed(old), opened(new)):
        reasons.setdefault(difference.path, []).append(
            f"new consumers would refuse what old producers write ({difference.what})"
        )
    for difference in differences(closed(new), opened(old)):
        reasons.setdefault(difference.path, []).append(
            f"old consumers would refuse what new producers write ({difference.what})"
        )
    for path, what in _meaning(old, old, new, new, "$", frozenset()):
        reasons.setdefault(path, []).append(what)
    fix = f"keep it as it was, add the field as optional with a default, or {beside}"
    return [Refusal(kind, path, "; ".join(dict.fromkeys(whats)), fix) for path, whats in reasons.items()]


def _meaning(
    old: Schema, old_root: Schema, new: Schema, new_root: Schema, path: str, above: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """Fields that have gone and defaults that have changed, wherever both sides have one object or one list."""
    before, after = _single(old, old_root), _single(new, new_root)
    key = json.dumps((before, after), sort_keys=True)
    if before is None or after is None or key in above:
        return
    above |= {key}
    for name, was in before.get("properties", {}).items():
        inside = f"{path}.{name}"
        if name not in after.get("properties", {}):
            yield inside, "the field has gone: new consumers would drop what old producers write in it"
            continue
        now = after["properties"][name]
        if not isinstance(was, dict) or not isinstance(now, dict):
            continue
        if "default" in was and was.get("default") != now.get("default"):
            yield inside, "its default has changed: messages that leave it out would come to mean something else"
        yield from _meaning(was, old_root, now, new_root, inside, above)
    for keyword, step in (("items", "[*]"), ("additionalProperties", ".*")):
        was, now = before.get(keyword), after.get(keyword)
        if isinstance(was, dict) and isinstance(now, dict):
            yield from _meaning(was, old_root, now, new_root, path + step, above)


def _single(schema: Schema, root: Schema) -> Schema | None:
    """The one alternative of a schema that is an object or a list, if there is exactly one."""
    if not is_provable(schema, root):
        return None  # `differences` has refused it already
    found = [part for part in alternatives(schema, root) if part.get("type") in ("object", "array")]
    return found[0] if len(found) == 1 else None


def _not_current(kind: str, path: Path) -> list[Refusal]:
    if path.read_text(encoding="utf-8") == text_of(schema_of(kind)):
        return []
    return [Refusal(kind, "$", f"{path.name} is not what the code says now", f"run `{_COMMAND}` and commit the file")]


def _committed(folder: Path, refused: list[Refusal]) -> dict[str, Schema]:
    """The committed schemas by type. A file that is not a JSON object is added to `refused`."""
    found: dict[str, Schema] = {}
    for path in sorted(folder.glob("*.json")):
        try:
            schema = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            schema = None
        if isinstance(schema, dict):
            found[path.stem] = schema
        else:
            fix = "restore it from the repository's history"
            refused.append(Refusal(path.stem, "$", f"{path.name} is not a JSON object in UTF-8", fix))
    return found
