"""The realm for Keycloak is of these packs, and holds no secret."""

from __future__ import annotations

import json
import re

from deploy.keycloak.make_realm import FILE, text
from icart_common.policy import load_packs


def test_the_committed_realm_is_current_and_has_every_role_and_one_invented_person_for_each():
    book = load_packs()
    assert FILE.read_text(encoding="utf-8") == text(book), "run make schema"
    realm = json.loads(FILE.read_text(encoding="utf-8"))
    roles = {f"{pack.authority.id}.{role.id}" for pack in book.newest() for role in pack.roles}
    assert {one["name"] for one in realm["roles"]["realm"]} == roles
    alone = [user["realmRoles"][0] for user in realm["users"] if len(user["realmRoles"]) == 1]
    assert sorted(alone) == sorted(roles)
    assert all(user["email"].endswith("@example.org") for user in realm["users"])


def test_the_realm_lets_nobody_in_by_itself():
    written = FILE.read_text(encoding="utf-8")
    realm = json.loads(written)
    (client,) = realm["clients"]
    assert client["attributes"]["pkce.code.challenge.method"] == "S256"
    assert not any(client[way] for way in ("publicClient", "implicitFlowEnabled", "directAccessGrantsEnabled"))
    assert client["redirectUris"] == ["${ICART_PUBLIC_URL}/sign-in/back"]
    assert "secret" not in client, "one that stands in a file is everybody's"
    assert not any("credentials" in user for user in realm["users"])
    assert set(re.findall(r"\$\{(\w+)", written)) == {"ICART_PUBLIC_URL"}
