"""The OpenAPI document: current, true of every answer that the API gives to anything, and nothing personal in any of them."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from icart_gateway.api.openapi import document, text_of
from icart_gateway.api.submissions import WAYS
from services.gateway.tests.partners import Partner, with_store
from services.gateway.tests.test_api_submissions import topics

pytestmark = [pytest.mark.broker, pytest.mark.usefixtures(topics.__name__)]
__all__ = ["topics"]
DOCS = Path(__file__).resolve().parents[3] / "docs"


def test_the_committed_document_is_of_this_code():
    assert (DOCS / "openapi.json").read_text(encoding="utf-8") == text_of(document()), "run `icart api write`"


async def test_it_is_served(gateway):
    answer = await gateway.client.get("/api/v1/openapi.json")
    assert answer.json() == document()


def test_every_way_has_an_example():
    paths = document()["paths"]
    for way in WAYS:
        assert paths[way.path]["post"]["requestBody"]["content"]["application/json"]["examples"]


CHECKS = (
    status_code_conformance, content_type_conformance, response_headers_conformance, response_schema_conformance,
    schemathesis.checks.not_a_server_error,
)  # fmt: skip
OPERATIONS = schemathesis.openapi.from_dict(document())
MADE = [made.ok() for made in OPERATIONS.get_all_operations() if isinstance(made, Ok)]


@pytest.mark.parametrize("operation", MADE, ids=lambda one: f"{one.method} {one.path}")
async def test_any_call_is_answered_as_the_document_says(gateway, operation, tmp_path):
    """Values made from the document, right and wrong ones: no server error, and no answer that it does not describe."""
    with_store(gateway, tmp_path / "documents")
    partner = await Partner.of(gateway)
    changed = gateway.door.settings.model_copy(update={"api_calls_a_minute": 10_000, "api_tokens_a_minute": 10_000})
    object.__setattr__(gateway.door, "settings", changed)
    cases: list[Any] = []
    modes = [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE]
    for mode in modes:
        strategy = operation.as_strategy(generation_mode=mode)

        @settings(
            max_examples=4,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            deadline=None,
        )
        @given(strategy)
        def collect(case):
            cases.append(case)

        # A call without a body and with nothing to get wrong has no wrong values.
        with contextlib.suppress(*((Unsatisfiable,) if mode is schemathesis.GenerationMode.NEGATIVE else ())):
            collect()
    for case in cases:
        kwargs = case.as_transport_kwargs(base_url="http://gateway.test/api/v1")
        headers = {
            name: str(value).encode("latin-1", "replace") for name, value in (kwargs.pop("headers", None) or {}).items()
        }
        headers |= {"Authorization": f"Bearer {partner.token}".encode()}
        content = kwargs.pop("data", None)
        form = {"data": content} if isinstance(content, dict) else {"content": content}
        answer = await gateway.client.request(
            kwargs["method"],
            kwargs["url"],
            params=kwargs.get("params"),
            headers=headers,
            json=kwargs.get("json"),
            **form,
        )
        request = answer.request
        seen = schemathesis.Response(
            status_code=answer.status_code,
            headers={name.lower(): answer.headers.get_list(name) for name in answer.headers},
            content=answer.content,
            request=request,
            elapsed=0.0,
            verify=False,
        )
        case.validate_response(seen, checks=list(CHECKS))
