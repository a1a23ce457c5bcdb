"""Who is behind an address, and whose word is believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.serving.addresses import Proxies, place_of


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_one_client_is_one_place(address: str, place: str) -> None:
    assert place_of(address) == place


@pytest.mark.parametrize(
    ("named", "peer", "said", "client"),
    [
        ([], "127.0.0.1", ["203.0.113.9"], "127.0.0.1"),
        ([], "10.0.0.5", ["203.0.113.9"], "10.0.0.5"),
        (["10.0.0.5"], "10.0.0.6", ["203.0.113.9"], "10.0.0.6"),
        (["10.0.0.5"], "10.0.0.5", [], "10.0.0.5"),
        (["10.0.0.5"], "10.0.0.5", ["203.0.113.9"], "203.0.113.9"),
        (["10.0.0.0/24"], "10.0.0.5", ["203.0.113.9:4711"], "203.0.113.9"),
        (["10.0.0.5"], "::ffff:10.0.0.5", ["[2001:db8::7]:4711"], "2001:db8::7"),
        # The client says whatever it likes; the proxy adds whom it saw.
        (["10.0.0.5"], "10.0.0.5", ["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
        (["10.0.0.5"], "10.0.0.5", ["198.51.100.1", "203.0.113.9"], "203.0.113.9"),
        (["10.0.0.5"], "10.0.0.5", ["10.0.0.5, 203.0.113.9"], "203.0.113.9"),
        # Two proxies of ours, one behind the other.
        (["10.0.0.0/24"], "10.0.0.5", ["198.51.100.1, 203.0.113.9, 10.0.0.6"], "203.0.113.9"),
        (["10.0.0.0/24"], "10.0.0.5", ["10.0.0.7, 10.0.0.6"], "10.0.0.7"),
        (["10.0.0.5"], "10.0.0.5", ["unknown"], "10.0.0.5"),
        (["10.0.0.5"], "10.0.0.5", ["203.0.113.9, nonsense"], "10.0.0.5"),
        (["2001:db8:5::/48"], "2001:db8:5::1", ["203.0.113.9"], "203.0.113.9"),
    ],
)
def test_only_named_proxies_are_believed(named: list[str], peer: str, said: list[str], client: str) -> None:
    assert Proxies(named).client_of(peer, said) == client


@pytest.mark.parametrize("named", ["proxy.example", "10.0.0.0/99", "*", ""])
def test_what_is_no_address_is_told(named: str) -> None:
    with pytest.raises(ValueError, match="does not appear to be"):
        Proxies([named])


@given(st.text(max_size=40), st.lists(st.text(max_size=60), max_size=4))
def test_nothing_that_is_said_makes_it_fail(peer: str, said: list[str]) -> None:
    assert Proxies(["0.0.0.0/0", "::/0"]).client_of(peer, said) is not None
    assert place_of(peer) is not None
