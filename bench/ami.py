"""AMI events a second: our link beside stock panoramisk, a bare parser and the socket itself.

One run, one stream: 99,001 events, 33 a call, about 410 bytes each, over local TCP from a process of its
own. "Handled" reads one to three headers of every event; "ignored" has events nobody wants.
"""

import asyncio
import logging
import multiprocessing
import socket
import time
from collections import deque
from collections.abc import Callable, Coroutine
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from panoramisk import Manager
from structlog.testing import capture_logs

from app.pbx.ami.link import Link
from app.pbx.ami.message import Event
from app.pbx.ami.session import LinkSettings
from bench.table import Row, per_second, print_table

CALLS = 3000
ROUNDS = 3  # the best round counts: disturbances only ever slow a measurement down

# Asterisk's events of a bridged call, without VarSet and Newexten: event, how many, headers that a handler reads.
CALL = (
    ("Newchannel", 2, ("Uniqueid", "Channel", "CallerIDNum")),
    ("Newstate", 6, ("Uniqueid", "ChannelState")),
    ("NewCallerid", 2, ("Uniqueid", "CallerIDNum")),
    ("NewConnectedLine", 6, ("Uniqueid", "ConnectedLineNum")),
    ("DeviceStateChange", 4, ("Device", "State")),
    ("DialBegin", 1, ("Uniqueid", "DestUniqueid", "DestChannel")),
    ("DialEnd", 2, ("Uniqueid", "DestUniqueid", "DialStatus")),
    ("BridgeEnter", 4, ("Uniqueid", "BridgeUniqueid")),
    ("BridgeLeave", 4, ("Uniqueid", "BridgeUniqueid")),
    ("Hangup", 2, ("Uniqueid", "Cause")),
)
HEADERS = {name: headers for name, _, headers in CALL}
EVENTS = CALLS * sum(count for _, count, _ in CALL) + 1
LAST = "Shutdown"  # the event after the last call


def stream() -> bytes:
    """All events as Asterisk sends them."""
    messages = []
    for call in range(CALLS):
        for name, count, _ in CALL:
            messages.extend([_message(name, call)] * count)
    messages.append(f"Event: {LAST}\r\nPrivilege: system,all\r\nShutdown: Cleanly\r\nRestart: False\r\n\r\n")
    return "".join(messages).encode()


def _message(name: str, call: int) -> str:
    channel = _channel("", f"trunk-{call:08x}", f"1700000000.{2 * call}", f"+37255{call:06d}")
    other = _channel("Dest", f"operator-{call:08x}", f"1700000000.{2 * call + 1}", "2001")
    bridge = [
        f"BridgeUniqueid: 6e2d4a5e-9b0f-4c1e-8f00-{call:012x}",
        "BridgeType: basic",
        "BridgeTechnology: simple_bridge",
        "BridgeCreator: <unknown>",
        "BridgeName: <unknown>",
        "BridgeNumChannels: 2",
        "BridgeVideoSourceMode: none",
    ]
    rest = {
        "DeviceStateChange": [f"Device: PJSIP/operator-{call % 50}", "State: INUSE"],
        "DialBegin": [*channel, *other, f"DialString: operator-{call % 50}/sip:operator@192.0.2.7:5060"],
        "DialEnd": [*channel, *other, "DialStatus: ANSWER"],
        "BridgeEnter": [*bridge, *channel],
        "BridgeLeave": [*bridge, *channel],
        "NewCallerid": [*channel, "CID-CallingPres: 0 (Presentation Allowed, Not Screened)"],
        "Hangup": [*channel, "Cause: 16", "Cause-txt: Normal Clearing"],
    }
    return "\r\n".join([f"Event: {name}", "Privilege: call,all", *rest.get(name, channel)]) + "\r\n\r\n"


def _channel(which: str, name: str, uniqueid: str, number: str) -> list[str]:
    return [
        f"{which}Channel: PJSIP/{name}",
        f"{which}ChannelState: 6",
        f"{which}ChannelStateDesc: Up",
        f"{which}CallerIDNum: {number}",
        f"{which}CallerIDName: Jaan Tamm",
        f"{which}ConnectedLineNum: 2001",
        f"{which}ConnectedLineName: Operator",
        f"{which}Language: en",
        f"{which}AccountCode: ",
        f"{which}Context: keskus-inbound",
        f"{which}Exten: 6001234",
        f"{which}Priority: 7",
        f"{which}Uniqueid: {uniqueid}",
        f"{which}Linkedid: {uniqueid}",
    ]


# ---- the sender, in a process of its own


def send(pipe: Connection) -> None:
    """Serve each client: greeting, an answer to its login, the stream, the end."""
    wire = stream()
    with socket.create_server(("127.0.0.1", 0)) as server:
        pipe.send((server.getsockname()[1], len(wire)))
        while True:
            client, _ = server.accept()
            with client:
                client.sendall(b"Asterisk Call Manager/11.0.0\r\n")
                login = b""
                while not login.endswith(b"\r\n\r\n"):
                    login += client.recv(4096)
                action_id = login.partition(b"ActionID: ")[2].partition(b"\r\n")[0]
                client.sendall(b"Response: Success\r\nActionID: " + action_id + b"\r\n\r\n")
                client.sendall(wire)
                while client.recv(4096):  # until the client has had enough
                    pass


# ---- the receivers; each measures the seconds from the first byte of the stream to the last event


class Taken(NamedTuple):
    seconds: float
    events: int


def raw(port: int, size: int) -> Taken:
    """Read the socket only: the limit of TCP."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"ActionID: 1\r\n\r\n")
        started, read = 0.0, 0
        while read < size:
            read += len(connection.recv(262144))
            started = started or time.perf_counter()
        return Taken(time.perf_counter() - started, EVENTS)


def bare(port: int, size: int) -> Taken:
    """The least work in Python: split the messages, look the name up, find each header's value."""
    del size
    keys = {
        name.encode(): [b"\r\n" + header.encode() + b": " for header in headers]
        for name, headers in HEADERS.items()
    }
    last = b"Event: " + LAST.encode()
    events, started, rest = 0, 0.0, b""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"ActionID: 1\r\n\r\n")
        while True:
            data = connection.recv(262144)
            started = started or time.perf_counter()
            *blocks, rest = (rest + data).split(b"\r\n\r\n")
            for block in blocks:
                events += 1
                wanted = keys.get(block[7 : block.find(b"\r\n", 7)])
                if wanted is None:
                    if block.startswith(last):
                        return Taken(time.perf_counter() - started, events - 1)  # the login's answer
                    continue
                for key in wanted:
                    at = block.find(key)
                    if at >= 0:
                        at += len(key)
                        end = block.find(b"\r\n", at)
                        _ = block[at:end].decode() if end >= 0 else block[at:].decode()


async def stock(port: int) -> Taken:
    """panoramisk without changes, with a handler for each of ten events."""
    done = asyncio.Event()
    started, events = 0.0, 0

    def handler(headers: tuple[str, ...]) -> Callable[[Any, Any], None]:
        def handle(_: Any, message: Any) -> None:
            nonlocal started, events
            started = started or time.perf_counter()
            events += 1
            for header in headers:
                _ = message[header]

        return handle

    manager = Manager(host="127.0.0.1", port=port, username="keskus", secret="amber", ping_delay=3600)
    for name, headers in HEADERS.items():
        manager.register_event(name, handler(headers))
    manager.register_event(LAST, lambda *_: done.set())
    # panoramisk takes Shutdown for the end of the link and would connect again.
    manager.connect = lambda *_, **__: None
    await type(manager).connect(manager)
    await done.wait()
    seconds = time.perf_counter() - started
    manager.close()
    return Taken(seconds, events + 1)


async def ours(port: int, *, handled: bool) -> Taken:
    """Our link, an inbox, and a consumer that empties it whenever the event loop runs it."""
    loop = asyncio.get_running_loop()
    inbox: deque[Event] = deque()
    done = asyncio.Event()
    events, woken = 0, False
    readers: dict[str, Callable[[Event], None]] = {
        name: _reader(headers) for name, headers in HEADERS.items()
    }

    def consume() -> None:
        nonlocal events, woken
        woken = False
        while inbox:
            event = inbox.popleft()
            events += 1
            reader = readers.get(event.name)
            reader(event) if reader else done.set()

    def on_event(event: Event) -> None:
        nonlocal woken
        inbox.append(event)
        if not woken:
            woken = True
            loop.call_soon(consume)

    wanted = [*HEADERS, LAST] if handled else [LAST]
    settings = LinkSettings(port=port, username="keskus", secret="amber", ping_interval_s=3600)
    started = 0.0

    def on_up(_: int) -> None:
        nonlocal started
        started = time.perf_counter()

    link = Link(settings, on_event, on_up, lambda *_: None, wanted)
    async with asyncio.TaskGroup() as group:
        group.create_task(link.run())
        await done.wait()
        seconds = time.perf_counter() - started
        link.close()
    return Taken(seconds, link.counters.seen)


def _reader(headers: tuple[str, ...]) -> Callable[[Event], None]:
    def read(event: Event) -> None:
        get = event.get
        for header in headers:
            get(header)

    return read


# ---- the figures


def run() -> list[Row]:
    """Measure all five, best of three rounds each, and compare ours with the others."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    sender = context.Process(target=send, args=(there,), daemon=True)
    sender.start()
    port, size = here.recv()
    receivers: dict[str, Callable[[], Taken | Coroutine[Any, Any, Taken]]] = {
        "raw": lambda: raw(port, size),
        "bare": lambda: bare(port, size),
        "stock": lambda: stock(port),
        "handled": lambda: ours(port, handled=True),
        "ignored": lambda: ours(port, handled=False),
    }
    rate = dict.fromkeys(receivers, 0.0)
    logging.getLogger("panoramisk").addHandler(logging.NullHandler())
    try:
        for _ in range(ROUNDS):
            for name, receiver in receivers.items():
                with capture_logs():  # the link tells of its coming and going
                    outcome = receiver()
                    taken = asyncio.run(outcome) if asyncio.iscoroutine(outcome) else outcome
                assert isinstance(taken, Taken)
                assert taken.events == EVENTS, (name, taken.events)
                rate[name] = max(rate[name], taken.events / taken.seconds)
    finally:
        sender.terminate()
        sender.join()
        sender.close()

    def row(case: str, one: str, other: str, aim: str) -> Row:
        return Row(case, per_second(rate[one]), per_second(rate[other]), rate[one] / rate[other], aim)

    return [
        row("events handled, beside stock panoramisk", "handled", "stock", ">= 10"),
        row("events handled, beside a bare find parser", "handled", "bare", ">= 0.65"),
        row("events ignored, beside stock panoramisk", "ignored", "stock", ">= 15"),
        row("events ignored, beside a raw socket read", "ignored", "raw", ""),
    ]


def main() -> None:
    """Measure and print."""
    print_table(f"AMI: {EVENTS:,} events of {len(stream()) // EVENTS} bytes over local TCP", run())


if __name__ == "__main__":
    main()
