"""The check behind `icart policy check FILE`: what would refuse the pack at start (AU-7)."""

from __future__ import annotations

from pathlib import Path

from icart_common.policy.errors import Problem
from icart_common.policy.loader import read_pack


def check_file(path: Path) -> list[Problem]:
    """Every problem of a pack's file, by line; empty when services would start with it."""
    _, problems = read_pack(path)
    return sorted(problems)
