"""Bodies made to be work: whatever a stranger or an operator sends, the event loop goes on."""

import pytest

from .figures import HELD_BOUND_S
from .target import Target

LIMIT = 256 * 1024
BODIES = {
    "nesting": b"[" * LIMIT,
    "nested pairs": b"[" * (LIMIT // 2) + b"]" * (LIMIT // 2),
    "empty lists": b"[" + b"[]," * (LIMIT // 3 - 2) + b"[]]",
    "numbers": b"[" + b"1," * (LIMIT // 2 - 2) + b"1]",
    "long number": b"1" * LIMIT,
}


@pytest.mark.parametrize("name", BODIES)
async def test_a_stranger_s_body_does_not_hold_the_loop(target: Target, name: str) -> None:
    async with target.client() as http, target.attack(f"body: {name}") as attack:
        for _ in range(5):
            answer = await http.post("/api/v1/session", content=BODIES[name])
            attack.sent += 1
            assert answer.status_code in {400, 422}, answer.text
    assert attack.figures.held_s <= HELD_BOUND_S
