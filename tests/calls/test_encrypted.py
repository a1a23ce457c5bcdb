"""SIP over TLS and SRTP: a real phone registers, is called, talks, and nobody on the way could listen."""

import asyncio
import socket
import ssl
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.operators import DeviceState
from app.pbx.realtime.softphones import SoftphoneAccount, SoftphoneStore
from app.sandbox.certificates import own_certificate
from app.sandbox.sandbox import Certificate, Sandbox
from tests.baresip import VOICE, Baresip
from tests.live_floor import NUMBER, live_floor
from tests.pbx.fixtures import away_from_this_loop
from tests.running import running_service, sqlite_url
from tests.sipua import CLEARLY, Phone


@pytest.fixture(scope="module")
def secure() -> Iterator[Sandbox]:
    """A sandbox that listens for TLS, with a certificate of its own."""
    with tempfile.TemporaryDirectory(prefix="keskus-") as folder:
        pbx = Sandbox(Path(folder) / "pbx", tls=True)
        away_from_this_loop(pbx.start())
        try:
            yield pbx
        finally:
            away_from_this_loop(pbx.stop())


async def test_a_phone_registers_over_tls_and_talks_encrypted(secure: Sandbox) -> None:
    async with live_floor(secure) as live:
        account = await live.add_operator(1)
        await live.store.encrypt(True)
        async with (
            Baresip(live.layout, *account, trusts=secure.run_dir / "sip.crt") as phone,
            Phone.customer(live.layout, "37255500001") as anna,
        ):
            await live.available(1)
            call = await anna.dial(NUMBER)
            invite = await phone.invite()
            assert "transport=TLS" in invite or "SIP/2.0/TLS" in invite
            assert "RTP/SAVP" in phone.trace
            assert "a=crypto:" in phone.trace
            await phone.accept()
            async with asyncio.timeout(30):
                await anna.hears(call, VOICE)
                while min(await phone.packets()) <= CLEARLY:
                    await anna.hears(call, VOICE)
            shown = await secure.cli("core show channels concise")
            (channel,) = [
                line.partition("!")[0] for line in shown.splitlines() if line.startswith("PJSIP/op1")
            ]
            asked = {"Action": "Getvar", "Channel": channel, "Variable": "CHANNEL(rtp,secure)"}
            assert (await live.pbx.link.send(asked)).get("Value") == "1"
            await anna.hang_up(call)
            await phone.told("CALL_CLOSED")


async def test_a_phone_that_does_not_encrypt_gets_no_call(secure: Sandbox) -> None:
    async with live_floor(secure) as live:
        account = await live.add_operator(1)
        await live.store.encrypt(True)
        async with Phone(live.layout, *account) as phone:  # over UDP, without SRTP
            await live.until(lambda: live.operator(1).device is DeviceState.REGISTERED)
            call = await phone.dial("101")
            await phone.until(lambda: bool(call.ended_s))
            assert call.status == 488
        await live.store.encrypt(False)


async def test_accounts_tell_how_to_register(secure: Sandbox, tmp_path: Path) -> None:
    async with running_service(secure, sqlite_url(tmp_path), sip_transport="tls") as service:
        await service.ask("POST", "/queues", {"id": "abi", "title": "Abi"})
        (made,) = await service.add_operators(1, "abi")
        sip = made["sip"]
        assert (sip["transport"], sip["srtp"]) == ("tls", True)
        renewed = await service.ask("POST", f"/operators/{made['id']}/softphone-secret")
        assert (renewed["transport"], renewed["srtp"]) == ("tls", True)
        trusts = secure.run_dir / "sip.crt"
        async with Baresip(secure.layout, renewed["username"], renewed["secret"], trusts=trusts):
            pass


async def test_accounts_that_were_there_follow_the_setting(secure: Sandbox) -> None:
    async with SoftphoneStore(secure.softphones_url) as store:
        await store.put(SoftphoneAccount("desk"))
        await store.put(SoftphoneAccount("browser", browser=True))

        async def encryption(name: str) -> str:
            shown = await secure.cli(f"pjsip show endpoint {name}")
            return next(
                line.split(":")[1].strip() for line in shown.splitlines() if "media_encryption  " in line
            )

        for wanted, desk in ((True, "sdes"), (False, "no")):
            await store.encrypt(wanted)
            assert await encryption("desk") == desk
            assert await encryption("browser") == "dtls"


async def test_a_certificate_is_kept_and_is_for_the_address(tmp_path: Path) -> None:
    made = await own_certificate(tmp_path, "127.0.0.1")
    before = made.certificate.read_bytes()
    assert (await own_certificate(tmp_path, "127.0.0.1")).certificate.read_bytes() == before
    assert made.key.stat().st_mode & 0o077 == 0
    named = await own_certificate_of(tmp_path / "named", "pbx.example")
    for certificate in (made, named):
        ssl.create_default_context(cafile=str(certificate.certificate))


async def own_certificate_of(folder: Path, host: str) -> Certificate:
    await asyncio.to_thread(folder.mkdir)
    return await own_certificate(folder, host)


async def test_a_given_certificate_is_served(tmp_path: Path) -> None:
    given = await own_certificate(tmp_path, "127.0.0.1")
    with tempfile.TemporaryDirectory(prefix="keskus-") as folder:
        pbx = Sandbox(Path(folder) / "pbx", tls=given)
        layout = await pbx.start()
        try:
            trust = ssl.create_default_context(cafile=str(given.certificate))
            _, writer = await asyncio.open_connection(
                layout.host, layout.tls_port, ssl=trust, server_hostname=layout.host, family=socket.AF_INET
            )
            assert writer.get_extra_info("ssl_object").version() == "TLSv1.2"
            writer.close()
            await pbx.stop()
            assert (await Sandbox(Path(folder) / "pbx").start()).tls_port == 0
        finally:
            await pbx.stop()
