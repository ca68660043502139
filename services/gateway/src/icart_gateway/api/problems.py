"""Problem details (RFC 9457): what is wrong, in which field, what was expected and what to do. Never what was sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from fastapi import Request
from fastapi.responses import JSONResponse
from pydantic import Field

from icart_common.contracts.base import Part, Problem

MEDIA_TYPE: Final = "application/problem+json"
BASE: Final = "urn:icart:problem:"
_STEP: Final = re.compile(r"\.([^.\[\]]+|\[key\])|\[(\d+)\]")


class FieldProblem(Part):
    """One field that is wrong."""

    pointer: str
    """A JSON Pointer into what was sent, as a fragment: `#/people/0/born`; `#` is the body as a whole."""
    found: str
    """What kind of thing was found, never the value itself."""
    expected: str
    fix: str
    """What to do."""


class ProblemDetails(Part):
    """What is answered whenever something is wrong."""

    type: str
    title: str
    status: int = Field(ge=400, le=599)
    detail: str
    """What to do about it."""
    errors: tuple[FieldProblem, ...] = ()


class Refused(Exception):
    """The call is answered with a problem. Its words hold nothing that the caller sent."""

    def __init__(
        self,
        status: int,
        kind: str,
        title: str,
        detail: str,
        *,
        errors: tuple[FieldProblem, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(kind)
        self.details = ProblemDetails(type=BASE + kind, title=title, status=status, detail=detail, errors=errors)
        self.headers = dict(headers or {})


def answer(refused: Refused) -> JSONResponse:
    """The problem as an answer."""
    body: dict[str, Any] = refused.details.model_dump(mode="json")
    return JSONResponse(body, refused.details.status, refused.headers, MEDIA_TYPE)


async def answer_refused(_request: Request, error: Exception) -> JSONResponse:
    """For FastAPI: a `Refused` that was raised."""
    assert isinstance(error, Refused)
    return answer(error)


def fields(problems: Iterable[Problem]) -> tuple[FieldProblem, ...]:
    """The problems of a contract as fields of a body."""
    return tuple(
        FieldProblem(
            pointer=pointer(one.path), found=one.found, expected=one.expected, fix=one.fix or f"send {one.expected}"
        )
        for one in problems
    )


def pointer(path: str) -> str:
    """`$.people[0].born` as `#/people/0/born`."""
    return "#" + "".join(f"/{name or number}" for name, number in _STEP.findall(path))


def not_found(what: str = "There is nothing here for you") -> Refused:
    """For what is not there and for what is another agency's: the same answer."""
    return Refused(
        404,
        "not-found",
        what,
        "Use an id that this API gave you; another agency's are not shown, whether they exist or not.",
    )


def away(what: str, seconds: int = 5) -> Refused:
    """The broker, the database or the store does not answer: nothing was kept as sent."""
    return Refused(
        503, "try-again", f"{what} does not answer",
        "Nothing was taken. Send the same again, with the same Idempotency-Key: it is taken once, whatever arrived before.",
        headers={"Retry-After": str(seconds)},
    )  # fmt: skip
