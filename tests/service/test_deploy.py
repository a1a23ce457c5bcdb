"""What is laid out on a server: the units, the settings file, the rotation of logs."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from app.service.settings_sources import load

DEPLOY = Path(__file__).parents[2] / "deploy"
ANALYZE = shutil.which("systemd-analyze")
EXPOSED = 20
"""Tenths, of 100: `systemd-analyze security` calls up to 40 OK."""


def test_the_settings_file_fits(tmp_path: Path) -> None:
    (tmp_path / "ami_secret").write_text("s3cret\n")
    text = (DEPLOY / "keskus.toml").read_text().replace("/etc/keskus/ami_secret", "ami_secret")
    file = tmp_path / "keskus.toml"
    file.write_text(text)
    settings = load({"KESKUS_SETTINGS": str(file)}).settings
    assert settings.pbx.secret.get_secret_value() == "s3cret"
    assert set(tomllib.loads(text)) == {"database", "imports", "pbx"}


@pytest.mark.skipif(ANALYZE is None, reason="systemd is not here")
def test_the_units_are_sound_and_closed(tmp_path: Path) -> None:
    assert ANALYZE is not None
    program = Path(sys.executable).parent / "keskus"
    units = [DEPLOY / name for name in ("keskus.service", "keskus-backup.service", "keskus-backup.timer")]
    for unit in units:
        text = unit.read_text().replace("/opt/keskus/bin/keskus", str(program))
        (tmp_path / unit.name).write_text(re.sub("^Documentation=.*\n", "", text, flags=re.MULTILINE))
    made = [str(tmp_path / unit.name) for unit in units]
    verified = subprocess.run([ANALYZE, "verify", *made], check=False, capture_output=True, text=True)
    ours = [line for line in verified.stderr.splitlines() if "keskus" in line]
    assert not ours
    security = [ANALYZE, "security", "--offline=true", f"--threshold={EXPOSED}", *made[:2]]
    told = subprocess.run(security, check=False, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout[-300:]


@pytest.mark.skipif(shutil.which("logrotate") is None, reason="logrotate is not here")
def test_the_rotation_of_logs_is_read(tmp_path: Path) -> None:
    file = tmp_path / "logrotate"
    shutil.copy(DEPLOY / "logrotate", file)
    file.chmod(0o644)
    told = subprocess.run(["logrotate", "--debug", file], check=False, capture_output=True, text=True)
    assert "bad" not in told.stderr.lower().replace("unknown user", "")
