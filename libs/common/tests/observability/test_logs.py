"""Logs hold ids and reasons. Whatever somebody typed stays out, whichever way it tries to get in."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
import structlog

from icart_common.observability.logs import ALLOWED, configure_logs

CANARY = "Canaryfield-Nobody"


@pytest.fixture
def lines(capsys):
    """Configures the logs and gives what was written since as objects."""
    configure_logs("intake")

    def read() -> list[dict[str, Any]]:
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    yield read
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    logging.basicConfig(handlers=[logging.NullHandler()], force=True)


def fail() -> None:
    name = CANARY
    raise ValueError(f"cannot handle {name}")


def test_only_named_fields_are_written(lines):
    structlog.get_logger().info("batch", records=3, child_name=CANARY, topic="events.intake")
    (line,) = lines()
    assert line["records"] == 3
    assert line["service"] == "intake"
    assert CANARY not in json.dumps(line)


def test_an_exception_is_its_class_and_place_and_nothing_it_says(lines):
    try:
        fail()
    except ValueError:
        structlog.get_logger().exception("failed")
    (line,) = lines()
    assert line["error"] == "ValueError"
    assert line["where"].startswith("test_logs.py:")
    assert CANARY not in json.dumps(line)


def test_another_librarys_record_keeps_its_place_and_loses_its_text(lines):
    logging.getLogger("somebody").error("could not send %s", CANARY)
    try:
        fail()
    except ValueError:
        logging.getLogger("somebody").exception("while sending %s", CANARY)
    found = lines()
    assert [line["logger"] for line in found] == ["somebody", "somebody"]
    assert CANARY not in json.dumps(found)


def test_a_long_value_is_cut(lines):
    structlog.get_logger().info("x" * 5000)
    (line,) = lines()
    assert len(line["event"]) == 200


def test_no_field_on_the_list_is_one_for_personal_data():
    assert not ALLOWED & {
        "name",
        "given_name",
        "family_name",
        "born",
        "email",
        "phone",
        "address",
        "value",
        "body",
        "text",
    }
