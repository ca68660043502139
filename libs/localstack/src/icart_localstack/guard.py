"""Ends the servers when the program that started them is gone, however it went.

Run as a script of its own beside that program, which holds the other end of its standard input and never writes
anything but "+<pid> <signal> <grace in seconds>" for a server started and "-<pid>" for one that has ended. The end of
the input means that the program has ended, even by SIGKILL.

Why not PR_SET_PDEATHSIG: it fires when the starting *thread* ends (the servers are started side by side, in threads
that end), is lost when the account changes (PostgreSQL as root), and is there on Linux alone. Why not atexit: it does
not run on SIGKILL.
"""

import os
import signal
import sys
import time


class Watched:
    """A server to end: held by a pidfd where the system has them, so that a reused number is never hit."""

    def __init__(self, pid: int, how: int, grace: float) -> None:
        self.pid, self.how, self.grace = pid, how, grace
        self._handle = os.pidfd_open(pid) if sys.platform == "linux" else -1

    def send(self, number: int) -> bool:
        """Send the signal; False when the server is no longer there."""
        try:
            if sys.platform == "linux":
                signal.pidfd_send_signal(self._handle, number)
            else:
                os.kill(self.pid, number)
        except ProcessLookupError:
            return False
        return True


def main() -> None:
    """Follow what the program says; at the end of the input, end what is left."""
    watched: dict[int, Watched] = {}
    for line in sys.stdin:
        if line.startswith("-"):
            watched.pop(int(line[1:]), None)
            continue
        pid, how, grace = line[1:].split()
        try:
            watched[int(pid)] = Watched(int(pid), int(how), float(grace))
        except ProcessLookupError:
            continue
    since = time.monotonic()
    left = [each for each in watched.values() if each.send(each.how)]
    while left:
        time.sleep(0.05)
        late = time.monotonic() - since
        left = [each for each in left if each.send(signal.SIGKILL if late > each.grace else 0)]


if __name__ == "__main__":
    main()
