"""Sends a referral by the partners' API and shows how it stands. Needs Python 3.11 and nothing else.

ICART_API=https://front-door.example.org ICART_CLIENT_ID=... ICART_CLIENT_SECRET=... python send_referral.py referral.json
"""

from __future__ import annotations

import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from pathlib import Path
from typing import Any

API = os.environ["ICART_API"].rstrip("/") + "/api/v1"
TRIES = 5


def call(method: str, path: str, body: bytes | None = None, **headers: str) -> dict[str, Any]:
    """One call. What may pass by itself (no answer, 409, 429, 503) is tried again: with the same key nothing is sent twice."""
    sent = {name.replace("_", "-"): text for name, text in headers.items()}
    request = urllib.request.Request(API + path, body, sent)  # noqa: S310 - the address is the caller's own
    request.method = method
    for number in range(1, TRIES + 1):
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                found: dict[str, Any] = json.load(answer)
                return found
        except urllib.error.HTTPError as wrong:
            if wrong.code not in (409, 429, 503) or number == TRIES:
                sys.exit(f"{wrong.code}: {wrong.read().decode()}")
            time.sleep(int(wrong.headers.get("Retry-After", "5")))
        except OSError as away:
            if number == TRIES:
                sys.exit(f"No answer: {away}")
            time.sleep(5)
    raise AssertionError("the last try ends above")


def main() -> None:
    """Get a token, send the referral, show its standing."""
    client = {"client_id": os.environ["ICART_CLIENT_ID"], "client_secret": os.environ["ICART_CLIENT_SECRET"]}
    form = urllib.parse.urlencode({"grant_type": "client_credentials", **client}).encode()
    token = call("POST", "/token", form, Content_Type="application/x-www-form-urlencoded")["access_token"]
    referral = {"submission": str(uuid.uuid4()), **json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))}
    sent = call(
        "POST", "/referrals", json.dumps(referral).encode(), Content_Type="application/json",
        Authorization=f"Bearer {token}", Idempotency_Key=str(uuid.uuid4()),
    )  # fmt: skip
    print(f"With us since {sent['received_at']}, receipt {sent['receipt']}.")
    for _ in range(int(os.environ.get("ICART_SECONDS", "10"))):
        standing = call("GET", f"/submissions/{sent['receipt']}", Authorization=f"Bearer {token}")
        if standing["state"] != "received":
            break
        time.sleep(1)
    print(json.dumps(standing, indent=2))


if __name__ == "__main__":
    main()
