"""The command line as a script sees it: exit codes, JSON lines, and errors that say what to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from icart_cli import exits

NOWHERE = {"ICART_KAFKA_BOOTSTRAP": "127.0.0.1:1", "ICART_POSTGRES_URL": "postgresql://nobody@127.0.0.1:1/postgres"}
EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "referral.json"


def icart(*words: str, folder: Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ICART_")}
    return subprocess.run(
        [sys.executable, "-c", "from icart_cli.main import main; main()", *words],
        cwd=folder,
        env={**clean, **(env or {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def error(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    found: dict[str, str] = json.loads(done.stderr.splitlines()[-1])
    return found


def test_without_an_address_it_says_how_to_get_one(tmp_path):
    done = icart("doctor", folder=tmp_path)
    assert done.returncode == exits.NOT_REACHED
    assert "icart up" in error(done)["fix"]


def test_a_referral_with_mistakes_is_refused_here_by_path_and_without_its_contents(tmp_path):
    body = json.loads(EXAMPLE.read_text())
    body["people"][0]["born"] = "Canaryfield"
    del body["referrer"]
    (tmp_path / "r.json").write_text(json.dumps(body))
    done = icart("submit", "r.json", folder=tmp_path, env=NOWHERE)
    assert done.returncode == exits.WRONG_USE
    assert "$.people[0].born" in error(done)["error"]
    assert "$.referrer" in error(done)["error"]
    assert "Canaryfield" not in done.stderr + done.stdout


def test_an_agency_that_is_not_registered_is_told_who_is(tmp_path):
    body = json.loads(EXAMPLE.read_text()) | {"agency": "somebody-else"}
    (tmp_path / "r.json").write_text(json.dumps(body))
    done = icart("submit", "r.json", folder=tmp_path, env=NOWHERE)
    assert done.returncode == exits.REFUSED
    assert "larkspur-lane-primary" in error(done)["fix"]


def test_a_broker_that_is_away_is_an_exit_code_of_its_own(tmp_path):
    done = icart("submit", str(EXAMPLE), folder=tmp_path, env=NOWHERE)
    assert done.returncode == exits.NOT_REACHED
    assert "No broker answers" in error(done)["error"]


@pytest.mark.req("AU-7", authority="halton")
def test_a_pack_that_cannot_work_is_refused_by_line(tmp_path):
    import icart_common.policy as policy

    (pack,) = (Path(policy.__file__).parent / "packs" / "halton").glob("*.yaml")
    text = pack.read_text()
    (tmp_path / "fine.yaml").write_text(text)
    (tmp_path / "wrong.yaml").write_text(text + "\nfavourite_colour: green\n")
    assert icart("policy", "check", "fine.yaml", folder=tmp_path).returncode == exits.OK
    done = icart("policy", "check", "wrong.yaml", folder=tmp_path)
    assert done.returncode == exits.NOT_AS_EXPECTED
    (problem,) = map(json.loads, done.stdout.splitlines())
    assert problem["row"] == text.count("\n") + 2
    assert "favourite_colour" in problem["says"]


def test_the_messages_are_listed_one_object_a_line(tmp_path):
    done = icart("schema", "list", folder=tmp_path)
    types = [json.loads(line)["type"] for line in done.stdout.splitlines()]
    assert done.returncode == exits.OK
    assert "icart.referral.submitted.v1" in types


def test_wrong_words_are_wrong_use(tmp_path):
    assert icart("follow", folder=tmp_path).returncode == exits.WRONG_USE
    assert icart("no-such-command", folder=tmp_path).returncode == exits.WRONG_USE
    assert icart("submit", "no-such-file.json", folder=tmp_path, env=NOWHERE).returncode == exits.WRONG_USE
