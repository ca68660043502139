"""make help lists every target a person may call, one line each."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROMISED = {"help", "demo", "up", "test", "check", "bench", "faults", "matrix", "lock", "schema"}


def test_help_names_every_target_once_with_its_line():
    answer = subprocess.run(
        ["make", "-C", str(ROOT), "--no-print-directory", "help"], capture_output=True, text=True, check=True
    )
    listed = [line.split()[0] for line in answer.stdout.splitlines()]
    assert len(listed) == len(set(listed))
    assert set(listed) >= PROMISED
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert {target for target in targets if not target.startswith("check-")} == set(listed)
    assert all(len(line.split(maxsplit=1)[1]) > 10 for line in answer.stdout.splitlines())
