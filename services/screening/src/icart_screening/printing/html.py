"""A document as one HTML file without scripts or anything from elsewhere."""

from __future__ import annotations

from importlib import resources
from typing import Final

from jinja2 import Environment, StrictUndefined

from icart_screening.domain.document.page import Document, Facts, Grid, Written

_ENVIRONMENT: Final = Environment(
    autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
)
_TEMPLATE: Final = _ENVIRONMENT.from_string((resources.files(__package__) / "document.html").read_text("utf-8"))
_KINDS: Final = {Facts: "facts", Grid: "grid", Written: "written"}


def to_html(document: Document) -> bytes:
    """The file, in UTF-8."""
    blocks = [(_KINDS[type(block)], block) for block in document.blocks]
    return _TEMPLATE.render(document=document, blocks=blocks).encode()
