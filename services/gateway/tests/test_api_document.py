"""The OpenAPI document: current, true of every answer that the API gives to anything, and nothing personal in any of them."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi.routing import iter_route_contexts
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from icart_gateway.api.app import partners_api
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


def test_every_operation_is_tried_and_every_route_is_an_operation(gateway):
    document_says = {f"{how.upper()} {path}" for path, ways in document()["paths"].items() for how in ways}
    assert {f"{one.method.upper()} {one.path}" for one in MADE} == document_says
    answered = {
        f"{method} {one.path}"
        for one in iter_route_contexts(partners_api(gateway.door).routes)
        for method in one.methods or ()
        if method != "HEAD"
    }
    assert answered - {"GET /openapi.json"} == document_says


@pytest.mark.parametrize("operation", MADE, ids=lambda one: f"{one.method} {one.path}")
async def test_any_call_is_answered_as_the_document_says(gateway, operation, tmp_path):
    """Values made from the document, right and wrong ones: no server error, and no answer that it does not describe."""
    with_store(gateway, tmp_path / "documents")
    partner = await Partner.of(gateway)
    changed = gateway.door.settings.model_copy(
        update={"api_calls_a_minute": 10_000, "api_token_calls_a_minute": 10_000}
    )
    object.__setattr__(gateway.door, "settings", changed)
    cases = _made(operation)
    for case in cases:
        await _tried(gateway, case, partner.token)
    await _tried(gateway, cases[0], "another-s")
    if operation.path != "/token":
        assert await _tried(gateway, cases[0], None) == 401


def _made(operation: Any) -> list[Any]:
    """Some calls that the document allows, and some that it does not."""
    cases: list[Any] = []
    for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):

        @settings(
            max_examples=4,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            deadline=None,
        )
        @given(operation.as_strategy(generation_mode=mode))
        def collect(case: Any) -> None:
            cases.append(case)

        # A call without a body and with nothing to get wrong has no wrong values.
        with contextlib.suppress(*((Unsatisfiable,) if mode is schemathesis.GenerationMode.NEGATIVE else ())):
            collect()
    return cases


async def _tried(gateway: Any, case: Any, token: str | None) -> int:
    """One call: its status, once the answer has been held against the document."""
    kwargs = case.as_transport_kwargs(base_url="http://gateway.test/api/v1")
    headers = {
        name: str(value).encode("latin-1", "replace") for name, value in (kwargs.pop("headers", None) or {}).items()
    }
    headers |= {"Authorization": f"Bearer {token}".encode()} if token else {}
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
    seen = schemathesis.Response(
        status_code=answer.status_code,
        headers={name.lower(): answer.headers.get_list(name) for name in answer.headers},
        content=answer.content,
        request=answer.request,
        elapsed=0.0,
        verify=False,
    )
    case.validate_response(seen, checks=list(CHECKS))
    return int(answer.status_code)
