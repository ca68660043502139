"""One AsyncAPI document for the whole system, true to the catalogue, and a page of it that needs no network."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from icart_common.contracts.asyncapi import document, is_current, page_of, text_of, write
from icart_common.contracts.catalogue import FAMILIES, MESSAGES, topics

DOCS = Path(__file__).parents[4] / "docs"


@dataclass(frozen=True)
class Agency:
    id: str
    sends: tuple[str, ...]
    authorities: tuple[str, ...]
    receives: bool = True


PARTNERS = [
    Agency("fernleigh-primary", ("referrals",), ("halton", "york")),
    Agency("fernleigh-police", ("vpa",), ("halton",)),
    Agency("halton-edt", ("edt",), ("halton",), receives=False),
]


@pytest.fixture(scope="module")
def built() -> dict[str, Any]:
    return document()


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (value for key, value in node.items() if key == "$ref")
        for part in node.values():
            yield from references(part)
    elif isinstance(node, list):
        for part in node:
            yield from references(part)


def at(node: Any, reference: str) -> Any:
    for step in reference.removeprefix("#/").split("/"):
        node = node[step]
    return node


def test_every_family_is_a_channel_with_its_messages(built: dict[str, Any]) -> None:
    channels = {channel["address"]: channel for channel in built["channels"].values()}
    assert set(channels) == {family.name for family in FAMILIES}
    for family in FAMILIES:
        channel = channels[family.name]
        assert set(channel["messages"]) == {message.TYPE for message in family.messages}
        assert channel["bindings"]["kafka"]["partitions"] == family.partitions
        assert list(channel.get("parameters", {})) == re.findall(r"\{(\w+)\}", family.name)


def test_every_writer_sends_and_every_reader_receives(built: dict[str, Any]) -> None:
    said = {
        (name.split(".")[0], use["action"], at(built, use["channel"]["$ref"])["address"])
        for name, use in built["operations"].items()
    }
    meant = {
        (principal.strip("{}"), action, family.name)
        for family in FAMILIES
        for action, principals in (("send", family.writers), ("receive", family.readers))
        for principal in principals
    }
    assert said == meant


def test_every_message_has_headers_payload_key_and_example(built: dict[str, Any]) -> None:
    messages = built["components"]["messages"]
    assert set(messages) == set(MESSAGES)
    for kind, message in messages.items():
        assert message["headers"]["allOf"][1]["properties"]["ce_type"] == {"const": kind}
        assert at(built, message["payload"]["$ref"])["type"] == "object"
        assert message["bindings"]["kafka"]["key"]["type"] == "string"
        assert message["examples"]


def test_every_reference_leads_somewhere(built: dict[str, Any]) -> None:
    assert [reference for reference in references(built) if at(built, reference) is None] == []


def test_consumers_are_documented_as_open(built: dict[str, Any]) -> None:
    payloads = [
        part
        for part in built["components"]["schemas"].values()
        if "properties" in part and "ce_id" not in part["properties"]
    ]
    assert {part["additionalProperties"] for part in payloads} == {True}


def test_a_deployment_has_the_topics_of_its_partners() -> None:
    built = document(PARTNERS)
    assert set(built["channels"]) == {topic.name for topic in topics(PARTNERS)}
    assert "fernleigh-primary.send.inbound.referrals.fernleigh-primary" in built["operations"]
    assert "fernleigh-police.send.inbound.referrals.fernleigh-primary" not in built["operations"]
    assert not any("parameters" in channel for channel in built["channels"].values())


def test_the_committed_document_and_page_are_what_the_code_says() -> None:
    assert is_current(DOCS)


def test_a_document_that_is_behind_is_noticed(tmp_path: Path) -> None:
    assert not is_current(tmp_path)
    assert {path.name for path in write(tmp_path)} == {"asyncapi.yaml", "asyncapi.html"}
    assert is_current(tmp_path)
    assert write(tmp_path) == []
    page = tmp_path / "asyncapi.html"
    page.write_text(
        page.read_text(encoding="utf-8").replace("icart.timers.start.v1", "icart.timers.start.v2"), encoding="utf-8"
    )
    assert not is_current(page)
    assert not is_current(tmp_path / "other.html")


def test_the_yaml_is_the_document(built: dict[str, Any]) -> None:
    assert yaml.load(text_of(built), Loader=yaml.CSafeLoader) == built


def test_the_page_holds_the_document_and_asks_for_nothing_from_elsewhere(built: dict[str, Any]) -> None:
    page = page_of(built)
    (inline,) = re.findall(r'<script type="application/json" id="document">(.*?)</script>', page, re.DOTALL)
    assert json.loads(inline) == built
    asked_for = re.findall(r'(?:src|href)="([^"]+)"', page.replace(inline, ""))
    assert asked_for
    assert all((DOCS / path).is_file() for path in asked_for)
    assert "connect-src 'none'" in page


def test_words_in_the_document_cannot_end_the_script(built: dict[str, Any]) -> None:
    page = page_of({**built, "info": {**built["info"], "description": "</script><script>alert(1)</script>"}})
    assert "<script>alert" not in page
