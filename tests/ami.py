"""A small AMI client for tests of the PBX side: it must not depend on the link that the service uses."""

import asyncio
import contextlib
import itertools
from types import TracebackType
from typing import Final, Self

Message = dict[str, str]
REPLY_TIMEOUT_S: Final = 30.0


class Ami:
    """One AMI session; every message that is no reply is kept in `events`."""

    def __init__(self, port: int, username: str, secret: str, host: str = "127.0.0.1") -> None:
        self._where = (host, port)
        self._account = (username, secret)
        self._ids = itertools.count(1)
        self._replies: dict[str, list[Message]] = {}
        self._changed = asyncio.Condition()
        self._group = asyncio.TaskGroup()
        self.events: list[Message] = []

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection(*self._where)
        await self._group.__aenter__()
        self._reading = self._group.create_task(self._read())
        username, secret = self._account
        try:
            reply = (await self.action("Login", Username=username, Secret=secret))[0]
            assert reply["Response"] == "Success", f"AMI refused the login: {reply}"
        except BaseException:
            await self.__aexit__(None, None, None)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._reading.cancel()
        await self._group.__aexit__(None, None, None)
        self._writer.close()

    async def action(self, name: str, *, last: str = "", **headers: str) -> list[Message]:
        """Send an action; give its reply, and with `last` the list that ends with that event."""
        action_id = str(next(self._ids))
        self._replies[action_id] = []
        lines = [
            f"Action: {name}",
            f"ActionID: {action_id}",
            *(f"{key}: {value}" for key, value in headers.items()),
        ]
        self._writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        await self._writer.drain()

        def complete() -> bool:
            got = self._replies[action_id]
            return bool(got) and (
                not last or got[0].get("Response") == "Error" or got[-1].get("Event") == last
            )

        async with asyncio.timeout(REPLY_TIMEOUT_S), self._changed:
            await self._changed.wait_for(complete)
        return self._replies.pop(action_id)

    async def wait(
        self, name: str, number: int = 1, timeout_s: float = 30.0, **headers: str
    ) -> list[Message]:
        """Wait until `number` events of a name with these headers have come; give them all."""

        def found() -> list[Message]:
            return [
                event
                for event in self.events
                if event["Event"] == name and all(event.get(key) == value for key, value in headers.items())
            ]

        try:
            async with asyncio.timeout(timeout_s), self._changed:
                await self._changed.wait_for(lambda: len(found()) >= number)
        except TimeoutError:
            seen = [
                f"{event['Event']} {event.get('State', event.get('UserEvent', ''))}" for event in self.events
            ]
            raise AssertionError(f"waited for {number} x {name} {headers}, saw {seen}") from None
        return found()

    async def _read(self) -> None:
        with contextlib.suppress(ConnectionError):  # a PBX that is killed
            await self._read_all()

    async def _read_all(self) -> None:
        await self._reader.readline()  # the banner
        message: Message = {}
        async for line in self._reader:
            text = line.decode().rstrip("\r\n")
            if text:
                key, _, value = text.partition(": ")
                message[key.rstrip(":")] = value
                continue
            async with self._changed:
                replies = self._replies.get(message.get("ActionID", ""))
                if replies is not None:
                    replies.append(message)
                elif "Event" in message:
                    self.events.append(message)
                self._changed.notify_all()
            message = {}
