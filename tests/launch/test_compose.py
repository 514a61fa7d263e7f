"""docker-compose.yml against the compose schema and against our settings (Docker itself is not needed)."""

import ast
import re
import subprocess
import sys

import pytest
from ruamel.yaml import YAML

from procurement.launch.places import ROOT

FILE = ROOT / "docker-compose.yml"
READ_BY_LIBRARIES = {"SOFTHSM2_CONF"}
DEMO_ONLY = {"CAKEY_RELAY_URL"}


def services():
    return YAML(typ="safe").load(FILE)["services"]


def ours():
    return {name: one for name, one in services().items() if one["image"] == "procurement-site"}


def read_by_settings():
    tree = ast.parse((ROOT / "procurement" / "settings.py").read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    readers = ("env", "words", "networks", "os.environ.get")
    first = [call.args[0] for call in calls if ast.unparse(call.func) in readers]
    return {node.value for node in first if isinstance(node, ast.Constant)}


def filled(text):
    """As compose fills it in: what has a default takes it."""
    return re.sub(r"\$\{\w+:-(.*?)\}", r"\1", re.sub(r"\$\{\w+:\?\}", "value.example", text))


def test_the_file_obeys_the_compose_schema():
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(FILE)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_every_part_of_the_system_is_there():
    parts = {"postgres", "redis", "migrate", "web", "worker", "beat", "hsm", "nginx"}
    assert services().keys() == parts


@pytest.mark.parametrize("name", ours())
def test_every_variable_is_read_by_someone(name):
    assert ours()[name]["environment"].keys() <= read_by_settings() | READ_BY_LIBRARIES


@pytest.mark.parametrize("name", ours())
def test_the_settings_of_a_service_load_with_nothing_else_in_the_environment(name):
    environ = {key: filled(value) for key, value in ours()[name]["environment"].items()}
    code = (
        "from procurement import settings as s; "
        "assert s.PRODUCTION and s.ALLOWED_HOSTS and s.CAKEY_ORIGINS and s.DATABASES['default']['HOST']"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environ, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_nothing_of_the_demo_reaches_production():
    assert not any(DEMO_ONLY & one["environment"].keys() for one in ours().values())


def test_only_the_hsm_worker_can_reach_the_servers_key():
    holders = {
        name for name, one in ours().items() if "secrets" in one or "PKCS11_PIN_FILE" in one["environment"]
    }
    assert holders == {"hsm"}


def test_every_queue_has_its_worker():
    commands = [" ".join(one["command"]) for one in ours().values()]
    assert all(any(f"-Q {queue} " in command for command in commands) for queue in ("celery", "hsm"))


def test_what_is_mounted_or_built_from_here_exists():
    mounts = [volume.split(":")[0] for one in services().values() for volume in one.get("volumes", [])]
    paths = [path for path in mounts if path.startswith("./")] + [
        one["build"]["dockerfile"] for one in ours().values()
    ]
    assert all((ROOT / path).exists() for path in paths)
