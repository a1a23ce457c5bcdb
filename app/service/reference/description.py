"""The interface's description in OpenAPI: what is in the routes, the websocket's messages, errors in words."""

from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI

from app.api.problems import ProblemOut, with_conflicts
from app.domain.roles import PERMISSIONS, Permission
from app.live.contract import with_messages
from app.numbers.errors import UNREADABLE

TAGS: Final = [
    {"name": "session", "description": "Logging in and out, and the user who is logged in."},
    {"name": "my work", "description": "An operator's own state."},
    {
        "name": "floor",
        "description": "The live calls and operators; `/ws/desktop` tells every change of them.",
    },
    {"name": "calls", "description": "Calls, live and recorded, with the reason of every offer."},
    {"name": "contacts", "description": "Customers and their telephone numbers."},
    {"name": "privacy", "description": "What is held of a person, erasures, and how long data are kept."},
    {
        "name": "consents",
        "description": "Consents and do-not-calls; rule sets of the law; whether a number may be called.",
    },
    {
        "name": "orders",
        "description": "Products, prices and VAT rates; orders from the draft to the delivery.",
    },
    {
        "name": "campaigns",
        "description": "Campaigns, their dispositions, sounds and costs, and the evidence of each dial.",
    },
    {"name": "leads", "description": "The people whom campaigns call: added, imported, called back."},
    {
        "name": "promotions",
        "description": "What is offered, for whom, until when, and what it takes off a price.",
    },
    {
        "name": "complaints",
        "description": "Complaints, by when they are due, what belongs to them, and the departments they go to.",
    },
    {
        "name": "articles",
        "description": "What operators tell customers: written, published, found in the call.",
    },
    {
        "name": "scripts",
        "description": "What operators say and ask in calls, step by step: written, tried, published, answered.",
    },
    {
        "name": "surveys",
        "description": "Questions to customers, asked in calls, and results with their intervals.",
    },
    {"name": "queues", "description": "Queues and their counts."},
    {"name": "crm", "description": "The CRM that is asked who calls, and told of calls."},
    {"name": "operators", "description": "Operators, their phones and their state."},
    {"name": "routes", "description": "The queue or operator that each dialled number leads to."},
    {
        "name": "configuration",
        "description": "The centre as a whole: the first steps, and where things that are set up are used.",
    },
    {"name": "users", "description": "Users who may log in, and their roles."},
    {"name": "tokens", "description": "Tokens of programs."},
    {"name": "audit", "description": "Each change: who made it, when, and the fields before and after."},
    {
        "name": "webhooks",
        "description": "Events sent to other programs: signed, in order, tried again until they are taken.",
    },
    {"name": "health", "description": "Health and metrics, for programs that watch the service."},
]
_STATUSES: Final = {
    400: "the request cannot be read: its JSON, its encoding, its address",
    401: "nobody is logged in, or no longer: log in, or send a token that holds",
    403: "the user may not do this, or the page is another site's",
    404: "there is no such thing, or not for this user",
    405: "this address does not know that method",
    409: "it does not fit what is there; nothing was changed",
    410: "it went into another one, which the answer names",
    412: "others changed it meanwhile; `errors` tells who changed what",
    413: "the body is too large",
    416: "the header `Range` does not fit the file",
    422: "a field does not fit; `errors` names each, the first hundred",
    426: "this address speaks websocket",
    428: "a change must name the version it is made to: send `If-Match`",
    429: "too many at once, or too often: try again after `Retry-After`",
    500: "a fault of the service; it is in its log",
    503: "the database or the PBX is away: try again after `Retry-After`",
    507: "the disk of the service is nearly full",
}
_DONE: Final = {
    200: "The state after the request.",
    201: "What was made.",
    202: "The request was accepted; its work goes on.",
    204: "Done; the answer has no body.",
    303: "Redirects to the page.",
}
_UNSAID: Final = "Successful Response"


def _codes() -> str:
    return "\n".join(f"| `{one.code}` | {one.__doc__} |" for one in UNREADABLE)


def _permissions() -> str:
    return "\n".join(
        f"| `{one.value}` | {', '.join(role.value for role, has in PERMISSIONS.items() if one in has)} |"
        for one in Permission
    )


TEXT: Final = f"""A call centre on top of Asterisk.

Programs send `Authorization: Bearer <token>`; browsers a session cookie.
A POST that makes something may carry `Idempotency-Key`: sent again, it is answered again and done once.
Times are ISO 8601 with a time zone; durations are seconds, shares are 0..1, numbers of telephones are E.164.
Lists come in pages: give `next` as `cursor` until it is null.

What happens is told on the websocket `/ws/desktop`, each message described below; as a stream of events over HTTP,
`GET /api/v1/events/stream`; and by webhooks.

## Errors

Every error is `application/problem+json` (RFC 9457), in words for people in `detail`.

| Status | Means |
|---|---|
{chr(10).join(f"| {status} {HTTPStatus(status).phrase} | {words} |" for status, words in _STATUSES.items())}

`code` is what a program goes by: it keeps its meaning for ever. Each operation names the codes it may answer with, and
`GET /api/v1/problem-codes` has the texts of each in English, Estonian and Russian. Telephone numbers that cannot be
read have these:

| Code | Means |
|---|---|
{_codes()}

## Permissions

An operation says under `security` which permission it needs; a role is a set of them. Who lacks it is answered 403 with
the code `permission.missing`.

| Permission | Roles that have it |
|---|---|
{_permissions()}
"""


class Described(FastAPI):
    """An application whose description has the websocket's messages, too."""

    def openapi(self) -> dict[str, Any]:
        """The description; made once."""
        if self.openapi_schema is None:
            self.openapi_schema = _with_words(with_conflicts(_with_problem(with_messages(super().openapi()))))
        return self.openapi_schema


def _with_problem(description: dict[str, Any]) -> dict[str, Any]:
    """Add the schema that every error refers to; as the model of each route it would be built a thousand times."""
    schema = ProblemOut.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    schemas = description["components"]["schemas"]
    for name, part in schema.pop("$defs", {}).items():
        schemas.setdefault(name, part)
    schemas[ProblemOut.__name__] = schema
    return description


def _with_words(description: dict[str, Any]) -> dict[str, Any]:
    for item in description["paths"].values():
        for operation in item.values():
            for status, answer in operation["responses"].items():
                if answer["description"] == _UNSAID:
                    answer["description"] = _DONE[int(status)]
    return description
