"""Actions become bytes in one place, or are refused there."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pbx.ami.encode import HEADERS_MAX, LINE_MAX_BYTES, Action, encode


def test_an_action_on_the_wire() -> None:
    action: Action = {
        "Action": "Originate",
        "Variable": ["A=1", "B=õ"],
        "Async": True,
        "Timeout": 25000,
        "ActionID": "replaced",
    }
    assert encode(action, "7").decode().split("\r\n") == [
        "Action: Originate",
        "ActionID: 7",
        "Variable: A=1",
        "Variable: B=õ",
        "Async: true",
        "Timeout: 25000",
        "",
        "",
    ]


def unfit_actions() -> Iterator[tuple[str, Action]]:
    for bad in ("\r", "\n", "\0", "\r\n\r\nAction: Command\r\nCommand: core stop now"):
        yield "CallerID", {"Action": "Originate", "CallerID": f"Mari{bad}"}
        yield "Variable", {"Action": "Originate", "Variable": ["A=1", f"B={bad}"]}
        yield repr(f"Vari{bad}able"), {"Action": "Originate", f"Vari{bad}able": "x"}
        yield "Action", {"Action": f"Ping{bad}"}
    yield "Channel: x", {"Action": "Ping", "Channel: x": "y"}
    yield "''", {"Action": "Ping", "": "y"}
    yield "Value", {"Action": "Setvar", "Value": "\ud800"}
    yield "Value", {"Action": "Setvar", "Value": "õ" * (LINE_MAX_BYTES // 2)}
    yield "Action", {"Variable": "x"}
    yield str(HEADERS_MAX), {"Action": "Originate", "Variable": ["A=1"] * HEADERS_MAX}


@pytest.mark.parametrize(("named", "action"), list(unfit_actions()))
def test_what_cannot_be_said_is_refused_by_the_name_of_its_header(named: str, action: Action) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011  # the text is checked below
        encode(action, "7")
    assert named in str(refused.value)


def test_an_action_id_cannot_inject() -> None:
    with pytest.raises(ValueError, match="ActionID"):
        encode({"Action": "Ping"}, "7\r\nAction: Logoff")


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=20), max_size=5))
def test_no_action_is_ever_two(headers: dict[str, str]) -> None:
    try:
        wire = encode({**headers, "Action": "Ping"}, "7")
    except ValueError:
        return
    assert wire.count(b"\r\n\r\n") == 1
    assert wire.count(b"\n") == len({**headers, "Action": "", "ActionID": ""}) + 1
