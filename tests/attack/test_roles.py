"""Requests made from the service's own description, in the name of each role and of nobody: none breaks it."""

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok

from .figures import HELD_BOUND_S, Attack
from .target import FULL, ROLES, Target, scaled

EXAMPLES = scaled(1, 20)
SPARED = {
    ("delete", "/api/v1/session"),
    ("put", "/api/v1/me/password"),
    ("patch", "/api/v1/users/{id}"),
    ("get", "/api/v1/events/stream"),
}
"""The first would end the log-in that is used; the answer of the last has no end."""
EVERY = scaled(4, 1)
"""One operation in so many is asked."""


@pytest.mark.timeout(900 if FULL else 240)
@pytest.mark.parametrize("role", ["", *ROLES] if FULL else ["", "operator"])
async def test_no_request_of_any_role_breaks_it(target: Target, role: str) -> None:
    async with target.client() as http:
        description = (await http.get("/api/v1/openapi.json")).json()
    async with target.attack(f"schemathesis: {role or 'nobody'}") as attack:
        statuses = await asyncio.to_thread(_ask, target, role, description, attack)
    assert not [status for status in statuses if status >= 500 and status != 503], statuses
    assert set(statuses) - {503}, statuses
    assert attack.figures.held_s <= HELD_BOUND_S


def _ask(target: Target, role: str, description: dict[str, Any], attack: Attack) -> Counter[int]:
    statuses: Counter[int] = Counter()
    headers = {"Authorization": f"Bearer {target.tokens[role]}"} if role else {}
    schema = schemathesis.openapi.from_dict(description)
    with httpx.Client(headers=headers, timeout=30.0) as http:
        for place, found in enumerate(schema.get_all_operations()):
            assert isinstance(found, Ok)
            operation = found.ok()
            if place % EVERY or (operation.method, operation.path) in SPARED:
                continue

            @settings(
                max_examples=EXAMPLES,
                deadline=None,
                database=None,
                derandomize=True,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy())
            def ask(case: Any) -> None:
                said = case.as_transport_kwargs(base_url=target.url)
                said.pop("cookies", None)
                if isinstance(said.get("data"), str | bytes):
                    said["content"] = said.pop("data")
                request = httpx.Request(
                    **{name: value for name, value in said.items() if name != "allow_redirects"}
                )
                request.headers.pop("Authorization", None)
                request.headers.update(headers)
                answer = http.send(request)
                attack.count()
                statuses[answer.status_code] += 1
                assert answer.status_code not in {500, 502}, f"{request.method} {request.url}: {answer.text}"

            ask()
    return statuses
