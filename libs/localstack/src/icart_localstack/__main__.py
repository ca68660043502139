"""`python -m icart_localstack FOLDER`: PostgreSQL and Kafka in the foreground until Ctrl-C or SIGTERM."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from icart_localstack.errors import LocalStackError
from icart_localstack.stack import LocalStack


def main() -> int:
    """Run the stack. Returns 0 after Ctrl-C or SIGTERM, 1 when it could not be started."""
    parser = argparse.ArgumentParser(prog="icart-localstack", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the data is kept; made if missing")
    parser.add_argument("--brokers", type=int, choices=(1, 3), default=1, help="Kafka brokers (default 1)")
    parser.add_argument("--secured", action="store_true", help="Kafka asks for SCRAM and keeps to its ACLs")
    wanted = parser.parse_args()

    # A handler, not a blocked signal: a mask would be inherited by the servers, which then could not be stopped.
    # They have sessions of their own and do not see the terminal's Ctrl-C.
    ending = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: ending.set())
    stack = LocalStack(wanted.folder, brokers=wanted.brokers, secured=wanted.secured, on_step=_say)
    try:
        stack.start()
    except LocalStackError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    for name, value in stack.environment().items():
        _say(f"export {name}={value}")
    _say("Running. Ctrl-C stops both.")
    ending.wait()
    _say("Stopping.")
    stack.stop()
    return 0


def _say(step: str) -> None:
    sys.stdout.write(f"{step}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
