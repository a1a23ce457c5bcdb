"""A name whose server hangs holds up no other, and is asked for once."""

import asyncio
import socket
import threading
from typing import Any

import pytest

from app.system import names
from app.system.names import Resolver

FOUND = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.7", 443))]


async def test_names_that_hang_hold_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    over, asked = threading.Event(), []

    def resolve(host: str, *_: Any, **__: Any) -> Any:
        asked.append(host)
        if host.startswith("hangs"):
            over.wait(60)
        if host.startswith("nowhere"):
            raise OSError("Name or service not known")
        return FOUND * 2

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(names, "MOST", 20)
    resolver = Resolver()
    async with asyncio.TaskGroup() as group:
        hanging = [group.create_task(resolver(f"hangs{place % 18}.example", 443)) for place in range(200)]
        impatient = group.create_task(resolver("hangs1.example", 443))
        assert await resolver("erp.example", 443) == ["192.0.2.7"]
        with pytest.raises(OSError, match="no address"):
            await resolver("nowhere.example", 443)
        impatient.cancel()
        await asyncio.gather(impatient, return_exceptions=True)
        group.create_task(resolver("hangs18.example", 443))
        group.create_task(resolver("hangs19.example", 443))
        await asyncio.sleep(0)
        with pytest.raises(OSError, match="too many"):
            await resolver("another.example", 443)
        over.set()
    assert {task.result()[0] for task in hanging} == {"192.0.2.7"}
    assert sorted(asked) == sorted({*asked}), "each name is resolved once for all who ask meanwhile"
    assert await resolver("another.example", 443) == ["192.0.2.7"]
