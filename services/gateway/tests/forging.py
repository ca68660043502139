"""Tokens that somebody might make of one that they have."""

from __future__ import annotations

import base64
import hmac
import json
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey


def claims_of(token: str) -> dict[str, Any]:
    """What a token says, believed or not."""
    said: dict[str, Any] = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    return said


def forged(token: str, **changed: str) -> dict[str, str]:
    """Each with its signature taken away or made by somebody else, or with claims `changed` under the old signature."""
    head, body, signature = token.split(".")
    said, claims = json.loads(base64.urlsafe_b64decode(head + "==")), claims_of(token)
    own = RSAKey.generate_key(2048) if said["alg"].startswith("RS") else ECKey.generate_key("P-256")
    kind = [said["alg"]]
    by_hmac = f"{_part({'alg': 'HS256'})}.{body}"
    mark = hmac.digest(own.as_pem(private=False), by_hmac.encode(), "sha256")
    return {
        "alg none": f"{_part({'alg': 'none'})}.{body}.",
        "alg none, signed": f"{_part({'alg': 'none'})}.{body}.{signature}",
        "another key": jwt.encode({"alg": said["alg"]}, claims, own, algorithms=kind),
        "another key by the name of the right one": jwt.encode(said, claims, own, algorithms=kind),
        "a key that nobody knows": jwt.encode(said | {"kid": "unknown"}, claims, own, algorithms=kind),
        "other claims": f"{head}.{_part(claims | changed)}.{signature}",
        "HMAC with a public key": f"{by_hmac}.{_raw(mark)}",
        "a key of its own in the header": jwt.encode(
            {"alg": said["alg"], "jwk": own.as_dict(private=False)}, claims, own, algorithms=kind
        ),
        "cut": token[:-8],
        "nothing": "..",
        "no token": "\u00ff\u00fe",
    }


def _part(value: object) -> str:
    return _raw(json.dumps(value).encode())


def _raw(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
