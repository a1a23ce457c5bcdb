"""The project's compose file in a scratch folder, with secrets and variables of its own."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

PROJECT: Final = "keskus-trial"
STAND_IN: Final = "keskus-stand-in"
_ROOT: Final = Path(__file__).resolve().parents[2]
_FILES: Final = (
    "Dockerfile", "docker-compose.yml", "docker-compose.host.yml", ".dockerignore", "requirements.txt",
    "requirements-node.txt", "app", "asterisk", "dialplan", "docker", "web",
)  # fmt: skip
_NOT_COPIED: Final = shutil.ignore_patterns("__pycache__", "node_modules", "built")
_BASES: Final = {"postgres": "trixie", "asterisk": "sid", "keskus": "trixie", "front": "sid"}


class Compose:
    """`docker compose` in a folder.

    Args:
        folder: where it is made; empty.
        variables: what its `.env` says.
        host: on the machine's own network.
        stand_in: on base images made by `make_bases`, not on Debian's own.
    """

    def __init__(self, folder: Path, variables: Mapping[str, str], *, host: bool, stand_in: bool) -> None:
        self.folder = folder
        for name in _FILES:
            if (_ROOT / name).is_dir():
                shutil.copytree(_ROOT / name, folder / name, ignore=_NOT_COPIED)
            else:
                shutil.copy(_ROOT / name, folder / name)
        files = ["docker-compose.yml"]
        if host:
            files.append("docker-compose.host.yml")
        if stand_in:
            files.append("stand-in.yml")
            lines = [
                f"  {service}: {{build: {{args: {{DEBIAN: '{STAND_IN}:{suite}'}}}}}}\n"
                for service, suite in _BASES.items()
            ]
            (folder / "stand-in.yml").write_text("services:\n" + "".join(lines))
        every = {"COMPOSE_PROJECT_NAME": PROJECT, "COMPOSE_FILE": ":".join(files), **variables}
        (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in every.items()))

    def __call__(self, *words: str, **more: str) -> str:
        """Run `docker compose` and give what it printed; `more` are variables."""
        return self.run("docker", "compose", *words, **more)

    def run(self, *command: str, **more: str) -> str:
        """Run a command in the folder and give what it printed.

        Raises:
            AssertionError: it failed.
        """
        done = self.tries(*command, **more)
        assert not done.returncode, f"{' '.join(command)}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done.stdout

    def tries(self, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command that may fail."""
        return subprocess.run(
            command, cwd=self.folder, env={**os.environ, **more}, check=False, capture_output=True, text=True
        )

    def secret(self, name: str) -> str:
        """What one of its secrets is now."""
        return (self.folder / "secrets" / name).read_text()


def make_bases(folder: Path, mirror: str) -> None:
    """Make stand-ins for Debian's images where no image registry can be reached, from a mirror of packages.

    They trust the certificates that this machine's administrator has added, as the machine itself does.
    """
    for suite in sorted(set(_BASES.values())):
        if (
            subprocess.run(
                ["docker", "image", "inspect", f"{STAND_IN}:{suite}"], check=False, capture_output=True
            ).returncode
            == 0
        ):
            continue
        root = folder / suite
        subprocess.run(
            ["debootstrap", "--variant=minbase", suite, root, mirror], check=True, capture_output=True
        )
        (root / "etc/apt/apt.conf.d/99stand-in").write_text('Acquire::Check-Valid-Until "false";\n')
        for own in Path("/usr/local/share/ca-certificates").glob("*.crt"):
            kept = root / "usr/local/share/ca-certificates"
            kept.mkdir(parents=True, exist_ok=True)
            shutil.copy(own, kept)
        packed = subprocess.Popen(["tar", "-C", root, "-c", "."], stdout=subprocess.PIPE)
        subprocess.run(["docker", "import", "-", f"{STAND_IN}:{suite}"], stdin=packed.stdout, check=True)
        assert packed.wait() == 0
        shutil.rmtree(root)
