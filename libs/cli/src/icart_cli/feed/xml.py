"""XML as a stream of small records with their lines: one record is in memory at a time.

No document type is taken, so no entity can be declared, let alone expanded or fetched; depth and size of a record are bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import escape

from icart_cli import exits

_CHUNK: Final = 1 << 16
_DEEPEST: Final = 20
_LARGEST: Final = 1 << 20
"""Characters and elements of one record, counted together."""


@dataclass(slots=True)
class Element:
    """An element of a record. Attributes are passed over; text is without the white space around it."""

    name: str
    line: int
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def all(self, name: str) -> list[Element]:
        """The children of a name."""
        return [child for child in self.children if child.name == name]

    def as_text(self) -> str:
        """The element as XML, on one line."""
        inner = "".join(child.as_text() for child in self.children) or escape(self.text)
        return f"<{self.name}>{inner}</{self.name}>"


class _Builder:
    """Builds each element with one of the wanted paths, and forgets it when it was taken."""

    def __init__(self, wanted: frozenset[tuple[str, ...]], file: str) -> None:
        self.done: list[Element] = []
        self.root: str | None = None
        self._wanted = wanted
        self._file = file
        self._path: list[str] = []
        self._open: list[Element] = []
        self._size = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser.buffer_text = True

    def _refuse_doctype(self, *_: object) -> None:
        raise self._stop("it has a document type declaration, which a census file has not", "Export it without one.")

    def _stop(self, why: str, fix: str) -> exits.Stop:
        return exits.Stop(exits.WRONG_USE, f"{self._file}, line {self.parser.CurrentLineNumber}: {why}.", fix)

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        self.root = self.root or name
        self._path.append(name)
        if len(self._path) > _DEEPEST:
            raise self._stop(f"elements are nested more than {_DEEPEST} deep", "This is no census file.")
        if self._open or tuple(self._path) in self._wanted:
            element = Element(name, self.parser.CurrentLineNumber)
            if self._open:
                self._open[-1].children.append(element)
            else:
                self._size = 0
            self._open.append(element)
            self._grow(1)

    def _text(self, text: str) -> None:
        if self._open:
            self._grow(len(text))
            self._open[-1].text += text

    def _grow(self, by: int) -> None:
        self._size += by
        if self._size > _LARGEST:
            raise self._stop("one record is larger than 1 MiB", "This is no census file.")

    def _end(self, _name: str) -> None:
        self._path.pop()
        if self._open:
            element = self._open.pop()
            element.text = element.text.strip()
            if not self._open:
                self.done.append(element)


def records(path: Path, root: str, *wanted: tuple[str, ...]) -> Iterator[Element]:
    """Each element of `path` with one of the wanted paths from the root, in the order of the file.

    Raises `Stop`, with the line, for what is not well-formed, has another root, a document type, or a record too large.
    """
    builder = _Builder(frozenset(wanted), path.name)
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            try:
                builder.parser.Parse(chunk, not chunk)
            except expat.ExpatError as error:
                why = f"it is not well-formed XML ({expat.ErrorString(error.code)})"
                raise exits.Stop(
                    exits.WRONG_USE, f"{path.name}, line {error.lineno}: {why}.", "Export it again; it may be cut off."
                ) from None
            except (ValueError, LookupError):
                raise exits.Stop(
                    exits.WRONG_USE, f"{path.name} is in an encoding that cannot be read.", "Export it as UTF-8."
                ) from None
            if builder.root not in {None, root}:
                raise exits.Stop(
                    exits.WRONG_USE,
                    f"{path.name} begins with an element that is not <{root}>.",
                    "Is this the right file?",
                )
            yield from builder.done
            builder.done.clear()
            if not chunk:
                return
