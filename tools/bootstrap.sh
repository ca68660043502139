#!/bin/sh
# Builds .venv from the two hashed locks, with a Python 3.11 or newer and nothing else on the machine.
# Called by the Makefile when the lock or a member's pyproject.toml is newer than .venv/.ready.
# PYTHON=/path/to/python chooses another interpreter.
set -eu
cd "$(dirname "$0")/.."

# Whatever environment the caller has active must not leak into the one built here. The settings that say
# where packages come from (an index, a mirror, certificates) are left alone.
unset VIRTUAL_ENV CONDA_PREFIX PYTHONHOME PYTHONPATH
unset PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV PIP_NO_BINARY UV_SYSTEM_PYTHON UV_PROJECT_ENVIRONMENT

runs_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

choose_python() {
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11; do
        if runs_enough "$candidate"; then
            printf '%s\n' "$candidate"
            return 0
        fi
        if [ -n "${PYTHON:-}" ]; then break; fi
    done
    echo "iCART needs Python 3.11 or newer, and ${PYTHON:-python3} is not one." >&2
    echo "Install one, or name it: make PYTHON=/path/to/python3.12" >&2
    return 1
}

# A .venv that came from elsewhere (a renamed folder, a removed interpreter) cannot run its own commands.
made_here=$(cat .venv/.place 2>/dev/null || true)
if [ -e .venv/.place ] && [ "$made_here" != "$(pwd -P)" ]; then rm -rf .venv; fi
if ! runs_enough .venv/bin/python; then
    python=$(choose_python)
    if ! "$python" -m venv --clear .venv; then
        echo "$python cannot make a virtual environment. On Debian and Ubuntu: apt install python3-venv" >&2
        exit 1
    fi
fi
pwd -P > .venv/.place

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then .venv/bin/python -m ensurepip >/dev/null; fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r tools/bootstrap.lock

uv() { .venv/bin/python -m uv "$@"; }
# Compiled here, once: five services start from these files again and again.
uv pip install --quiet --compile-bytecode --python .venv/bin/python --require-hashes -r requirements.lock

set --
for member in libs/* services/*; do
    if [ -f "$member/pyproject.toml" ]; then set -- "$@" -e "./$member"; fi
done
# The build backend is the one in tools/bootstrap.lock, so nothing is fetched that has no hash.
uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation "$@"

touch .venv/.ready
