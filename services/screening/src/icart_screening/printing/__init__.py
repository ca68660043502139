"""Documents as files: HTML for a screen, its reader aloud or a printer, and PDF for paper. The same document, the same bytes."""

from icart_screening.printing.html import to_html
from icart_screening.printing.pdf import to_pdf

__all__ = ["to_html", "to_pdf"]
