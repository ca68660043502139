"""Where a try-out's pages answer, and whom it says that one may be there."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from icart_cli.output import Output
from icart_cli.places import RunFile
from icart_cli.platform import Platform, is_free
from icart_cli.up import show_pages
from icart_common.policy import load_packs


def test_a_port_that_another_try_out_listens_on_is_not_taken_from_it():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert not is_free(port)
    assert is_free(port)


def test_one_address_is_shown_and_somebody_for_each_role_of_each_authority(capsys):
    book = load_packs()
    shown = SimpleNamespace(book=book, pages="http://127.0.0.1:8420", folder=Path("x"), mail_folder=Path("x/mail"))
    running = cast(Platform, shown)
    show_pages(Output(as_json=True), running)
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["pages"] for one in said if one.get("fact") == "ready"] == ["http://127.0.0.1:8420"]
    people = {(one["role"], one["authority"]) for one in said if one.get("fact") == "sign-in"}
    assert {(role.name, pack.authority.name) for pack in book.newest() for role in pack.roles} <= people
    show_pages(Output(), running)
    assert capsys.readouterr().out.count("http://") == 1


def test_the_run_file_knows_the_pages(tmp_path):
    RunFile(kafka_bootstrap="x", postgres_url="y", pages="http://127.0.0.1:8420").write(tmp_path)
    assert RunFile.model_validate_json((tmp_path / "run.json").read_text()).pages == "http://127.0.0.1:8420"
