"""`python -m tests.docker`: the compose file on a real engine, with a phone and a carrier outside this machine.

It builds the images, starts the centre, lets an operator's phone outside register, calls in and measures the sound at
both ends, lets a browser outside come through the front and talk there, renews each secret while they talk, starts
everything anew, looks whether lists survived, and takes it all away. It works in a folder of its own; a centre that
runs here keeps its containers, but not its ports. Needs root (for the network namespace), Docker with Compose 2.24 or
newer, curl, Chromium, and the ports of the compose file. The exit status is 1 when something was not as it should be.
"""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, Final, Self

import httpx
import typer
from playwright.async_api import Error as PlaywrightError
from rich.console import Console

from app.system import clock
from tests.desktop.talking import hears
from tests.docker.browser import answer, desktop
from tests.docker.compose import PROJECT, Compose, make_bases
from tests.docker.network import CARRIER, HERE, PHONE, Outside

URL: Final = "http://127.0.0.1:8000"
NUMBER: Final = "3726000100"
PAGE_NUMBER: Final = "3726000101"
READY_S: Final = 120.0
POLL_S: Final = 0.2
OWN_PORTS: Final = ("5038", "5432", "8000")
"""AMI, database, page: nobody else's business."""
console = Console(highlight=False, width=120)

_AMI: Final = """
import socket, sys
with socket.create_connection((sys.argv[1], 5038), 5) as line:
    line.sendall(f"Action: Login\\r\\nUsername: keskus\\r\\nSecret: {sys.stdin.read()}\\r\\n\\r\\n".encode())
    said = b""
    while b"Response:" not in said or not said.endswith(b"\\r\\n\\r\\n"):
        said += line.recv(4096)
print("Success" in said.decode())
"""


class Phones:
    """The phones outside, in a process of their own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def register(cls, outside: Outside, sip: dict[str, Any]) -> Self:
        """Start them; the operator's registers at the address that its account tells."""
        told = {"pbx": sip["address"].partition(":")[0], "phone": PHONE, "carrier": CARRIER, "number": NUMBER}
        told |= {"account": sip["username"], "secret": sip["secret"]}
        process = await asyncio.create_subprocess_exec(
            *outside.command, sys.executable, "-m", "tests.docker.outside",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        phones = cls(process)
        await phones.ask(json.dumps(told))
        return phones

    async def ask(self, word: str) -> dict[str, Any]:
        """Have something done; give the answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{word}\n".encode())
        line = await self._process.stdout.readline()
        answer: dict[str, Any] = json.loads(line or b'{"error": "the phones ended"}')
        assert "error" not in answer, answer["error"]
        return answer

    async def close(self) -> None:
        """Put them down."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()

    def kill(self) -> None:
        """Be rid of them, however they are."""
        if self._process.returncode is None:
            self._process.kill()


class Centre:
    """The running centre, as its administrator has it."""

    def __init__(self, compose: Compose) -> None:
        self._compose = compose
        self._http = httpx.AsyncClient(base_url=f"{URL}/api/v1", headers={"Origin": URL}, timeout=30.0)

    async def ready(self) -> None:
        """Wait until /readyz says yes."""
        said = "nothing"
        try:
            async with asyncio.timeout(READY_S):
                while True:
                    try:
                        answer = await self._http.get(f"{URL}/readyz")
                        if answer.status_code == 200:
                            return
                        said = answer.text
                    except httpx.TransportError as error:
                        said = repr(error)
                    await asyncio.sleep(POLL_S)
        except TimeoutError:
            logs = self._compose.tries("docker", "compose", "logs", "--tail", "30").stdout
            raise AssertionError(f"not ready within {READY_S:g} s: {said}\n{logs}") from None

    async def log_in(self, password: str) -> None:
        """Open a session."""
        body = {"username": "admin", "password": password}
        await self.ask("POST", "/session", body)

    async def ask(self, method: str, path: str, body: object = None, content: bytes | None = None) -> Any:
        """Ask for something that must succeed; give the answer."""
        whatever = {} if method in {"GET", "POST"} else {"If-Match": "*"}
        answer = await self._http.request(method, path, json=body, content=content, headers=whatever)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        is_json = answer.content and "json" in answer.headers.get("content-type", "")
        return answer.json() if is_json else answer.text

    async def until(self, path: str, so: Callable[[Any], bool]) -> Any:
        """Ask again and again until the answer is so."""
        async with asyncio.timeout(READY_S):
            while not so(found := await self.ask("GET", path)):  # noqa: ASYNC110 - containers have no event for us
                await asyncio.sleep(POLL_S)
        return found


class Trial:
    """The steps, in order."""

    def __init__(self, compose: Compose, outside: Outside, *, host: bool) -> None:
        self.compose = compose
        self.outside = outside
        self.host = host
        self.centre = Centre(compose)
        self.phones: Phones | None = None
        self.operator: dict[str, Any] = {}
        self.job: dict[str, Any] = {}
        self._copy = compose.folder / "centre.tar"

    async def run(self) -> None:
        """Take every step; each is told with the time it took."""
        steps: list[tuple[str, Callable[[], Awaitable[str]]]] = [
            ("images are built", self.build),
            ("the centre is ready", self.start),
            ("AMI, database and page are nobody else's", self.closed),
            ("an account tells the address outside", self.account),
            ("the phone outside registers", self.register),
            ("both hear each other", self.talk),
            ("the front is trusted by its own authority's certificate alone", self.trusted),
            ("a browser outside registers through the front, and both hear each other", self.browser),
            ("a list is in, one row is rejected", self.bring_list),
            *((f"{name} is renewed while they talk", self._renewal(name)) for name in
              ("admin_password", "database_password", "asterisk_password", "ami_secret")),
            ("PostgreSQL restarts, and both hear each other in a new call", self.database_restarts),
            ("containers are made anew", self.anew),
            ("the list and its rejected row are there", self.list_is_there),
            ("both hear each other again", self.talk_again),
            ("the centre is copied at work", self.back_up),
            ("proxies of published ports", self.proxies),
            ("it is all taken away", self.down),
            ("a fresh centre, with other secrets, is what the copy says", self.restore),
            ("the list and its rejected row are there", self.list_is_there),
            ("the phone registers as before, and both hear each other", self.as_before),
            ("it is all taken away", self.down),
        ]  # fmt: skip
        try:
            for name, step in steps:
                began_s = clock.monotonic()
                said = await step()
                console.print(f"{clock.monotonic() - began_s:7.1f} s  {name}{f': {said}' if said else ''}")
        finally:
            if self.phones is not None:
                self.phones.kill()

    async def build(self) -> str:
        await asyncio.to_thread(self.compose, "build")
        return ""

    async def start(self) -> str:
        self.compose.run("docker/secrets.sh")
        await asyncio.to_thread(self.compose, "up", "-d")
        await self.centre.ready()
        await self.centre.log_in(self.compose.secret("admin_password"))
        return ""

    async def closed(self) -> str:
        listening = self.compose.run("ss", "-Hltn")
        reached = [line.split()[3] for line in listening.splitlines()]
        open_ = [one for one in reached if one.rpartition(":")[2] in OWN_PORTS and "127.0.0.1" not in one]
        assert not open_, open_
        for port in OWN_PORTS:
            knock = ["python3", "-c", f"import socket; socket.create_connection(('{HERE}', {port}), 2)"]
            assert self.compose.tries(*self.outside.command, *knock).returncode, f"{port} is open outside"
        return ""

    async def account(self) -> str:
        await self.centre.ask("POST", "/queues", {"id": "sales", "title": "Sales"})
        await self.centre.ask("PUT", f"/routes/{NUMBER}", {"kind": "queue", "target": "sales"})
        user = {"username": "mari", "password": os.urandom(12).hex(), "display_name": "Mari Maasikas"}
        body = {"user": user, "memberships": [{"queue": "sales"}]}
        self.operator = await self.centre.ask("POST", "/operators", body)
        assert self.operator["sip"]["address"] == f"{HERE}:5060", self.operator["sip"]["address"]
        return f"{HERE}:5060"

    async def register(self) -> str:
        self.phones = await Phones.register(self.outside, self.operator["sip"])
        await self._available()
        return ""

    async def talk(self) -> str:
        assert self.phones is not None
        await self.phones.ask("dial")
        heard = await self.phones.ask("hear")
        return f"{heard['customer']} packets at the customer's, {heard['operator']} at the operator's"

    async def trusted(self) -> str:
        root = self.compose.folder / "root.crt"
        inside = "front:/var/lib/keskus-front/caddy/pki/authorities/local/root.crt"
        await asyncio.to_thread(self.compose, "cp", inside, str(root))
        outside = (*self.outside.command, "curl", "-sS", "-m", "10")
        page = ("-o", "/dev/null", "-w", "%{http_code}", f"https://{HERE}/desk")
        assert self.compose.tries(*outside, *page).returncode == 60, "anybody's certificate is believed"
        assert self.compose.run(*outside, "--cacert", str(root), *page) == "200"
        to_https = ("-o", "/dev/null", "-w", "%{redirect_url}", f"http://{HERE}/desk")
        assert self.compose.run(*outside, *to_https) == f"https://{HERE}/desk"
        assert self.compose.tries(*outside, f"http://{HERE}:8088/ws").returncode == 7, "8088 is open outside"
        return f"https://{HERE}"

    async def browser(self) -> str:
        assert self.phones is not None
        await self.phones.ask("end")
        await self.centre.ask("POST", "/queues", {"id": "page", "title": "Page"})
        await self.centre.ask("PUT", f"/routes/{PAGE_NUMBER}", {"kind": "queue", "target": "page"})
        password = os.urandom(12).hex()
        user = {"username": "jaan", "password": password, "display_name": "Jaan Tamm"}
        told = {"user": user, "memberships": [{"queue": "page"}], "browser": True}
        made = await self.centre.ask("POST", "/operators", told)
        assert made["sip"]["address"] == f"wss://{HERE}/phone/ws", made["sip"]["address"]
        folder = self.compose.folder.parent
        async with desktop(self.outside, folder, f"https://{HERE}", "jaan", password) as page:
            await self.phones.ask(f"call {PAGE_NUMBER}")
            await answer(page)
            await hears(page)
            await self.phones.ask("tone")
            await self.phones.ask("end")
        checked = self.compose.tries("docker", "compose", "exec", "-T", "keskus", "keskus", "check")
        said = checked.stdout + checked.stderr
        assert "ok Phones in browsers are told an address that their page may open" in said, (
            f"{checked.returncode}: {said}"
        )
        await self.phones.ask("dial")
        return f"wss://{HERE}/phone/ws"

    async def bring_list(self) -> str:
        hours = [{"days": [1, 2, 3, 4, 5], "from": "09:00", "to": "17:00"}]
        wanted = {"title": "Survey", "purpose": "survey", "mode": "progressive", "queue": "sales"}
        campaign = await self.centre.ask("POST", "/campaigns", wanted | {"rule_set": "own", "hours": hours})
        content = b"Nimi;Telefon\nMari Maasikas;5550 0001\nJaan Tamm;puudub\n"
        self.job = await self.centre.ask("POST", f"/campaigns/{campaign['id']}/imports", content=content)
        path = f"/imports/{self.job['id']}"
        await self.centre.until(path, lambda told: told["state"] == "uploaded")
        await self.centre.ask("POST", f"{path}/start")
        told = await self.centre.until(path, lambda told: told["state"] == "done")
        assert (told["added"], told["rejected"]) == (1, 1), told
        return ""

    def _renewal(self, name: str) -> Callable[[], Awaitable[str]]:
        async def renew() -> str:
            assert self.phones is not None
            old = self.compose.secret(name)
            assert self._opens(name, old), f"{name} did not open anything before"
            await asyncio.to_thread(self.compose.run, "docker/secrets.sh", "renew", name)
            new = self.compose.secret(name)
            assert new != old
            await self.centre.ready()
            assert self._opens(name, new), f"{name}: the new one does not open"
            assert not self._opens(name, old), f"{name}: the old one still opens"
            left = self.compose.tries("grep", "-rlF", old, "secrets", ".env").stdout
            inside = self.compose.tries(
                "docker", "compose", "exec", "-T", "keskus", "grep", "-rlF", old, "/run"
            ).stdout
            inside += self.compose.tries(
                "docker", "compose", "exec", "-T", "asterisk", "grep", "-rlF", old, "/run"
            ).stdout
            assert not left + inside, f"{name}: the old one stands in {left}{inside}"
            await self.centre.log_in(self.compose.secret("admin_password"))
            await self.phones.ask("hear")
            return "the talk goes on"

        return renew

    def _opens(self, name: str, secret: str) -> bool:
        """Whether a secret lets anybody in."""
        execute = ("docker", "compose", "exec", "-T")
        if name == "admin_password":
            body = {"username": "admin", "password": secret}
            return httpx.post(
                f"{URL}/api/v1/session", json=body, headers={"Origin": URL}, timeout=30.0
            ).is_success
        if name == "ami_secret":
            done = subprocess.run(
                [*execute, "keskus", "python3", "-c", _AMI, "127.0.0.1" if self.host else "pbx"],
                cwd=self.compose.folder, input=secret, text=True, check=True, capture_output=True,
            )  # fmt: skip
            return done.stdout.strip() == "True"
        role = "asterisk" if name == "asterisk_password" else "keskus"
        psql = ("psql", "-h", "127.0.0.1", "-U", role, "-d", "asterisk", "-c", "SELECT 1")
        return self.compose.tries(*execute, "-e", f"PGPASSWORD={secret}", "postgres", *psql).returncode == 0

    async def database_restarts(self) -> str:
        assert self.phones is not None
        await self.phones.ask("end")
        await asyncio.to_thread(self.compose, "restart", "postgres")
        await self.centre.ready()
        said = await self.talk_again()
        await self.phones.ask("end")
        return said

    async def anew(self) -> str:
        await asyncio.to_thread(self.compose, "up", "-d", "--force-recreate")
        await self.centre.ready()
        await self.centre.log_in(self.compose.secret("admin_password"))
        return ""

    async def list_is_there(self) -> str:
        rejected = await self.centre.ask("GET", f"/imports/{self.job['id']}/rejected")
        assert "Jaan Tamm" in rejected, rejected
        return ""

    async def talk_again(self) -> str:
        await self._available()
        return await self.talk()

    async def back_up(self) -> str:
        words = ("docker", "compose", "exec", "-T", "keskus", "keskus", "backup", "-")
        await asyncio.to_thread(self._piped, words, write=True)
        return f"{self._copy.stat().st_size / 1e6:.1f} MB"

    async def restore(self) -> str:
        password = self.compose.secret("admin_password")
        shutil.rmtree(self.compose.folder / "secrets")
        self.compose.run("docker/secrets.sh")
        await asyncio.to_thread(self.compose, "up", "-d", "--wait", "asterisk")
        words = ("docker", "compose", "run", "--rm", "-T", "keskus", "restore", "-")
        await asyncio.to_thread(self._piped, words, write=False)
        await asyncio.to_thread(self.compose, "up", "-d")
        await self.centre.ready()
        await self.centre.log_in(password)
        return ""

    def _piped(self, words: tuple[str, ...], *, write: bool) -> None:
        """Run a command that writes the copy, or reads it."""
        with self._copy.open("wb" if write else "rb") as file:
            subprocess.run(
                words,
                cwd=self.compose.folder,
                check=True,
                stdin=subprocess.DEVNULL if write else file,
                stdout=file if write else subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    async def as_before(self) -> str:
        await self.register()
        return await self.talk()

    async def proxies(self) -> str:
        return await asyncio.to_thread(self._proxies)

    def _proxies(self) -> str:
        found = self.compose.tries("pgrep", "-x", "docker-proxy").stdout.split()
        told = [Path(f"/proc/{one}/smaps_rollup").read_text() for one in found]
        kilobytes = sum(int(size) for one in told for size in re.findall(r"^Pss: +(\d+)", one, re.MULTILINE))
        return f"{len(found)}, {kilobytes / 1024:.0f} MB together"

    async def down(self) -> str:
        assert self.phones is not None
        await self.phones.ask("end")
        await self.phones.close()
        await asyncio.to_thread(self.compose, "down", "-v")
        return ""

    async def _available(self) -> None:
        """Let the operator take calls, once the phone is known to be there."""
        path = f"/operators/{self.operator['id']}/state"
        await self.centre.ask("PUT", path, {"presence": "available"})

        def offerable(floor: Any) -> bool:
            (one,) = (each for each in floor["operators"] if each["id"] == self.operator["id"])
            return bool(one["device"] == "registered")

        await self.centre.until("/floor", offerable)


def main(
    host_network: Annotated[
        bool, typer.Option("--host-network", help="With docker-compose.host.yml.")
    ] = False,
    stand_in: Annotated[
        str, typer.Option(help="Debian's mirror, where no images can be had: bases are made by debootstrap.")
    ] = "",
) -> None:
    """Try the compose file on this machine's engine."""
    with tempfile.TemporaryDirectory(prefix="keskus-docker-") as folder, Outside() as outside:
        if stand_in:
            make_bases(Path(folder), stand_in)
        at = Path(folder) / "centre"
        at.mkdir()
        # On the machine's own network Asterisk's address is the one that others reach.
        where = {"KESKUS_SIP_ADDRESS": f"{HERE}:5060"} if host_network else {"KESKUS_PUBLIC_ADDRESS": HERE}
        front = {"COMPOSE_PROFILES": "front", "KESKUS_SITE": HERE, "KESKUS_SITE_AUTHORITY": "internal"}
        variables = {**where, **front, "KESKUS_TRUNK_HOST": CARRIER}
        compose = Compose(at, variables, host=host_network, stand_in=bool(stand_in))
        failed = ""
        try:
            asyncio.run(Trial(compose, outside, host=host_network).run())
        except (AssertionError, TimeoutError, PlaywrightError) as error:
            failed = str(error) or repr(error)
        finally:
            compose.tries("docker", "compose", "down", "-v", "--timeout", "5")
        if failed:
            console.print(re.sub(r"\n+", "\n", failed), style="red", markup=False)
            raise typer.Exit(1)
        console.print(f"{PROJECT}: all as it should be")


if __name__ == "__main__":
    typer.run(main)
