"""Documents as files: HTML for a screen, its reader aloud or a printer, and PDF for paper. The same document, the same bytes."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, Literal

from icart_screening.domain.document.page import Document
from icart_screening.printing.html import to_html
from icart_screening.printing.pdf import to_pdf

__all__ = ["PRINTS", "Format", "to_html", "to_pdf"]

Format = Literal["html", "pdf"]
PRINTS: Final[Mapping[Format, Callable[[Document], bytes]]] = MappingProxyType({"html": to_html, "pdf": to_pdf})
