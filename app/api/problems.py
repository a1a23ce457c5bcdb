"""Every error leaves as `application/problem+json` (RFC 9457), and none reveals internals."""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import IntegrityError
from starlette.exceptions import HTTPException

from app.api.errors import (
    AddressUnknown,
    AddressWithNul,
    BodyOfTooManyParts,
    BodyTooLarge,
    DatabaseAway,
    HostUntold,
    HttpsOnly,
    HttpsUntold,
    MethodUnknown,
    NotLoggedIn,
    OtherSite,
    PermissionMissing,
    RequestUnfit,
    RequestUnreadable,
    RowsConflict,
    ServiceFault,
    TooManyRequests,
)
from app.api.field_errors import field_error
from app.domain.errors import ERRORS_MAX, PROBLEM, REFUSALS, URN, Refusal, problem_of
from app.domain.references import ReferenceUnknown
from app.records.errors import is_conflict
from app.system.faults import report

_BUSY_S = 5
RETRY = "retry_after_s"
"""A parameter of this name is sent as the header `Retry-After`, too."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""
_log = structlog.get_logger(__name__)


class FieldProblem(BaseModel):
    """One field of the request that does not fit."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    where: str
    """A path into the request, such as `body.phones.0.number`."""
    what: str
    """What is wrong with the field, in English."""
    code: str
    """What is wrong with the field, for programs."""
    params: dict[str, str | int | float | list[str]] = {}
    """Values of the parameters that the text of the code names."""


class ProblemOut(BaseModel):
    """An error, as RFC 9457 has it."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra={
            "examples": [
                {
                    "type": URN + "queue.unknown",
                    "title": "Not Found",
                    "status": 404,
                    "detail": "there is no queue sales",
                    "code": "queue.unknown",
                    "params": {"queue": "sales"},
                }
            ]
        },
    )

    type: str
    """`urn:keskus:problem:` and the code."""
    title: str
    """The status in words."""
    status: int
    """The HTTP status, 400..599."""
    detail: str = ""
    """What is wrong and what to do, in English; `/api/v1/problem-codes` has the texts of other languages."""
    code: str
    """The error's code, for programs, such as `queue.unknown`. A code never changes its meaning."""
    params: dict[str, str | int | float | list[str]] = {}
    """Values of the parameters that the text of the code names."""
    instance: str = ""
    """For a fault of the service (500): `urn:uuid:` and the id of the request, as in `X-Request-Id` and in the log."""
    errors: list[FieldProblem] = []
    """Fields that do not fit or are missing; the first hundred."""


def refused(
    refusal: Refusal, *, headers: Mapping[str, str] | None = None, instance: str = ""
) -> JSONResponse:
    """A refusal as a response.

    Args:
        refusal: the refusal.
        headers: further headers of the answer, beside the refusal's own.
        instance: an URN of this one case; empty: none.
    """
    retry_after_s = refusal.params.get(RETRY, _BUSY_S if refusal.status == 503 else None)
    retry = {"Retry-After": str(retry_after_s)} if retry_after_s is not None else {}
    fields = {**retry, **refusal.headers, **(headers or {})}
    return JSONResponse(problem_of(refusal, instance), refusal.status, fields, PROBLEM)


def failure(error: Exception, path: str, request_id: str) -> JSONResponse:
    """The answer to a request that failed: 503 while a database or disk is away, 500 for a fault.

    Args:
        error: why the request failed.
        path: of the request.
        request_id: the id of the request, for the answer and the log.
    """
    if report(_log, "request_failed", error, part="http", path=path, request_id=request_id):
        return refused(DatabaseAway())
    return refused(ServiceFault(), instance=f"urn:uuid:{request_id}")


def refusals(*kinds: type[Refusal]) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses`: its own refusals with their special cases, and those of any route behind a log-in."""
    return refusals_to_all(*BEHIND_LOGIN, *kinds)


def refusals_to_all(*kinds: type[Refusal]) -> dict[int | str, dict[str, Any]]:
    """For the `responses` of a route that needs no log-in: its own refusals, and those of any route."""
    by_status: dict[int, list[type[Refusal]]] = {}
    whole = (one for kind in (*ANYWHERE, *kinds) for one in (kind, *kind.__subclasses__()))
    for kind in dict.fromkeys(whole):
        by_status.setdefault(kind.status, []).append(kind)
    return {status: _described(found) for status, found in sorted(by_status.items())}


def also(responses: Mapping[int | str, Any], *kinds: type[Refusal]) -> dict[int | str, Any]:
    """A route's `responses` with further refusals among them."""
    described = refusals(*(REFUSALS[code] for one in responses.values() for code in _codes(one)), *kinds)
    return described | {status: one for status, one in responses.items() if not _codes(one)}


def with_conflicts(description: dict[str, Any]) -> dict[str, Any]:
    """OpenAPI with what any operation that changes rows may refuse.

    `ReferenceUnknown`: the request names what does not exist. `RowsConflict`: two requests meet, and what one of them
    names is removed by the other after it was looked up.
    """
    for operations in description["paths"].values():
        for method, operation in operations.items():
            if method.upper() not in SAFE_METHODS:
                answers = operation["responses"]
                for status, more in (("409", RowsConflict), ("422", ReferenceUnknown)):
                    known = (REFUSALS[code] for code in _codes(answers.get(status, {})))
                    answers[status] = _described([*known, more])
                operation["responses"] = dict(sorted(answers.items()))
    return description


def _codes(answer: Mapping[str, Any]) -> list[str]:
    schema = answer.get("content", {}).get(PROBLEM, {}).get("schema", {})
    codes: list[str] = schema["allOf"][1]["properties"]["code"]["enum"] if "allOf" in schema else []
    return codes


def _described(kinds: Sequence[type[Refusal]]) -> dict[str, Any]:
    codes = {"properties": {"code": {"enum": [one.code for one in kinds]}}}
    return {
        "description": "\n".join(f"- `{one.code}`: {_first_line(one.__doc__ or '')}" for one in kinds),
        "content": {PROBLEM: {"schema": {"allOf": [{"$ref": "#/components/schemas/ProblemOut"}, codes]}}},
    }


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0]


ANYWHERE: tuple[type[Refusal], ...] = (
    RequestUnreadable,
    BodyTooLarge,
    BodyOfTooManyParts,
    AddressWithNul,
    RequestUnfit,
    ServiceFault,
    DatabaseAway,
)
"""Refusals of any route."""
OTHER_SITES: tuple[type[Refusal], ...] = (OtherSite, HttpsUntold, HttpsOnly, HostUntold)
"""Refusals of a browser's page, because of the site or the proxy it comes from."""
BEHIND_LOGIN: tuple[type[Refusal], ...] = (NotLoggedIn, PermissionMissing, TooManyRequests, *OTHER_SITES)
"""Further refusals of any route behind a log-in."""
_BY_FRAMEWORK: Mapping[int, type[Refusal]] = {400: RequestUnreadable, 404: AddressUnknown, 405: MethodUnknown}
"""Refusals in place of the framework's own errors, by HTTP status."""


def add_handlers(app: FastAPI) -> None:
    """Make every error of `app` a problem."""

    async def http(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        return refused(_BY_FRAMEWORK.get(error.status_code, RequestUnreadable)(), headers=error.headers)

    async def unfit(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        return refused(RequestUnfit([(_path(one), field_error(one)) for one in error.errors()[:ERRORS_MAX]]))

    async def refuse(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Refusal)
        return refused(error)

    async def conflict(request: Request, error: Exception) -> JSONResponse:
        if request.method in SAFE_METHODS or not is_conflict(error):
            raise error  # nobody foresaw it: a fault
        return refused(RowsConflict())

    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, unfit)
    app.add_exception_handler(Refusal, refuse)
    app.add_exception_handler(IntegrityError, conflict)


def _path(error: Mapping[str, Any]) -> str:
    return ".".join(str(part) for part in error["loc"])
