"""What runs the bot as a service: files that systemd and Docker take as they are."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings_file import read

DEPLOY = Path(__file__).parent.parent / "deploy"


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    unit = (DEPLOY / "palou.service").read_text(encoding="utf-8")
    assert "/opt/palou/bin/palou" in unit
    # It is verified as it stands, but for the program, which is not installed there.
    there = tmp_path / "palou.service"
    there.write_text(unit.replace("/opt/palou/bin/palou", sys.executable), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(there)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_compose_runs_both_and_keeps_the_secret_out() -> None:
    text = (DEPLOY / "qq.compose.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    services = content["services"]
    assert set(services) == {"palou", "napcat"}
    assert services["palou"]["environment"]["ONEBOT_ACCESS_TOKEN"].startswith("${")
    # What logs the account in is reached from this machine alone.
    assert all(p.startswith("127.0.0.1:") for p in services["napcat"]["ports"])
    named = {v.split(":")[0] for s in services.values() for v in s["volumes"]} - {"${PALOU_DATA"}
    assert named == set(content["volumes"])


@pytest.mark.parametrize("page", ["networks.md", "networks.zh.md"])
def test_the_settings_on_the_page_are_taken(page: str, tmp_path: Path) -> None:
    text = (DEPLOY / page).read_text(encoding="utf-8")
    blocks = [part.split("```")[0] for part in text.split("```toml\n")[1:]]
    assert len(blocks) >= 2
    for number, block in enumerate(blocks):
        file = tmp_path / f"{number}.toml"
        file.write_text(block, encoding="utf-8")
        read(file, {})
