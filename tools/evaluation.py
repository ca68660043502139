"""Installs what `icart match evaluate` measures beside (make evaluate): tools/evaluation.lock, by hash, once.

It stays apart from requirements.lock: 600 MB that neither the demo nor the tests need.
"""

import subprocess
import sys
from importlib.util import find_spec

from tools.register import ROOT

NEEDED = ("recordlinkage", "splink")


def main() -> int:
    """Install what is missing; the installer's own exit code when it fails."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if not missing:
        return 0
    print(f"Installing {' and '.join(missing)} into .venv (minutes, this once)", file=sys.stderr)
    lock = ROOT / "tools" / "evaluation.lock"
    command = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "install",
        "--quiet",
        "--require-hashes",
        "--no-deps",
        "-r",
        str(lock),
    ]
    return subprocess.run([*command, "--python", sys.executable], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
