"""What the words of several commands share: their options, and where their words go."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from icart_cli.output import Output

Folder = Annotated[Path, typer.Option("--folder", help="Where a try-out keeps its data, logs and mail.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line instead of words.")]
Person = Annotated[str, typer.Option("--person", help="Your staff id: it is recorded.")]
Reason = Annotated[str, typer.Option("--reason", help="Why: it is recorded.")]


def output_of(as_json: bool) -> Output:
    """Words for a person at a terminal; JSON when it is asked for, and wherever something else reads along."""
    return Output(as_json=as_json or not sys.stdout.isatty())
