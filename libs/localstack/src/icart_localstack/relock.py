"""Writes kafka.lock anew: `python -m icart_localstack.relock`, after changing the versions here.

The jars' hashes are those of what is downloaded now; read the difference before committing it.
"""

import hashlib
from pathlib import Path

from icart_localstack import jars

# 4.4.0 names a jar that cannot be had. Without the log4j binding the broker logs nothing; its version is the one of
# the log4j that this Kafka brings. The "!" keeps jgo from taking them for lists of versions that rule the rest: log4j's
# would bring the clients of Kafka 3.9.
WANTED = ("org.apache.kafka:kafka_2.13:4.3.1!", "org.apache.logging.log4j:log4j-slf4j-impl:2.25.4!")

_HEAD = """\
# Kafka and everything that it needs, with the hashes of the jars. Written by: python -m icart_localstack.relock
# From: {wanted}
"""


def main() -> None:
    """Resolve, download, hash, write."""
    from jgo import resolve
    from jgo.maven import MavenContext

    context = MavenContext(repo_cache=jars.repository())
    lines = []
    for found in resolve("+".join(WANTED)):
        artifact = context.project(found.groupId, found.artifactId).at_version(found.version).artifact()
        sha256 = hashlib.sha256(Path(artifact.resolve()).read_bytes()).hexdigest()
        lines.append(f"{found.groupId}:{found.artifactId}:{found.version} sha256:{sha256}\n")
    lock = Path(__file__).with_name("kafka.lock")
    lock.write_text(_HEAD.format(wanted=", ".join(WANTED)) + "".join(sorted(lines)), encoding="utf-8")


if __name__ == "__main__":
    main()
