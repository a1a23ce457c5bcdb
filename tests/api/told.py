"""Operations of the interface one after the other, each looked at for its event, and sent back as it was read."""

from collections.abc import Sequence
from typing import Any

import httpx
from sqlalchemy import select
from sqlmodel import col

from app.events.subjects import HAPPENS
from app.records.engine import reading
from app.records.event_table import EventRow

from .house import ANY, House

NOT_AS_READ = {
    "/api/v1/crm-lookup": "its address may hold secrets, which no answer has; PATCH changes parts",
    "/api/v1/contacts/{id}/tags": "read as tags, set by their ids",
    "/api/v1/articles/unanswered/{id}": "settled, and then it is on another list",
}
"""Why what is read of these cannot be sent back as it is."""


class Story:
    """Operations one after the other, each looked at for its event."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.done: set[tuple[str, str]] = set()
        self.not_as_read: list[Any] = []

    async def do(self, method: str, path: str, kind: str, ids: Sequence[object] = (), **said: Any) -> Any:
        """Ask for an operation of the interface, and see that its event names the request and who asked.

        Args:
            method: of HTTP.
            path: as OpenAPI has it, below `/api/v1`.
            kind: of the event.
            ids: in place of the path's parameters.
            said: to httpx.
        """
        whole, address = f"/api/v1{path}", f"/api/v1{path}"
        for id_ in ids:
            begin, end = address.index("{"), address.index("}")
            address = f"{address[:begin]}{id_}{address[end + 1 :]}"
        if method not in {"GET", "POST"}:
            said.setdefault("headers", ANY)
        answer: httpx.Response = await self.house.admin.request(method, address, **said)
        assert answer.is_success, (method, path, answer.text)
        await self.house.journaled()
        told = await self._events(answer.headers["X-Request-Id"])
        assert kind in {one.kind for one in told}, (method, path, [one.kind for one in told])
        strange = [one.kind for one in told if one.kind.partition(".")[2] not in HAPPENS[one.subject]]
        assert not strange, "who asks for events by their kind may not ask for these"
        assert {(one.actor, one.user_id) for one in told} == {("token", self.house.users["administrator"])}
        self.done.add((method, whole))
        if method == "PUT" and "json" in said:
            await self._send_back(whole, address, ids)
        return answer.json() if answer.content else None

    async def _send_back(self, path: str, address: str, ids: Sequence[object]) -> None:
        """What is read can be sent back as it came: it is accepted, and nothing changes."""
        known = self.house.api.openapi()["paths"]
        of_list = path.endswith("}") and "get" in known.get(path.rpartition("/")[0], {})
        if path in NOT_AS_READ or ("get" not in known[path] and not of_list):
            return
        before = await self._read(path, address, ids, known)
        answer = await self.house.admin.put(address, json=before, headers=ANY)
        after = await self._read(path, address, ids, known)
        await self.house.journaled()
        told = [one.kind for one in await self._events(answer.headers["X-Request-Id"])]
        schema = known[path]["put"]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        said = self.house.api.openapi()["components"]["schemas"][schema.rpartition("/")[2]]["properties"]
        seen = [
            {name: one.get(name) for name in (*said, "version", "changed_at", "changed_by", "updated_at")}
            for one in (before, after)
        ]
        if (answer.status_code, seen[0], told) != (200, seen[1], []):
            self.not_as_read.append((path, answer.text, before, after, told))

    async def _read(self, path: str, address: str, ids: Sequence[object], known: dict[str, Any]) -> Any:
        if "get" in known[path]:
            return (await self.house.admin.get(address)).json()
        found = (await self.house.admin.get(address.rpartition("/")[0])).json()
        items = found["items"] if isinstance(found, dict) else found
        keys = ("id", "code", "name", "number")
        return next(one for one in items if str(ids[-1]) in {str(one[key]) for key in keys if key in one})

    async def _events(self, request: str) -> Sequence[EventRow]:
        async with reading(self.house.services.engine) as session:
            return (await session.scalars(select(EventRow).where(col(EventRow.request_id) == request))).all()
