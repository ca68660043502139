"""Writes kafka.lock and keycloak.lock anew: `python -m icart_localstack.relock`, after changing the versions here.

The jars' hashes are those of what is downloaded now; read the difference before committing it.
"""

import hashlib
from pathlib import Path

from icart_localstack import jars

# 4.4.0 names a jar that cannot be had. Without the log4j binding the broker logs nothing; its version is the one of
# the log4j that this Kafka brings. The "!" keeps jgo from taking them for lists of versions that rule the rest: log4j's
# would bring the clients of Kafka 3.9.
WANTED = ("org.apache.kafka:kafka_2.13:4.3.1!", "org.apache.logging.log4j:log4j-slf4j-impl:2.25.4!")

KEYCLOAK = ("org.keycloak", "keycloak-quarkus-dist", "26.4.0")
"""All of it in one zip."""

_HEAD = """\
# {what}, with the hashes of the files. Written by: python -m icart_localstack.relock
# From: {wanted}
"""


def main() -> None:
    """Resolve, download, hash, write."""
    from jgo import resolve
    from jgo.maven import MavenContext

    context = MavenContext(repo_cache=jars.repository())

    def hashed(group: str, name: str, version: str, kind: str = "jar") -> str:
        file = context.project(group, name).at_version(version).artifact(packaging=kind).resolve()
        sha256 = hashlib.sha256(Path(file).read_bytes()).hexdigest()
        return f"{group}:{name}:{version}{'' if kind == 'jar' else f':{kind}'} sha256:{sha256}\n"

    kafka = [hashed(found.groupId, found.artifactId, found.version) for found in resolve("+".join(WANTED))]
    _write("kafka.lock", "Kafka and everything that it needs", ", ".join(WANTED), kafka)
    _write("keycloak.lock", "Keycloak", ":".join(KEYCLOAK), [hashed(*KEYCLOAK, kind="zip")])


def _write(lock: str, what: str, wanted: str, lines: list[str]) -> None:
    text = _HEAD.format(what=what, wanted=wanted) + "".join(sorted(lines))
    Path(__file__).with_name(lock).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
