"""The wheel holds everything that runs: installed into a place of its own, away from the source."""

import asyncio
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from app.sandbox.sandbox import Sandbox
from tests.faults.service import Service
from tests.running import sqlite_url

ROOT = Path(__file__).parents[2]
HATCHLING = Path(sys.executable).parent / "hatchling"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A venv with the wheel; what it needs besides comes from the tests' own."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [HATCHLING, "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True, capture_output=True
    )
    (wheel,) = folder.glob("*.whl")
    venv = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    python = venv / "bin" / "python"
    words = ("-m", "pip", "install", "-q", "--no-deps", "--no-index")
    subprocess.run([python, *words, wheel], cwd=folder, check=True)
    (site,) = (venv / "lib").glob("python*/site-packages")
    (site / "needed.pth").write_text(sysconfig.get_path("purelib"))
    where = subprocess.run(
        [python, "-c", "import app; print(app.__file__)"],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    assert Path(where.stdout.strip()).is_relative_to(venv)
    return venv / "bin" / "keskus"


async def test_a_wheel_brings_a_pbx_and_serves(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own PBX's files, dialplan, migrations, page and desktop."""
    monkeypatch.chdir(tmp_path)
    run_dir = tmp_path / "pbx"
    await asyncio.to_thread(pbx, installed, "up", run_dir)
    sandbox = Sandbox(run_dir)
    service = Service(tmp_path, sandbox, sandbox.layout.ami_port, sqlite_url(tmp_path), {}, installed)
    try:
        await service.start()
        await service.ready()
        await service.log_in()
        desktop = await service._http.get(f"{service.url}/", follow_redirects=True)
        assert (desktop.status_code, desktop.url.path) == (200, "/desk")
        script = desktop.text.partition('src="')[2].partition('"')[0]
        loaded = await service._http.get(service.url + script, headers={"Accept-Encoding": "br"})
        assert (loaded.status_code, loaded.headers["content-encoding"]) == (200, "br")
        assert await service.ask("GET", "/queues") is not None
    finally:
        await service.close()
        await asyncio.to_thread(pbx, installed, "down", run_dir)


def pbx(installed: Path, what: str, run_dir: Path) -> None:
    """Start or stop the sandbox by the command."""
    subprocess.run(
        [installed, "pbx", what, "--run-dir", run_dir], check=True, capture_output=True, timeout=200
    )


def test_a_wheel_holds_the_files_for_an_asterisk_of_ones_own(installed: Path) -> None:
    told = subprocess.run([installed, "pbx", "files"], cwd="/", check=True, capture_output=True, text=True)
    folder = Path(told.stdout.strip())
    assert folder.is_relative_to(installed.parents[1])
    tables = (ROOT / "docker" / "postgres" / "asterisk.sql").read_text()
    assert (folder / "asterisk" / "postgresql" / "asterisk.sql").read_text() == tables
    assert (folder / "dialplan" / "keskus.conf").is_file()
