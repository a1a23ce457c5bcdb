"""Ports that nobody takes between the moment they are found and the moment they are bound."""

import contextlib
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from app.sandbox import ports as ports_module
from app.sandbox.configuration import HOST
from app.sandbox.packages import SandboxError
from app.sandbox.ports import BLOCK, PORTS, Ports

SOME = 16
FIND = """
from app.sandbox.ports import free_ports
print(*free_ports(60), flush=True)
input()
"""


def test_no_port_is_found_by_two_processes_though_neither_has_bound_it() -> None:
    with contextlib.ExitStack() as running:
        found: list[int] = []
        for _ in range(3):
            process = running.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", FIND], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
                )
            )
            running.callback(process.kill)
            assert process.stdout is not None
            found += map(int, process.stdout.readline().split())
    assert len(set(found)) == 180


@pytest.fixture
def ports(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ports]:
    """Ports of a process that has one small block, none of which anybody has: they are in a block of ours."""
    with contextlib.closing(Ports()) as ours:
        found = ours.free(BLOCK // 2)
        runs = [found[at : at + SOME] for at in range(len(found) - SOME)]
        first = next(run[0] for run in runs if run[-1] - run[0] == SOME - 1)
        monkeypatch.setattr(ports_module, "PORTS", range(first, first + SOME))
        monkeypatch.setattr(ports_module, "BLOCK", SOME)
        with contextlib.closing(Ports()) as ports:
            yield ports


def test_they_lie_below_what_the_kernel_gives_to_anyone() -> None:
    with contextlib.closing(Ports()) as ports:
        assert set(ports.free(BLOCK + 1)) <= set(PORTS)


def test_a_port_comes_again_after_all_others(ports: Ports) -> None:
    found = [ports.free(1)[0] for _ in range(SOME - 1)]
    assert len(set(found)) == SOME - 1
    assert ports.free(1) == found[:1]


def test_one_that_is_kept_never_comes_again(ports: Ports) -> None:
    kept = ports.free(2, kept=True)
    found = [ports.free(1)[0] for _ in range(2 * SOME)]
    assert len(set(found)) == SOME - 3
    assert not set(kept) & set(found)


def test_one_that_is_taken_is_passed_over(ports: Ports) -> None:
    first = min(ports.free(SOME - 1))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind((HOST, first))
        assert ports.free(1) == [first + 1]


def test_what_lies_beside_a_port_is_free_too_and_given_to_nobody_else(ports: Ports) -> None:
    first, second = ports.free(2, beside=2)
    assert not {first, first + 2, second, second + 2} & set(ports.free(SOME - 5))


def test_when_others_have_all_of_them_it_says_so(ports: Ports) -> None:
    first = ports_module.PORTS.start
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind((HOST, first))
        with pytest.raises(SandboxError, match=f"no free ports between {first} and {first + SOME - 1}"):
            ports.free(1)
