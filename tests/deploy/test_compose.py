"""docker-compose.yml: what it promises, and that compose itself accepts it where there is one."""

import json
import os
import re
import shutil
import subprocess
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SERVICES = {"gateway", "intake", "screening", "notifications", "police-vpa", "timers"}
ONE_SHOTS = {"migrate", "topics"}


def _compose_command() -> list[str] | None:
    """The command of docker compose: ICART_COMPOSE (a binary), the docker plug-in, or none."""
    named = os.environ.get("ICART_COMPOSE")
    candidates = [[named]] if named else []
    candidates += [[docker, "compose"]] if (docker := shutil.which("docker")) else []
    candidates += [[binary]] if (binary := shutil.which("docker-compose")) else []
    for candidate in candidates:
        answer = subprocess.run([*candidate, "version"], capture_output=True, check=False)
        if answer.returncode == 0:
            return candidate
    return None


def _expanded(text: str) -> str:
    """The file with its `${NAME:-default}` at their defaults, as compose reads it on a machine without settings."""
    return re.sub(r"\$\{[A-Z_]+:-([^}]*)\}", r"\1", text)


def _read_by_compose() -> dict[str, Any] | None:
    command = _compose_command()
    if command is None:
        return None
    settings = {name: value for name, value in os.environ.items() if not name.startswith("ICART_")}
    answer = subprocess.run(
        [*command, "--file", str(ROOT / "docker-compose.yml"), "--env-file", os.devnull, "config"],
        capture_output=True,
        text=True,
        check=False,
        env=settings,
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stderr == "", "compose warns"
    rendered: dict[str, Any] = yaml.safe_load(answer.stdout)
    return rendered


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The file as compose itself renders it where there is one, otherwise as YAML with defaults filled in."""
    rendered = _read_by_compose()
    return rendered or yaml.safe_load(_expanded((ROOT / "docker-compose.yml").read_text(encoding="utf-8")))


def _published(port: Any) -> tuple[str, str]:
    if isinstance(port, dict):
        return port["host_ip"], str(port["published"])
    address, published, _ = port.split(":")
    return address, published


def test_it_has_a_broker_a_database_two_preparations_and_a_container_for_each_service(compose):
    assert set(compose["services"]) == {"kafka", "postgres", "clamav"} | ONE_SHOTS | SERVICES
    assert compose["services"]["kafka"]["image"].startswith("apache/kafka:4.")
    assert compose["services"]["postgres"]["image"] == "postgres:18"


def test_every_service_of_the_repository_has_its_container(compose):
    folders = {found.parent.name for found in ROOT.glob("services/*/pyproject.toml")}
    built = {compose["services"][name]["build"]["args"]["SERVICE"] for name in SERVICES}
    assert built == folders


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_waits_for_its_tables_and_topics_and_says_when_it_is_ready(compose, name):
    service = compose["services"][name]
    waits = {other: condition["condition"] for other, condition in service["depends_on"].items()}
    assert waits == {
        "kafka": "service_healthy",
        "postgres": "service_healthy",
        "migrate": "service_completed_successfully",
        "topics": "service_completed_successfully",
    }
    assert "http://127.0.0.1:8080/readyz" in service["healthcheck"]["test"][-1]
    assert service["build"]["dockerfile"] == "deploy/Dockerfile"


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_reaches_its_own_database_with_its_own_role_and_its_own_secret_alone(compose, name):
    service = compose["services"][name]
    role = "icart_" + name.replace("-", "_")
    assert service["environment"]["ICART_DATABASE_URL"] == f"postgresql://{role}@postgres:5432/{role}"
    assert service["environment"]["ICART_DATABASE_PASSWORD_FILE"] == f"/run/secrets/{role}"
    mounted = [secret["source"] if isinstance(secret, dict) else secret for secret in service["secrets"]]
    assert mounted == [role, "ops_token", *(["oidc_secret"] if name == "gateway" else [])]


def test_the_gateway_believes_the_proxy_of_this_machine_and_nobody_else(compose):
    (network,) = compose["networks"]["inside"]["ipam"]["config"]
    settings = compose["services"]["gateway"]["environment"]
    assert json.loads(settings["ICART_TRUSTED_PROXIES"]) == [network["gateway"]]
    assert ip_address(network["gateway"]) in ip_network(network["subnet"])
    told = (ROOT / "deploy" / "compose.env.sample").read_text(encoding="utf-8")
    assert f"ICART_TRUSTED_PROXIES={settings['ICART_TRUSTED_PROXIES']}" in told.splitlines()


def test_documents_have_a_store_and_a_scanner_and_nothing_waits_for_it(compose):
    intake, clamav = compose["services"]["intake"], compose["services"]["clamav"]
    assert intake["environment"]["ICART_SCANNER"] == "tcp://clamav:3310"
    assert intake["environment"]["ICART_DOCUMENTS_URL"] == "file:///var/lib/icart/documents"
    assert "clamav" not in intake["depends_on"]
    assert "ports" not in clamav, "its protocol knows no password"
    settings = (ROOT / "deploy" / "clamav" / "clamd.conf").read_text(encoding="utf-8")
    assert {"TCPSocket 3310", "StreamMaxLength 30M", "AlertExceedsMax yes"} <= set(settings.splitlines())


def test_what_is_ours_runs_with_no_rights_it_does_not_need(compose):
    for name in SERVICES | ONE_SHOTS:
        service = compose["services"][name]
        assert service["cap_drop"] == ["ALL"], name
        assert service["read_only"] is True, name
        assert service["security_opt"] == ["no-new-privileges:true"], name


def test_ports_are_published_on_loopback_alone(compose):
    published = [_published(port) for service in compose["services"].values() for port in service.get("ports", [])]
    assert len(published) == 3
    assert {address for address, _ in published} == {"127.0.0.1"}


def test_data_outlives_the_containers_and_no_secret_stands_in_the_file(compose):
    assert {"kafka-data", "postgres-data", "documents", "clamav-signatures"} == set(compose["volumes"])
    for name, secret in compose["secrets"].items():
        assert Path(secret["file"]).parts[-3:] == ("deploy", "secrets", name)
    for name, service in compose["services"].items():
        for variable, value in service.get("environment", {}).items():
            assert not re.search("PASSWORD|SECRET", variable) or str(value).startswith("/run/secrets/"), (
                name,
                variable,
            )
    tracked = subprocess.run(
        ["git", "check-ignore", "deploy/secrets/postgres", ".env"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert tracked.stdout.split() == ["deploy/secrets/postgres", ".env"]


def test_the_sample_of_settings_names_every_variable_of_the_file_and_no_other():
    file = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    used = set(re.findall(r"\$\{([A-Z_]+)", file))
    sample = (ROOT / "deploy" / "compose.env.sample").read_text(encoding="utf-8")
    assert set(re.findall(r"^([A-Z_]+)=", sample, flags=re.MULTILINE)) == used


def test_passwords_are_made_once_and_differ(tmp_path):
    deploy = tmp_path / "deploy"
    deploy.mkdir()
    shutil.copy(ROOT / "deploy" / "secrets.sh", deploy)
    script = ["sh", str(deploy / "secrets.sh")]
    subprocess.run(script, check=True, capture_output=True)
    first = {made.name: made.read_text(encoding="utf-8") for made in (deploy / "secrets").iterdir()}
    subprocess.run(script, check=True, capture_output=True)
    assert {made.name: made.read_text(encoding="utf-8") for made in (deploy / "secrets").iterdir()} == first
    assert first.pop("oidc_secret") == "", "the identity provider makes that one"
    assert len(set(first.values())) == len(first) == 8
    assert all(len(password) == 48 for password in first.values())
    assert (deploy / "secrets").stat().st_mode & 0o077 == 0
