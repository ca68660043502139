"""The OpenAPI 3.1 document of the API: made from the same table of ways and the same contracts that take the calls."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, Final

from icart_common.contracts.asyncapi import EXAMPLES, Document, components
from icart_common.contracts.base import Part
from icart_gateway.api import shapes
from icart_gateway.api.problems import MEDIA_TYPE, ProblemDetails
from icart_gateway.api.submissions import WAYS, Way

_JSON: Final = "application/json"
_SHAPES: Final = (
    shapes.Taken, shapes.Standing, shapes.ToldPage, shapes.NewWebhook, shapes.WebhookMade, shapes.Webhooks, shapes.Uploaded,
    shapes.AccessToken, shapes.TokenRefused, ProblemDetails,
)  # fmt: skip


def document() -> Document:
    """The document."""
    models = [way.model for way in WAYS]
    built = {
        "openapi": "3.1.0",
        "info": {
            "title": "iCART: the partners' API",
            "version": version("icart-gateway"),
            "description": _DESCRIPTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/api/v1"}],
        "paths": {way.path: {"post": _way(way)} for way in WAYS} | _beside(),
        "components": {
            "schemas": dict(sorted(components((*models, *_SHAPES)).items())),
            "securitySchemes": {
                "client": {
                    "type": "oauth2",
                    "flows": {"clientCredentials": {"tokenUrl": "/api/v1/token", "scopes": _SCOPES}},
                }
            },
        },
    }
    found: Document = json.loads(json.dumps(built))
    return found


def text_of(built: Document) -> str:
    """The document as it is committed."""
    return json.dumps(built, indent=1, ensure_ascii=False) + "\n"


def _way(way: Way) -> Document:
    taken = {
        "description": "It is with us: every copy of the broker has it.",
        "content": {_JSON: {"schema": _ref(shapes.Taken)}},
        "headers": _LIMITS | {
            "Location": {"description": "Where its status is.", "schema": {"type": "string"}},
            "Idempotency-Replayed": {
                "description": "`true` when this very call was answered before.",
                "schema": {"type": "string", "enum": ["true", "false"]},
            },
        },
    }  # fmt: skip
    media: Document = {"schema": _ref(way.model)}
    example = EXAMPLES / f"{way.model.TYPE}.json"
    if example.exists():
        media["examples"] = {"example": {"value": json.loads(example.read_text(encoding="utf-8"))}}
    return _operation(
        way.summary, way.scope, {"202": taken}, "400", "403", "409", "413", "415", "422", "503",
        parameters=[_KEY],
        requestBody={"required": True, "content": {_JSON: media}},
        description=f"{(way.model.__doc__ or '').strip().splitlines()[0]} The same contract as `{way.model.TYPE}` on Kafka.",
    )  # fmt: skip


def _beside() -> Document:
    document_body = {"required": True, "content": {"application/octet-stream": {}}}
    return {
        "/attachments/{attachment}": {
            "put": _operation(
                "Put a document into the store", "referrals", {"201": _answer("It is there.", shapes.Uploaded)},
                "400", "403", "404", "409", "413", "415", "422", "503",
                parameters=[_in_path("attachment", "An id of your own: a new UUID for every document.", "uuid"), _DIGEST],
                requestBody=document_body,
                description="Before or after the message that names it. What it really is, is found out by us.",
            )
        },
        "/submissions/{receipt}": {
            "get": _operation(
                "How something stands that you sent", "messages", {"200": _answer("Its standing.", shapes.Standing)},
                "403", "404", "503", parameters=[_in_path("receipt", "The receipt that you were given.", "uuid")],
            )
        },
        "/messages": {
            "get": _operation(
                "Messages to your agency", "messages", {"200": _answer("A page of them.", shapes.ToldPage)},
                "400", "403", "503", parameters=[_AFTER, _LIMIT],
                description="What stands on your topic `outbound.<agency>`. Reading removes nothing.",
            )
        },
        "/webhooks": {
            "get": _operation("Your webhooks", "messages", {"200": _answer("All of them.", shapes.Webhooks)}, "403", "503"),
            "post": _operation(
                "Register a webhook", "messages", {"201": _answer("It is registered.", shapes.WebhookMade)},
                "400", "403", "409", "413", "415", "422", "503",
                requestBody={"required": True, "content": {_JSON: {"schema": _ref(shapes.NewWebhook)}}},
                description="It is knocked at when there is something new, never told what. Signed as standard-webhooks says.",
            ),
        },
        "/webhooks/{webhook}": {
            "delete": _operation(
                "Remove a webhook", "messages", {"204": {"description": "It is gone.", "headers": _LIMITS}}, "403", "404", "503",
                parameters=[_in_path("webhook", "Its id.", "uuid")],
            )
        },
        "/token": {"post": _token()},
    }  # fmt: skip


def _token() -> Document:
    form = {
        "type": "object",
        "required": ["grant_type"],
        "properties": {
            "grant_type": {"const": "client_credentials"},
            "client_id": {"type": "string", "description": "Your agency's id; or send it with the secret as Basic."},
            "client_secret": {"type": "string"},
            "scope": {"type": "string", "description": "Scopes with blanks between; all that you have when left out."},
        },
    }
    refused = {"content": {_JSON: {"schema": _ref(shapes.TokenRefused)}, MEDIA_TYPE: {"schema": _ref(ProblemDetails)}}}
    return {
        "summary": "Get an access token",
        "operationId": "getAnAccessToken",
        "security": [],
        "requestBody": {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": form}}},
        "responses": {
            "200": _answer("A token.", shapes.AccessToken) | {"headers": {}},
            "400": {"description": _WHY["400"], **refused},
            "401": {"description": "The client is not known, or the secret is not its own.", **refused},
        } | _problems("413", "415", "429", "503"),
    }  # fmt: skip


def _operation(summary: str, scope: str, answers: Document, *wrong: str, **more: Any) -> Document:
    first, *others = re.findall(r"\w+", summary.replace("'", ""))
    return {
        "summary": summary,
        "operationId": first.lower() + "".join(map(str.title, others)),
        "security": [{"client": [scope]}],
        **more,
        "responses": answers | _problems("401", *wrong, "429"),
    }


def _problems(*codes: str) -> Document:
    content = {MEDIA_TYPE: {"schema": _ref(ProblemDetails)}}
    return {code: {"description": _WHY[code], "content": content} for code in codes}


def _answer(description: str, model: type[Part]) -> Document:
    return {"description": description, "content": {_JSON: {"schema": _ref(model)}}, "headers": _LIMITS}


def _ref(model: type[Part]) -> Document:
    return {"$ref": f"#/components/schemas/{model.__name__}"}


def _in_path(name: str, description: str, form: str) -> Document:
    schema = {"type": "string", "format": form}
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}


_SCOPES: Final[Mapping[str, str]] = {
    "referrals": "Send referrals, answers and documents",
    "vpa": "Send vulnerable person's assessments",
    "notices": "Send statutory notices",
    "replies": "Answer checks, and disagree",
    "messages": "Read the status of what you sent, and messages to your agency; keep webhooks",
}
_WHY: Final[Mapping[str, str]] = {
    "400": "The call cannot be read.",
    "401": "There is no valid token.",
    "403": "Your client may not do this, or not for this agency or authority.",
    "404": "There is no such thing, or it is another agency's.",
    "409": "The same is under way, or what is there is in the way.",
    "413": "The body is too large.",
    "415": "The body is of another media type.",
    "422": "Fields are wrong: `errors` names each, says what was expected and what to do, and never repeats what was sent.",
    "429": "Too many calls; `Retry-After` says how long to wait.",
    "503": "Something does not answer. Nothing was taken: send the same again.",
}
_LIMITS: Final[Document] = {
    name: {"description": description, "schema": {"type": "string", "pattern": "^[0-9]+$"}}
    for name, description in (
        ("RateLimit-Limit", "Calls in a moving minute."),
        ("RateLimit-Remaining", "Calls that are left."),
        ("RateLimit-Reset", "Seconds until there are more."),
    )
}
_KEY: Final[Document] = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A new one for every new thing, best a UUID; the same one to send the very same again.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
}
_DIGEST: Final[Document] = {
    "name": "Content-Digest",
    "in": "header",
    "description": "RFC 9530, `sha-256=:…:`. With it a document that was changed on the way is refused.",
    "schema": {"type": "string", "pattern": "^sha-256=:[A-Za-z0-9+/]{43}=:$"},
}
_AFTER: Final[Document] = {
    "name": "after",
    "in": "query",
    "description": "What the page before gave as `after`; left out at the beginning.",
    "schema": {"type": "string", "maxLength": 200},
}
_LIMIT: Final[Document] = {
    "name": "limit",
    "in": "query",
    "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 50},
}
_DESCRIPTION: Final = """\
What partner agencies send to the children's front door and read from it, over HTTPS. The same contracts travel on Kafka
(`docs/asyncapi.html`); either door may be used, and both give the same.

- **Sent once.** An answer of 202 means that every copy of the broker has the message. After anything else, or no answer, send
  the same again with the same `Idempotency-Key`: it is taken once.
- **Problems** are RFC 9457 documents. They name each field and never repeat what was sent.
- **Only yours.** You see what became of what your agency sent. Other agencies' things are not found.
- **A child in danger** is not for this API alone: call the front door, at night the emergency duty team, or 999.
"""
