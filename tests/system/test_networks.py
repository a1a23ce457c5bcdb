"""Which addresses are outside, in whichever form they are written."""

import ipaddress

import pytest

from app.system.networks import is_among, is_public, is_web_address, read_networks

INSIDE = (
    *("127.0.0.1", "127.8.8.8", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1"),
    *("169.254.169.254", "192.0.0.8", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1"),
    *(
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
    ),
    *("fd00:ec2::254", "fec0::1", "ff02::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1"),
    *("2002:7f00:1::", "2002:a00:1::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "100::1"),
)
OUTSIDE = (
    "93.184.216.34",
    "8.8.8.8",
    "2606:2800:220:1::1",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
)


@pytest.mark.parametrize("said", INSIDE)
def test_what_is_inside_is_not_public(said: str) -> None:
    assert not is_public(ipaddress.ip_address(said))


@pytest.mark.parametrize("said", OUTSIDE)
def test_what_is_outside_is_public(said: str) -> None:
    assert is_public(ipaddress.ip_address(said))


def test_networks_that_are_allowed() -> None:
    networks = read_networks(["10.1.0.0/16", "fd12::/16"])
    for said, among in (
        ("10.1.2.3", True),
        ("::ffff:10.1.2.3", True),
        ("fd12::1", True),
        ("10.2.0.1", False),
    ):
        assert is_among(ipaddress.ip_address(said), networks) is among


@pytest.mark.parametrize(
    ("url", "fits"),
    [
        ("https://erp.example/a?b=1#c", True),
        ("http://10.1.2.3:8900", True),
        ("HTTPS://[2606:2800:220:1::1]/", True),
        ("file:///etc/passwd", False),
        ("http://", False),
        ("https://mari:secret@erp.example/", False),
        ("https://@erp.example/", False),
        ("https://a:99999/", False),
        ("https://a:0/", False),
        ("https://a b/", False),
        ("https://a/\n", False),
        ("https://.example/", False),
        (f"https://{'a' * 64}.example/", False),
        ("https://õun.example/", False),
    ],
)
def test_what_is_an_address_of_the_web(url: str, *, fits: bool) -> None:
    assert is_web_address(url) is fits
