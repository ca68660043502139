"""The register is read whole, marks are held against it, and the matrix says what nothing proves."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools.matrix import Claims, as_json, as_text, matrix
from tools.register import REGISTER, ROOT, RegisterError, read_register, register

SMALL = """
## 1. Authorities (AU)
| id | rule | H | W | Y |
|---|---|---|---|---|
| AU-1 | Working hours | Mon (S1) | Tue (S2) | not stated |
## 2. Ways in (IN)
| id | rule | from |
|---|---|---|
| IN-1 | Every enquiry is recorded | S1 S4 |
| IN-11 | W: returned with advice | S2 |
## 8. Clocks (TM)
| id | clock | due | applies |
|---|---|---|---|
| TM-1 | immediate | same day | H W Y (Y: immediately) |
| TM-6 | strategy discussion | 24 h | all |
| TM-18 | confirmed in writing | 1 working day | H W |
"""


def test_every_row_of_the_document_is_read():
    text = REGISTER.read_text(encoding="utf-8")
    written = re.findall(r"^\| ([A-Z]{2}-\d+) ", text, flags=re.MULTILINE)
    assert list(register()) == written
    assert {row.section[0] for row in register().values()} == set("123456789")
    assert all(row.authorities for row in register().values())


def test_the_authorities_of_a_row_come_from_its_columns_its_sources_or_its_last_word():
    rows = read_register(SMALL)
    assert {row.id: row.authorities for row in rows.values()} == {
        "AU-1": "HWY",
        "IN-1": "HY",
        "IN-11": "W",
        "TM-1": "HWY",
        "TM-6": "HWY",
        "TM-18": "HW",
    }


def test_a_row_that_is_there_twice_and_a_register_without_rows_are_refused():
    with pytest.raises(RegisterError, match="IN-1 is already on line 9"):
        read_register(SMALL + "| IN-1 | again | S1 |\n")
    with pytest.raises(RegisterError, match="no row found"):
        read_register("# nothing\n")


def test_the_matrix_names_what_is_proven_for_whom_and_what_nothing_proves():
    claims: Claims = {
        "IN-1": {("t.py::test_a[halton]", "halton"), ("t.py::test_a[more]", "halton")},
        "TM-6": {("t.py::test_b", None)},
    }
    lines = matrix(read_register(SMALL).values(), claims)
    by_id = {line.row.id: line for line in lines}
    assert by_id["IN-1"].tests == ("t.py::test_a",)
    assert (by_id["IN-1"].proven, by_id["IN-1"].missing) == ("H", "Y")
    assert (by_id["TM-6"].proven, by_id["TM-6"].missing) == ("HWY", "")
    text = as_text(lines)
    assert "2 of 6 rows have a test." in text
    assert "Not yet for every authority that states the rule: IN-1 (Y)" in text
    assert "Nothing proves: AU-1, IN-11, TM-1, TM-18" in text
    first = json.loads(as_json(lines).splitlines()[1])
    assert (first["id"], first["proven"], first["missing"]) == ("IN-1", ["halton"], ["york"])


def _pytest(folder: Path, body: str) -> subprocess.CompletedProcess[str]:
    test = folder / "test_it.py"
    test.write_text(body)
    chosen = ["-c", str(ROOT / "pyproject.toml"), f"--rootdir={folder}", "-p", "no:cacheprovider", "-p", "tools.marks"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *chosen, str(test)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_run_with_wrong_marks_stops_at_collection_and_names_every_one_of_them(tmp_path):
    wrong = {
        'req("IN-999")': "'IN-999' is no row",
        'req("IN-4", authority="nowhere")': "'nowhere' is no authority",
        'req("IN-4", autority="york")': "not autority",
        "req()": "names no row",
    }
    body = "import pytest\n" + "".join(
        f"@pytest.mark.{mark}\ndef test_{number}(): pass\n" for number, mark in enumerate(wrong)
    )
    answer = _pytest(tmp_path, body)
    assert answer.returncode == pytest.ExitCode.USAGE_ERROR
    for number, reason in enumerate(wrong.values()):
        assert re.search(f"test_{number}: .*{reason}", answer.stderr), reason


def test_a_run_with_right_marks_goes_on(tmp_path):
    body = 'import pytest\n@pytest.mark.req("IN-4", "IN-5", authority="york")\ndef test_a(): pass\n'
    answer = _pytest(tmp_path, body)
    assert answer.returncode == 0, answer.stdout + answer.stderr
