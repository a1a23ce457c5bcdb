"""The description is true: requests made from it never break the service, and answers are as it says."""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from .house import House, open_house

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = 6  # a route; there are more than a hundred
SPARED = {
    ("delete", "/api/v1/session"),  # it would log the test out
    ("put", "/api/v1/me/password"),  # so would this
    ("get", "/api/v1/events/stream"),  # its answer has no end
}


async def test_the_service_is_as_it_is_described(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await house.make_queue()
        await house.make_operator("operator", "sales")
        await house.arrive("sales")
        loop = asyncio.get_running_loop()
        statuses = await asyncio.to_thread(_ask_everything, house, loop)
        assert (await house.admin.get("/api/v1/me")).status_code == 200, "still logged in"
        assert min(statuses[200], statuses[201], statuses[404], statuses[422]) > 10
        assert set(statuses) <= {200, 201, 202, 204, 303, 400, 401, 404, 409, 412, 413, 422, 426}


def _ask_everything(house: House, loop: asyncio.AbstractEventLoop) -> Counter[int]:
    statuses: Counter[int] = Counter()

    def wait(work: Coroutine[Any, Any, httpx.Response]) -> httpx.Response:
        return asyncio.run_coroutine_threadsafe(work, loop).result(60)

    schema = schemathesis.openapi.from_dict(house.api.openapi())
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        if (operation.method, operation.path) in SPARED:
            continue

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            said = case.as_transport_kwargs(base_url="http://keskus.test")
            said.pop("cookies", None)
            if isinstance(said.get("data"), str | bytes):
                said["content"] = said.pop("data")
            request = httpx.Request(
                **{name: value for name, value in said.items() if name != "allow_redirects"}
            )
            request.headers["Authorization"] = house.admin.headers["Authorization"]
            request.headers.setdefault("If-Match", "*")
            answer = wait(house.admin.send(request))
            statuses[answer.status_code] += 1
            case.validate_response(schemathesis.Response.from_any(answer), checks=CHECKS)

        ask()
    return statuses
