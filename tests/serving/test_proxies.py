"""The page behind real proxies with HTTPS, set up as docs/security.md says: log-in, websocket, and what is missing."""

import asyncio
import os
import re
import shlex
import ssl
import textwrap
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from app.sandbox.certificates import own_certificate
from app.sandbox.ports import free_ports
from app.serving.addresses import Proxies
from tests.api.house import PASSWORD, House, open_house, served, until
from tests.browser import PLAIN
from tests.live.serving import sessions
from tests.provision import caddy_command, chromium_path, nginx_command

ROOT = Path(__file__).parents[2]
MANUAL = ROOT / "docs" / "security.md"
FRONT = ROOT / "docker" / "front"
START_S = 30


def block(beginning: str) -> str:
    """What stands in the manual, from a line with this beginning to the end of its block."""
    found = re.search(
        rf"^    {re.escape(beginning)}.*?^    }}$", MANUAL.read_text(), re.DOTALL | re.MULTILINE
    )
    assert found is not None
    return textwrap.dedent(found[0])


def nginx(folder: Path, port: int, service: str, certificate: Path, key: Path, phones: str) -> list[str]:
    location = block("location / {").replace("http://127.0.0.1:8000", service)
    location += block("location = /phone/ws {").replace("127.0.0.1:8088", phones)
    folders = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; events {{}} http {{ access_log off; {folders}"
        f"{block('map $http_upgrade')} server {{ listen 127.0.0.1:{port} ssl; server_name localhost;"
        f" ssl_certificate {certificate}; ssl_certificate_key {key}; {location} }} }}"
    )
    return [*nginx_command(), "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]


def caddy(folder: Path, port: int, service: str, certificate: Path, key: Path, phones: str) -> list[str]:
    site = block("centre.example {").replace("centre.example", f"https://localhost:{port}")
    site = site.replace("127.0.0.1:8000", service.removeprefix("http://")).replace("127.0.0.1:8088", phones)
    site = site.replace("{\n", f"{{\n    bind 127.0.0.1\n    tls {certificate} {key}\n", 1)
    (folder / "Caddyfile").write_text(f"{{\n    admin off\n    auto_https disable_redirects\n}}\n{site}\n")
    return [*caddy_command(), "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


def front(folder: Path, port: int, service: str, certificate: Path, key: Path, phones: str) -> list[str]:
    """The front of docker-compose.yml, with the certificate of an administrator."""
    (folder / "bin").mkdir()
    (folder / "bin" / "caddy").write_text(f'#!/bin/sh\nexec {shlex.join(caddy_command())} "$@"\n')
    (folder / "bin" / "caddy").chmod(0o755)
    said = {
        "KESKUS_SITE": "localhost",
        "KESKUS_SITE_CERTIFICATE": str(certificate),
        "KESKUS_SITE_KEY": str(key),
        "FRONT_BIND": "127.0.0.1",
        "FRONT_CADDYFILE": str(FRONT / "Caddyfile"),
        "FRONT_FOLDER": str(folder),
        "FRONT_HTTP": str(free_ports(1)[0]),
        "FRONT_HTTPS": str(port),
        "FRONT_PAGE": service.removeprefix("http://"),
        "FRONT_PHONES": phones,
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
    }
    return ["env", *(f"{name}={value}" for name, value in said.items()), str(FRONT / "entrypoint.sh")]


@asynccontextmanager
async def proxied(
    folder: Path, which: str, service: str, phones: str = "127.0.0.1:8088"
) -> AsyncIterator[str]:
    """A proxy in front of the service, and of the PBX for browsers' phones; gives its address."""
    port, made = free_ports(1)[0], await own_certificate(folder, "localhost")
    command = {"nginx": nginx, "caddy": caddy, "front": front}[which](
        folder, port, service, made.certificate, made.key, phones
    )
    process = await asyncio.create_subprocess_exec(
        *command,
        env=os.environ | {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)},
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(START_S):
            while not await listens(port):
                assert process.returncode is None, await process.communicate()
        yield f"https://localhost:{port}"
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        await asyncio.sleep(0.05)  # another program has no event for us
        return False
    writer.close()
    return True


@asynccontextmanager
async def phones_socket() -> AsyncIterator[str]:
    """A PBX that takes the websocket of a browser's phone, at the one path that Asterisk has; gives its address."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        fits = asked.startswith("get /ws http") and "sec-websocket-protocol: sip" in asked
        lines = (
            ("HTTP/1.1 101 Switching", "Upgrade: websocket", "Connection: Upgrade")
            if fits
            else ("HTTP/1.1 404 No",)
        )
        writer.write("\r\n".join((*lines, "", "")).encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def opens_phone(url: str) -> int:
    """The status with which a phone's websocket is answered."""
    host, _, port = url.removeprefix("https://").partition(":")
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    reader, writer = await asyncio.open_connection(host, int(port), ssl=trusting)
    lines = (
        "GET /phone/ws HTTP/1.1", f"Host: {host}:{port}", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Protocol: sip",
    )  # fmt: skip
    writer.write("\r\n".join((*lines, "", "")).encode())
    status = int((await reader.readline()).split()[1])
    writer.close()
    return status


@asynccontextmanager
async def trying_to_log_in(url: str) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=PLAIN)
        context = await browser.new_context(locale="et", ignore_https_errors=True)
        page = await context.new_page()
        await page.goto(url)
        await page.fill("input[name=username]", "operator")
        await page.fill("input[name=password]", PASSWORD)
        await page.click("button[type=submit]")
        yield page
        await browser.close()


@asynccontextmanager
async def house_at(folder: Path, *proxies: str, https: bool = False) -> AsyncIterator[tuple[House, str]]:
    async with open_house(folder, proxies=Proxies(proxies), https=https) as house, served(house) as url:
        yield house, url


@pytest.mark.parametrize("which", ["nginx", "caddy", "front"])
async def test_page_and_phone_are_live_behind_it(tmp_path: Path, which: str) -> None:
    async with (
        house_at(tmp_path, "127.0.0.1") as (house, service),
        phones_socket() as phones,
        proxied(tmp_path, which, service, phones) as url,
        trying_to_log_in(url) as page,
    ):
        await expect(page.get_by_role("button", name="Konto")).to_be_visible()
        await until(lambda: bool(sessions(house)), "the line to be open")
        await house.make_queue("sales", title="Müük")
        cookies = {cookie["name"]: cookie for cookie in await page.context.cookies()}
        assert cookies["__Host-keskus_session"]["secure"]
        assert await opens_phone(url) == 101
        await page.get_by_role("button", name="Konto").click()
        await page.get_by_role("menuitem", name="Logi välja").click()
        await expect(page.locator("input[name=username]")).to_be_visible()


@pytest.mark.parametrize("which", ["nginx", "front"])
async def test_it_says_which_setting_is_missing(tmp_path: Path, which: str) -> None:
    async with (
        house_at(tmp_path) as (_, service),
        proxied(tmp_path, which, service) as url,
        trying_to_log_in(url) as page,
    ):
        await expect(page.get_by_role("alert")).to_contain_text("KESKUS__HTTP__PROXIES")
        await expect(page.get_by_role("alert")).to_contain_text("KESKUS__HTTP__HTTPS=true")


async def test_https_alone_does_too(tmp_path: Path) -> None:
    async with (
        house_at(tmp_path, https=True) as (house, service),
        proxied(tmp_path, "nginx", service) as url,
        trying_to_log_in(url) as page,
    ):
        await expect(page.get_by_role("button", name="Konto")).to_be_visible()
        await until(lambda: bool(sessions(house)), "the line to be open")
