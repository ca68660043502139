"""Who may call the partners' API, with which tokens, and what is shut to them."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from icart_common.contracts.catalogue import MESSAGES
from icart_gateway.api.clients import HasOne, add_client, list_clients, revoke_client
from icart_gateway.signing_in.cookies import SESSION
from services.gateway.tests.forging import claims_of, forged
from services.gateway.tests.partners import POLICE, PROBATION, SCHOOL, Partner, example, told


async def test_a_client_shows_its_secret_in_the_header_or_the_form(gateway):
    partner = await Partner.of(gateway)
    basic = base64.b64encode(f"{SCHOOL}:{partner.secret}".encode()).decode()
    answer = await gateway.client.post(
        "/api/v1/token", data={"grant_type": "client_credentials"}, headers={"Authorization": f"Basic {basic}"}
    )
    assert answer.status_code == 200
    assert answer.json()["scope"] == "messages referrals replies"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("form", "code", "error"),
    [
        ({"client_secret": "guessed"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"client_id": POLICE}, 401, "invalid_client"),
        ({"client_id": "\x00", "client_secret": "\x00"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"scope": "vpa"}, 400, "invalid_scope"),
    ],
)
async def test_nobody_else_gets_a_token(gateway, form, code, error):
    partner = await Partner.of(gateway)
    answer = await partner.ask_token(**form)
    assert (answer.status_code, answer.json()["error"]) == (code, error)


async def test_a_token_with_less_may_do_less(gateway):
    partner = await Partner.of(gateway)
    partner.token = (await partner.ask_token(scope="messages")).json()["access_token"]
    refused = await partner.send({})
    assert refused.status_code == 403
    assert 'scope="referrals"' in refused.headers["www-authenticate"]
    assert (await partner.call("GET", "/messages")).status_code == 200


async def test_guessing_is_slow_and_ends(gateway):
    partner = await Partner.of(gateway)
    limit = gateway.door.settings.api_token_calls_a_minute
    codes = [(await partner.ask_token(grant_type="password")).status_code for _ in range(limit)]
    assert codes[-1] == 429


async def test_forged_tokens_are_refused(gateway):
    partner = await Partner.of(gateway)
    csrf = await gateway.sign_in("w-101", "social-worker")  # whose cookie goes with each call: it is no token
    session = gateway.client.cookies[SESSION]
    for what, token in {**forged(partner.token, sub=POLICE), "a session": session, "a form's mark": csrf}.items():
        headers = {"Authorization": b"Bearer " + token.encode("latin-1", "replace")}
        answer = await gateway.client.get("/api/v1/messages", headers=headers)
        assert answer.status_code == 401, what
        assert "Bearer" in answer.headers["www-authenticate"]
        assert answer.headers["content-type"] == "application/problem+json"


async def test_claims_are_believed_only_when_they_are_for_us_and_now(gateway):
    partner = await Partner.of(gateway)
    claims = claims_of(partner.token)
    async with gateway.door.held.connection() as connection:
        key = ECKey.import_key(await connection.fetchval("select pem from api_key"))
    for name, value in (
        ("aud", "https://elsewhere.example.org"), ("iss", "https://elsewhere.example.org"), ("exp", 0), ("exp", None),
        ("sub", POLICE), ("client", "x"), ("scope", None), ("iat", int(gateway.clock.now().timestamp()) + 3600),
    ):  # fmt: skip
        changed = {**claims, name: value} if value is not None else {k: v for k, v in claims.items() if k != name}
        partner.token = jwt.encode({"alg": "ES256"}, changed, key, algorithms=["ES256"])
        assert (await partner.call("GET", "/messages")).status_code == 401, (name, value)


async def test_a_token_ends_with_its_time_and_with_its_client(gateway):
    partner = await Partner.of(gateway)
    gateway.clock.set(gateway.clock.now() + timedelta(minutes=9))
    assert (await partner.call("GET", "/messages")).status_code == 200
    gateway.clock.set(gateway.clock.now() + timedelta(minutes=2))
    assert (await partner.call("GET", "/messages")).status_code == 401
    partner.token = (await partner.ask_token()).json()["access_token"]
    async with gateway.door.held.connection() as connection:
        with pytest.raises(HasOne):
            await add_client(connection, SCHOOL, gateway.clock.now())
        assert await revoke_client(connection, SCHOOL, gateway.clock.now())
        assert not await revoke_client(connection, SCHOOL, gateway.clock.now())
    assert (await partner.call("GET", "/messages")).status_code == 401
    assert (await partner.ask_token()).status_code == 401
    async with gateway.door.held.connection() as connection:
        secret = await add_client(connection, SCHOOL, gateway.clock.now())
        assert secret != partner.secret
        assert [one.revoked_at is None for one in await list_clients(connection)] == [True, False]
        kept = await connection.fetch("select row_to_json(api_client)::text as kept from api_client")
    assert not any(secret in row["kept"] for row in kept)


async def receipt_of(gateway, agency: str) -> str:
    """Something that an agency sent."""
    async with gateway.door.held.connection() as connection:
        return str(
            await connection.fetchval(
                """insert into receipt (id, agency, key, digest, type, subject, begun_at, received_at, correlation)
                values (gen_random_uuid(), $1, gen_random_uuid()::text, '', 'icart.referral.submitted.v1', gen_random_uuid(), $2,
                        $2, gen_random_uuid()) returning id""",
                agency, gateway.clock.now(),
            )
        )  # fmt: skip


async def test_each_agency_sees_its_own_and_nobody_elses(gateway):
    agencies = (SCHOOL, POLICE, PROBATION)
    partners = {agency: await Partner.of(gateway, agency) for agency in agencies}
    receipts = {agency: await receipt_of(gateway, agency) for agency in agencies}
    notice = MESSAGES["icart.outbound.notice.v1"].model_validate(example("icart.outbound.notice.v1"))
    await told(gateway, notice, "outbound.{agency}", f"outbound.{SCHOOL}")
    for agency, partner in partners.items():
        made = await partner.call("POST", "/webhooks", json={"url": "https://93.184.215.14/knock"})
        assert made.status_code == 201, made.text
        for owner, receipt in receipts.items():
            answer = await partner.call("GET", f"/submissions/{receipt}")
            assert answer.status_code == (200 if owner == agency else 404)
        for other in agencies:
            if other != agency:
                place = made.headers["location"].removeprefix("/api/v1")
                assert (await partners[other].call("DELETE", place)).status_code == 404
        assert len((await partner.call("GET", "/messages")).json()["messages"]) == (agency == SCHOOL)
        assert len((await partner.call("GET", "/webhooks")).json()["webhooks"]) == 1
    unknown = await partners[SCHOOL].call("GET", "/submissions/not-an-id")
    another = await partners[SCHOOL].call("GET", f"/submissions/{receipts[POLICE]}")
    assert unknown.json() == another.json()


@pytest.mark.parametrize("path", ["/nothing", "/referrals/", "/submissions", "/webhooks/x/y", "/"])
async def test_what_is_not_there_is_a_problem(gateway, path):
    answer = await gateway.client.get(f"/api/v1{path}")
    assert answer.status_code in (404, 405)
    assert answer.headers["content-type"] == "application/problem+json"
