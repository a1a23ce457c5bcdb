"""Every error leaves as `application/problem+json` (RFC 9457), and none tells what is inside."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import IntegrityError
from starlette.exceptions import HTTPException

from app.domain.errors import Refusal
from app.records.errors import is_conflict
from app.system.faults import report

MEDIA_TYPE = "application/problem+json"
_AWAY_S = 2
_BUSY_S = 5
ERRORS_MAX = 100
"""How much of what does not fit is told."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""They change nothing."""
_log = structlog.get_logger(__name__)


class FieldProblem(BaseModel):
    """One thing that does not fit."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    where: str
    """A path into the request, such as `body.phones.0.number`."""
    what: str
    """What is wrong with it, in words."""


class ProblemOut(BaseModel):
    """An error, as RFC 9457 has it."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank",
                    "title": "Conflict",
                    "status": 409,
                    "detail": "the operator is in a call",
                }
            ]
        },
    )

    type: str
    """Always `about:blank`: `status` and `code` say what it is."""
    title: str
    """The status in words."""
    status: int
    """The HTTP status, 400..599."""
    detail: str = ""
    """What is wrong and what to do, in words for people; empty where there is nothing to add."""
    instance: str = ""
    """For a fault of the service (500): `urn:uuid:` and the id of the request, as in `X-Request-Id` and in the log."""
    code: str = ""
    """What it is, for programs, where it has a name: `campaign.lacks`."""
    errors: list[FieldProblem] = []
    """What does not fit, or is missing; the first hundred."""


class Problem(Exception):  # noqa: N818 - it reads as what it says
    """An answer that is an error."""

    def __init__(
        self, status: int, detail: str = "", headers: Mapping[str, str] | None = None, *, code: str = ""
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = dict(headers or {})


def response(
    status: int,
    detail: str = "",
    *,
    headers: Mapping[str, str] | None = None,
    errors: list[dict[str, str]] | None = None,
    code: str = "",
    instance: str = "",
) -> JSONResponse:
    """A problem as a response."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if instance:
        body["instance"] = instance
    if code:
        body["code"] = code
    if errors:
        body["errors"] = errors
    return JSONResponse(body, status, dict(headers or {}), MEDIA_TYPE)


def failure(error: Exception, path: str, request_id: str) -> JSONResponse:
    """What is said when a request came to nothing: 503 while a database or disk is away, 500 for a fault.

    Args:
        error: why.
        path: what was asked for.
        request_id: stands in the answer and in the log.
    """
    if report(_log, "request_failed", error, part="http", path=path, request_id=request_id):
        return response(503, "the database does not answer", headers={"Retry-After": str(_AWAY_S)})
    detail = "a fault of the service; its log has it, by the number in instance"
    return response(500, detail, instance=f"urn:uuid:{request_id}")


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses`: these errors, beside those that any route may give."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "model": ProblemOut,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemOut"}}},
        }
        for status in statuses
    }


EVERYWHERE = problems(400, 401, 403, 413, 422, 500, 503)
"""What any route behind a log-in may answer."""


_UNSAID: Mapping[int, str] = {
    404: "there is nothing at this address; /api/v1/openapi.json lists all there are",
    405: "this address does not know that method; /api/v1/openapi.json lists those it knows",
}
"""The words for what the framework refuses without any."""


def add_handlers(app: FastAPI) -> None:
    """Make every error of `app` a problem."""

    async def said(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Problem)
        return response(error.status, error.detail, headers=error.headers, code=error.code)

    async def http(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        phrase = HTTPStatus(error.status_code).phrase
        detail = error.detail if error.detail != phrase else _UNSAID.get(error.status_code, "")
        return response(error.status_code, detail, headers=error.headers)

    async def unfit(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        errors = [
            {"where": ".".join(str(part) for part in one["loc"]), "what": str(one["msg"])}
            for one in error.errors()[:ERRORS_MAX]
        ]
        return response(422, "the request does not fit", errors=errors)

    async def refused(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Refusal)
        errors = [{"where": where, "what": what} for where, what in error.errors]
        headers = {"Retry-After": str(_BUSY_S)} if error.status == 503 else None
        return response(error.status, str(error), headers=headers, code=error.code, errors=errors)

    async def conflict(request: Request, error: Exception) -> JSONResponse:
        if request.method in SAFE_METHODS or not is_conflict(error):
            raise error  # nobody foresaw it: a fault
        return response(
            409, "it names something that does not exist, or something that must be unique exists"
        )

    app.add_exception_handler(Problem, said)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, unfit)
    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(IntegrityError, conflict)
