"""`docs/lives`: a page and a picture of each life, made from the packs and never written by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from icart_cli.lives.drawn import Drawn, of_kind, of_strand
from icart_cli.lives.mermaid import mermaid
from icart_cli.lives.svg import svg
from icart_common.policy import PolicyBook
from icart_common.policy.lives import LIVES

_MADE = "Made by `icart policy draw --write docs/lives` from the packs that come along: not written by hand."


def files(book: PolicyBook) -> dict[str, str]:
    """Every file of the folder by its name, with its text."""
    packs = book.packs()
    lives = [[(pack.authority.name, of_kind(life, pack)) for pack in packs] for life in LIVES]
    lives += [[(pack.authority.name, of_strand(strand, pack))] for pack in packs for strand in pack.strands]
    found = {"README.md": "\n".join(_index([life[0][1] for life in lives])) + "\n"}
    for versions in lives:
        life = versions[0][1]
        found[f"{life.id}.md"] = "\n".join(_page(versions)) + "\n"
        found |= {f"{name}.svg": svg(drawn) for name, drawn in _pictures(versions)}
    return found


def write(folder: Path, book: PolicyBook) -> list[Path]:
    """Write the folder anew. Returns what was written or taken away."""
    wanted, changed = files(book), list[Path]()
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.iterdir()):
        if path.name not in wanted:
            path.unlink()
            changed.append(path)
    for name, text in wanted.items():
        path = folder / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def stale(folder: Path, book: PolicyBook) -> list[str]:
    """The names of files that are missing, too many or not of these packs."""
    held = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} if folder.is_dir() else {}
    wanted = files(book)
    return sorted(name for name in held.keys() | wanted.keys() if held.get(name) != wanted.get(name))


def _pictures(versions: list[tuple[str, Drawn]]) -> Iterator[tuple[str, Drawn]]:
    """One picture for each authority whose life is another; the first one's name is the life's own."""
    for place, (authority, drawn) in enumerate(versions):
        yield (drawn.id if place == 0 else f"{drawn.id}-{authority.lower().replace(' ', '-')}"), drawn


def _index(lives: list[Drawn]) -> Iterator[str]:
    yield from (
        "# Lives",
        "",
        _MADE,
        "",
        "What can happen to a contact, and to what has a life of its own beside it.",
        "",
    )
    for life in lives:
        yield f"- [{life.title}]({life.id}.md)"


def _page(versions: list[tuple[str, Drawn]]) -> Iterator[str]:
    life = versions[0][1]
    yield from (f"# {life.title}", "", _MADE, "")
    for (authority, drawn), (name, _) in zip(versions, _pictures(versions), strict=True):
        yield from (f"## {authority}", "", f"![{drawn.title}]({name}.svg)", "")
        yield from ("| | step | who may | starts | ends |", "| --- | --- | --- | --- | --- |")
        for step in drawn.steps:
            cells = (str(step.number), step.says, step.who, ", ".join(step.starts), ", ".join(step.ends))
            yield "| " + " | ".join(cells) + " |"
        yield ""
    yield from ("## As Mermaid", "", "```mermaid", mermaid(life).rstrip("\n"), "```")
