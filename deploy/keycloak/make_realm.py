"""Writes icart-realm.json beside it from the packs: the client with PKCE, a role for each post, one invented person for each.

`make schema` writes it; a test says when it is not current. Keycloak fills in `ICART_PUBLIC_URL` from its environment when it
imports the realm. Nothing secret stands in it: Keycloak makes the client's secret, and nobody of it can sign in before they
are given a password.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from icart_common.policy import PolicyBook, load_packs
from icart_gateway.signing_in.local_people import local_people

FILE = Path(__file__).parent / "icart-realm.json"


def realm(book: PolicyBook) -> dict[str, Any]:
    """The realm as Keycloak imports it."""
    roles = {f"{pack.authority.id}.{one.id}": one.name for pack in book.newest() for one in pack.roles}
    return {
        "realm": "icart",
        "displayName": "iCART",
        "enabled": True,
        "sslRequired": "external",
        "registrationAllowed": False,
        "bruteForceProtected": True,
        "accessTokenLifespan": 300,
        "roles": {"realm": [{"name": name, "description": says} for name, says in sorted(roles.items())]},
        "clients": [
            {
                "clientId": "icart",
                "publicClient": False,
                "clientAuthenticatorType": "client-secret",
                "standardFlowEnabled": True,
                "implicitFlowEnabled": False,
                "directAccessGrantsEnabled": False,
                "redirectUris": ["${ICART_PUBLIC_URL}/sign-in/back"],
                "attributes": {
                    "pkce.code.challenge.method": "S256",
                    "post.logout.redirect.uris": "${ICART_PUBLIC_URL}/signed-out",
                },
                "protocolMappers": [
                    {
                        "name": "roles",
                        "protocol": "openid-connect",
                        "protocolMapper": "oidc-usermodel-realm-role-mapper",
                        "config": {
                            "claim.name": "roles", "jsonType.label": "String", "multivalued": "true",
                            "id.token.claim": "true", "access.token.claim": "false", "userinfo.token.claim": "false",
                        },
                    }
                ],
            }
        ],
        "users": [
            {
                "username": one.id,
                "enabled": True,
                "firstName": one.name.split()[0],
                "lastName": one.name.split()[-1],
                "email": f"{one.id}@example.org",
                "emailVerified": True,
                "realmRoles": [f"{post.authority}.{post.role}" for post in one.posts],
            }
            for one in local_people(book)
        ],
    }  # fmt: skip


def text(book: PolicyBook) -> str:
    """The file's text."""
    return json.dumps(realm(book), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(load_packs()), encoding="utf-8")
