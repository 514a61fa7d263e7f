"""Production trusts nobody by default, and says what is missing."""

import os
import subprocess
import sys

import pytest

from tests.sandbox.running import ROOT, Sender

PRODUCTION = {
    "PROCUREMENT_MODE": "production", "SECRET_KEY": "x" * 20 + "abcdefghijklmnopqrstuvwxyz" * 2,
    "ALLOWED_HOSTS": "cg.example", "CAKEY_ORIGINS": "https://cg.example", "PORTAL_URL": "https://portal.example",
}  # fmt: skip


def deploy_check(**environment) -> subprocess.CompletedProcess:
    mine = ("EXECUTOR", "DJANGO_")  # a browser's test allows itself what no production may
    kept = {name: value for name, value in os.environ.items() if not name.startswith(mine)}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(
        command, cwd=ROOT, env=kept | PRODUCTION | environment, capture_output=True, text=True
    )


def test_production_is_connected_to_nobody_unless_told():
    done = deploy_check()
    assert done.returncode == 0, done.stderr


def test_a_connected_executor_needs_its_address():
    done = deploy_check(EXECUTORS="huicai")
    assert done.returncode
    assert "EXECUTOR_HUICAI_URL is required" in done.stderr


@pytest.mark.parametrize(("url", "certificate", "wrong"), [
    ("https://huicai.example", True, None), ("http://huicai.example", True, "tasks.E001"),
    ("https://huicai.example", False, "tasks.E002"),
])  # fmt: skip
def test_a_connected_executor_is_proved(tmp_path, url, certificate, wrong):
    if certificate:
        Sender("huicai").trusted_by(tmp_path, "huicai")
    done = deploy_check(
        EXECUTORS="huicai", EXECUTOR_HUICAI_URL=url, EXECUTOR_HUICAI_CERTIFICATES=str(tmp_path / "huicai.pem")
    )
    assert (done.returncode == 0) == (wrong is None), done.stderr
    assert wrong is None or wrong in done.stderr
