"""The runbook: a page for each alarm, written as plain text with headings and lists, shown as it is written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

_FOLDER = "runbook"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, or the items of a list."""

    kind: Literal["title", "heading", "paragraph", "list", "steps"]
    lines: tuple[str, ...]


@lru_cache
def runbook() -> dict[str, tuple[Block, ...]]:
    """Every page by its name (`dead-letters`), in alphabetical order."""
    folder = resources.files("icart_gateway.ops") / _FOLDER
    pages = sorted((one for one in folder.iterdir() if one.name.endswith(".md")), key=lambda one: one.name)
    return {one.name.removesuffix(".md"): blocks(one.read_text(encoding="utf-8")) for one in pages}


def blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a page: what stands between empty lines, told apart by how its first line begins."""
    return tuple(_block(part.strip().splitlines()) for part in text.split("\n\n") if part.strip())


def _block(lines: list[str]) -> Block:
    first = lines[0]
    if first.startswith("# "):
        return Block("title", (first[2:],))
    if first.startswith("## "):
        return Block("heading", (first[3:],))
    if first.startswith("- "):
        return Block("list", _items(lines, "- "))
    if first.startswith("1. "):
        return Block(
            "steps", _items([line if line[:1].isspace() else f"- {line.partition('. ')[2]}" for line in lines], "- ")
        )
    return Block("paragraph", (" ".join(lines),))


def _items(lines: list[str], mark: str) -> tuple[str, ...]:
    found: list[str] = []
    for line in lines:
        if line.startswith(mark):
            found.append(line.removeprefix(mark))
        else:
            found[-1] += f" {line.strip()}"
    return tuple(found)
