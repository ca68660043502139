"""Under which account PostgreSQL runs: it refuses to run as root.

Not as root: under the caller's own. As root (containers, build machines): under "nobody", which every system has, so
that no account is made on somebody's machine. That account must then get to the folder and to the programs: every
folder above them is opened for passing through (o+x), not for listing.
"""

import os
import pwd
import stat
from pathlib import Path

_UNPRIVILEGED = "nobody"


def server_account() -> int | None:
    """The number of the account to change to; None for the caller's own."""
    return pwd.getpwnam(_UNPRIVILEGED).pw_uid if os.geteuid() == 0 else None


def give(path: Path, account: int | None) -> None:
    """Make a file or folder the account's own."""
    if account is not None:
        os.chown(path, account, account)


def let_pass(path: Path, account: int | None) -> None:
    """Let the account get to a path through the folders above it."""
    if account is None:
        return
    for folder in path.resolve().parents:
        mode = stat.S_IMODE(folder.stat().st_mode)
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
