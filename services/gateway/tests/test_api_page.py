"""The partners' API as a page: every call, field and example of the document, with nothing that its policy would refuse."""

from __future__ import annotations

import re
from html import unescape

from icart_gateway.api.openapi import document
from icart_gateway.reading.api_document import pieces, read


async def test_the_page_has_every_call_shape_field_and_example(gateway):
    answer = await gateway.client.get("/api/v1/docs")
    assert answer.status_code == 200
    text = unescape(re.sub(r"<[^>]+>", "", answer.text))
    found = read(document())
    for call in found.calls:
        assert f"{call.method} /api/v1{call.path}" in text
        assert call.example in text
        assert f'id="{call.id}"' in answer.text
    for shape in found.shapes:
        assert f'id="{shape.name}"' in answer.text
        assert all(one.name in text for one in shape.fields)
    links = set(re.findall(r'href="#([^"]+)"', answer.text))
    assert links - set(re.findall(r'id="([^"]+)"', answer.text)) == set(), "every link leads somewhere"
    assert "<script>" not in answer.text
    assert "style=" not in answer.text


def test_what_may_stand_in_a_field_is_said_in_words():
    found = {(shape.name, one.name): one for shape in read(document()).shapes for one in shape.fields}
    referral = found["ReferralSubmitted", "people"]
    assert (referral.kind, referral.shape, referral.needed) == ("a list of at most 100, each Person", "Person", False)
    assert found["Person", "born"].kind == "a day, `2026-11-16`"
    assert found["Person", "sex"].kind == "one of `female`, `male`, `other`, `unknown`"
    assert not found["Person", "born"].needed


def test_marks_in_text_are_told_apart():
    assert [one for one in pieces("**Sent once.** Take `ce_id`.") if one[1]] == [
        ("strong", "Sent once."), ("", " Take "), ("code", "ce_id"), ("", ".")
    ]  # fmt: skip
