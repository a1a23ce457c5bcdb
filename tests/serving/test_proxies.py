"""The page behind real proxies with HTTPS, set up as docs/security.md says: log-in, websocket, and what is missing."""

import asyncio
import os
import re
import textwrap
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from app.sandbox.certificates import own_certificate
from app.sandbox.ports import free_ports
from app.serving.addresses import Proxies
from tests.api.house import PASSWORD, House, open_house, served
from tests.live.test_page import FLAGS
from tests.provision import caddy_command, chromium_path, nginx_command

MANUAL = Path(__file__).parents[2] / "docs" / "security.md"
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
    location += block("location = /phones {").replace("127.0.0.1:8088", phones)
    folders = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; events {{}} http {{ access_log off; {folders}"
        f"{block('map $http_upgrade')} server {{ listen 127.0.0.1:{port} ssl; server_name localhost;"
        f" ssl_certificate {certificate}; ssl_certificate_key {key}; {location} }} }}"
    )
    return [*nginx_command(), "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]


def caddy(folder: Path, port: int, service: str, certificate: Path, key: Path, _: str) -> list[str]:
    site = block("centre.example {").replace("centre.example", f"https://localhost:{port}")
    site = site.replace("127.0.0.1:8000", service.removeprefix("http://"))
    site = site.replace("{\n", f"{{\n    bind 127.0.0.1\n    tls {certificate} {key}\n", 1)
    (folder / "Caddyfile").write_text(f"{{\n    admin off\n    auto_https disable_redirects\n}}\n{site}\n")
    return [*caddy_command(), "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


@asynccontextmanager
async def proxied(
    folder: Path, which: str, service: str, phones: str = "127.0.0.1:8088"
) -> AsyncIterator[str]:
    """A proxy in front of the service, and of the PBX for browsers' phones; gives its address."""
    port, made = free_ports(1)[0], await own_certificate(folder, "localhost")
    command = {"nginx": nginx, "caddy": caddy}[which](
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
async def trying_to_log_in(url: str) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        context = await browser.new_context(locale="et", ignore_https_errors=True)
        page = await context.new_page()
        await page.goto(url)
        await page.fill("#username", "operator")
        await page.fill("#password", PASSWORD)
        await page.click("#login-form button")
        yield page
        await browser.close()


@asynccontextmanager
async def house_at(folder: Path, *proxies: str, https: bool = False) -> AsyncIterator[tuple[House, str]]:
    async with open_house(folder, proxies=Proxies(proxies), https=https) as house, served(house) as url:
        yield house, url


@pytest.mark.parametrize("which", ["nginx", "caddy"])
async def test_the_page_is_live_behind_it(tmp_path: Path, which: str) -> None:
    async with (
        house_at(tmp_path, "127.0.0.1") as (house, service),
        proxied(tmp_path, which, service) as url,
        trying_to_log_in(url) as page,
    ):
        await expect(page.locator("#line.live")).to_be_visible()
        await house.make_queue("sales", title="Müük")
        cookies = {cookie["name"]: cookie for cookie in await page.context.cookies()}
        assert cookies["__Host-keskus_session"]["secure"]
        await page.click("#log-out")
        await expect(page.locator("#login-form")).to_be_visible()


@pytest.mark.parametrize("which", ["nginx", "caddy"])
async def test_it_says_which_setting_is_missing(tmp_path: Path, which: str) -> None:
    async with (
        house_at(tmp_path) as (_, service),
        proxied(tmp_path, which, service) as url,
        trying_to_log_in(url) as page,
    ):
        await expect(page.locator("#login-error")).to_contain_text("KESKUS__HTTP__PROXIES")
        await expect(page.locator("#login-error")).to_contain_text("KESKUS__HTTP__HTTPS=true")


@pytest.mark.parametrize("which", ["nginx", "caddy"])
async def test_https_alone_does_too(tmp_path: Path, which: str) -> None:
    async with (
        house_at(tmp_path, https=True) as (_, service),
        proxied(tmp_path, which, service) as url,
        trying_to_log_in(url) as page,
    ):
        await expect(page.locator("#line.live")).to_be_visible()
