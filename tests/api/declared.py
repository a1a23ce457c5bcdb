"""Whether each error that the interface answers is one that its operation declares in OpenAPI."""

import json
import re
from typing import Any, NamedTuple

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.errors import AddressUnknown, AddressWithNul, BodyOfTooManyParts, BodyTooLarge, MethodUnknown
from app.domain.errors import PROBLEM

NO_OPERATION = {
    one.code for one in (AddressUnknown, MethodUnknown, AddressWithNul, BodyTooLarge, BodyOfTooManyParts)
}
"""What is answered where no operation is."""


class Answered(NamedTuple):
    """An error that was answered."""

    method: str
    path: str
    status: int
    code: str


class Noted:
    """The outermost ASGI layer of an application under test: it notes each error."""

    def __init__(self, app: ASGIApp, *, answered: set[Answered]) -> None:
        self._app, self._answered = app, answered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, body, problem = 0, b"", False

        async def noted(message: Message) -> None:
            nonlocal status, body, problem
            if message["type"] == "http.response.start":
                status = message["status"]
                problem = Headers(raw=message["headers"]).get("content-type") == PROBLEM
            elif problem:
                body += message.get("body", b"")
                if not message.get("more_body"):
                    code = json.loads(body).get("code", "")
                    self._answered.add(Answered(scope["method"], scope["path"], status, code))
            await send(message)

        await self._app(scope, receive, noted)


def undeclared(api: FastAPI, answered: set[Answered]) -> list[Answered]:
    """Those errors that OpenAPI does not have at their operation."""
    return [
        one for one in sorted(answered) if one.code not in codes_of(api, one.method, one.path, one.status)
    ]


def codes_of(api: FastAPI, method: str, path: str, status: int) -> set[str]:
    """The codes that may be answered with a status, as OpenAPI has it."""
    for template, operations in api.openapi()["paths"].items():
        if (
            re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)), path)
            and method.lower() in operations
        ):
            return declared(operations[method.lower()], status)
    return NO_OPERATION


def declared(operation: dict[str, Any], status: int) -> set[str]:
    """The codes that an operation declares for a status."""
    content = operation["responses"].get(str(status), {}).get("content", {})
    schema = content.get(PROBLEM, {}).get("schema", {})
    return set(schema["allOf"][1]["properties"]["code"]["enum"]) if "allOf" in schema else set()
