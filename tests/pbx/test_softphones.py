"""Accounts written as rows: the PBX takes them at once, and believes nobody else."""

import asyncio
import itertools
import os
import secrets
import signal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.demo.sipp import Callers, Softphones, register
from app.pbx.realtime.softphones import Route, SoftphoneAccount, SoftphoneStore, digits
from app.sandbox.sandbox import Sandbox
from tests.ami import Ami

_numbers = itertools.count(1)


def new_name() -> str:
    return f"phone{next(_numbers)}"


async def test_a_new_account_registers_at_once_and_a_removed_one_cannot(
    sandbox: Sandbox, softphones: SoftphoneStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    # SIPp takes a secret that begins with 0x for a number: one registration in 4,096 was refused.
    monkeypatch.setattr(secrets, "token_urlsafe", lambda _: "0x6Ve9fKf6YJlA-qvbV8tqxKY1KexKlR")
    account = await softphones.put(SoftphoneAccount(new_name(), display="Mari Õun", number="201"))
    assert account.name in await softphones.names()

    async with register(sandbox.layout, [(account.name, account.secret)]) as phone:
        await phone.done()
        await phone.wait("registered")

    async with register(sandbox.layout, [(account.name, "wrong")]) as phone:
        await phone.done()
        assert (await phone.wait("refused"))[0].detail == "401"

    await softphones.remove(account.name)
    assert account.name not in await softphones.names()
    async with register(sandbox.layout, [(account.name, account.secret)]) as phone:
        await phone.done()
        await phone.wait("refused")


async def test_a_new_secret_replaces_the_old_one(sandbox: Sandbox, softphones: SoftphoneStore) -> None:
    old = await softphones.put(SoftphoneAccount(new_name()))
    new = await softphones.put(SoftphoneAccount(old.name))
    assert len(new.secret) >= 32
    assert new.secret != old.secret
    async with register(sandbox.layout, [(old.name, old.secret)]) as phone:
        await phone.wait("refused")
    async with register(sandbox.layout, [(new.name, new.secret)]) as phone:
        await phone.wait("registered")


async def test_a_phone_registers_at_a_pbx_that_is_slow_to_answer(
    sandbox: Sandbox, softphones: SoftphoneStore
) -> None:
    """It asks twice, and is told twice to say who it is."""
    account = await softphones.put(SoftphoneAccount("slow1", number="7951"))
    pid = (await sandbox.status()).pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    asyncio.get_running_loop().call_later(1.2, os.kill, pid, signal.SIGCONT)
    async with Softphones(sandbox.layout, [(account.name, account.secret)]):
        pass


async def test_device_state_follows_the_phone(sandbox: Sandbox, softphones: SoftphoneStore, ami: Ami) -> None:
    account = await softphones.put(SoftphoneAccount(new_name()))
    device = f"PJSIP/{account.name}"

    async def state() -> str:
        return (await ami.action("Getvar", Variable=f"DEVICE_STATE({device})"))[0]["Value"]

    assert await state() == "UNAVAILABLE"  # an account that never registered
    async with Softphones(sandbox.layout, [(account.name, account.secret)]) as phones:
        await ami.wait("DeviceStateChange", Device=device, State="NOT_INUSE")
        await phones.unregister()
        await ami.wait("DeviceStateChange", Device=device, State="UNAVAILABLE")
    await softphones.remove(account.name)
    assert await state() in {"INVALID", "UNAVAILABLE"}


async def test_registered_phones_are_known_again_after_a_restart(
    sandbox: Sandbox, softphones: SoftphoneStore
) -> None:
    account = await softphones.put(SoftphoneAccount(new_name()))
    layout = sandbox.layout
    async with Softphones(layout, [(account.name, account.secret)]):
        await sandbox.stop()
        await sandbox.start()
        async with Ami(layout.ami_port, layout.ami_username, layout.ami_secret) as after:
            await after.action("PJSIPQualify", Endpoint=account.name)  # or it would take up to a second
            states = await after.action("DeviceStateList", last="DeviceStateListComplete")
            if {"PJSIP/" + account.name: "NOT_INUSE"}.items() <= {
                s.get("Device"): s.get("State") for s in states
            }.items():
                return
            await after.wait("DeviceStateChange", Device=f"PJSIP/{account.name}", State="NOT_INUSE")


async def test_an_unknown_sender_cannot_call(sandbox: Sandbox) -> None:
    async with Callers(sandbox.layout, "500", account=("nobody", "guess")) as stranger:
        assert (await stranger.wait("refused"))[0].detail == "401"
        assert not stranger.of("answered")


@pytest.mark.parametrize(
    "account",
    [
        SoftphoneAccount(""),
        SoftphoneAccount("trunk"),
        SoftphoneAccount("op1&PJSIP"),
        SoftphoneAccount("op1", secret="a;b"),
        SoftphoneAccount("op1", display='Mari" <sip:x>'),
        SoftphoneAccount("op1", display="Mari\r\nX: y"),
        SoftphoneAccount("op1", language="et,en"),
    ],
)
async def test_accounts_that_are_no_names_are_refused(account: SoftphoneAccount) -> None:
    store = SoftphoneStore("sqlite+aiosqlite:///nowhere")
    with pytest.raises(ValueError, match="must"):
        await store.put(account)
    await store.close()


@pytest.mark.parametrize(
    "route",
    [
        Route("abc", "queue", target="sales"),
        Route("500", "queue", target=""),
        Route("500", "operator", target="op1&PJSIP/trunk"),
        Route("500", "queue", target="sales", skills=("a,b",)),
        Route("500", "queue", target="sales", music="default)"),
    ],
)
async def test_routes_that_are_no_names_are_refused(route: Route) -> None:
    store = SoftphoneStore("sqlite+aiosqlite:///nowhere")
    with pytest.raises(ValueError, match="must"):
        await store.put_route(route)
    await store.close()


async def test_routes_are_kept_by_their_digits(softphones: SoftphoneStore) -> None:
    await softphones.put_route(Route("+372 600-1234", "queue", target="sales"))
    assert "3726001234" in await softphones.routed_numbers()
    await softphones.remove_route("(372) 6001234")
    assert "3726001234" not in await softphones.routed_numbers()


@given(st.text())
def test_a_number_is_ascii_digits_only(text: str) -> None:
    assert set(digits(text)) <= set("0123456789")


def test_a_secret_is_not_shown() -> None:
    assert "hunter2" not in repr(SoftphoneAccount("op1", secret="hunter2"))
