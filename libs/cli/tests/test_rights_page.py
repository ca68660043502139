"""docs/rights.md is of these packs."""

from __future__ import annotations

from pathlib import Path

import pytest

from icart_cli import exits
from icart_cli.main import main

PAGE = Path(__file__).resolve().parents[3] / "docs" / "rights.md"


def _run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["icart", "policy", "rights", *words])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


def test_the_committed_table_is_current_and_a_changed_one_is_found(monkeypatch, tmp_path, capsys):
    assert _run(monkeypatch, "--check", str(PAGE)) == exits.OK
    changed = tmp_path / "rights.md"
    changed.write_text(PAGE.read_text().replace("| - |", "| yes |", 1))
    assert _run(monkeypatch, "--check", str(changed)) == exits.NOT_AS_EXPECTED
    assert "make schema" in capsys.readouterr().out
