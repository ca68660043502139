"""Brings every service's database to its newest revision, each under the service's own role and password.

`icart migrate` does the same as one administrator; here no role that can reach all databases is needed, and a
service owns its tables (it makes the inbox's partitions of the next days itself).
"""

import asyncio
import os
from pathlib import Path

from icart_cli.migrations import migrate_service
from icart_cli.places import PACKAGES


async def main() -> None:
    """Migrate one database after another; the first that fails ends it."""
    server = os.environ["ICART_POSTGRES_SERVER"]
    secrets = Path(os.environ.get("ICART_SECRETS", "/run/secrets"))
    for service, role in PACKAGES.items():  # package, role and database bear one name
        # The driver takes the password from here; in an address it could end up in a message.
        os.environ["PGPASSWORD"] = (secrets / role).read_text(encoding="utf-8").strip()
        url = f"postgresql://{role}@{server}/{role}"
        done = await migrate_service(service, url)
        print(f"{role}: {done.before or 'empty'} -> {done.after}", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
