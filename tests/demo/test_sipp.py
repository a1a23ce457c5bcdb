"""SIPp's own running, as the demo and the tests need it."""

import socket

import pytest

from app.demo.sipp import Callees
from app.demo.sipp_process import SippFailed
from app.sandbox.configuration import Layout


def layout(trunk_port: int) -> Layout:
    return Layout(
        system_name="none",
        sip_port=5060,
        http_port=8088,
        ami_port=5038,
        trunk_port=trunk_port,
        rtp_first=10_000,
        ami_secret="none",
    )


async def test_who_cannot_listen_says_so_at_once_and_leaves_nothing() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind((layout(0).trunk_host, 0))
        port = other.getsockname()[1]
        with pytest.raises(SippFailed, match=f"{port}(?s:.*)bind"):
            async with Callees(layout(port)):
                raise AssertionError("somebody else has its port")
    async with Callees(layout(port)) as callees:
        assert [event.kind for event in callees.events] == ["probed"]
