"""Bodies, queries and headers made to be work: whatever anybody sends, the event loop goes on."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from .figures import HELD_BOUND_S
from .target import FULL, Target

pytestmark = pytest.mark.asyncio(loop_scope="module")

LIMIT = 256 * 1024
BODIES = {
    "nesting": b"[" * LIMIT,
    "nested pairs": b"[" * (LIMIT // 2) + b"]" * (LIMIT // 2),
    "nested objects": b'{"a":' * (LIMIT // 6) + b"1" + b"}" * (LIMIT // 6),
    "empty lists": b"[" + b"[]," * (LIMIT // 3 - 2) + b"[]]",
    "numbers": b"[" + b"1," * (LIMIT // 2 - 2) + b"1]",
    "long number": b"1" * LIMIT,
    "keys": b"{" + b",".join(b'"%d":1' % key for key in range(25_000)) + b"}",
    "escapes": b'{"username":"' + b"\\u0041" * (LIMIT // 6 - 20) + b'","password":"x"}',
}
JSON = {"Content-Type": "application/json"}
IDS = {"id": "1", "number": "3726000100", "name": "x", "token_id": "1"}


@pytest.mark.parametrize("name", BODIES)
async def test_a_stranger_s_body_does_not_hold_the_loop(lasting_target: Target, name: str) -> None:
    async with lasting_target.client() as http, lasting_target.attack(f"body: {name}") as attack:
        for _ in range(5):
            answer = await http.post("/api/v1/session", content=BODIES[name], headers=JSON)
            attack.count()
            assert answer.status_code in {400, 401, 413, 422}, answer.text
    assert attack.figures.held_s <= HELD_BOUND_S


async def test_no_body_that_fits_in_no_way_holds_the_loop(lasting_target: Target) -> None:
    """Each operation that takes JSON, with lists and objects of what it does not take, as many as there is room.

    A field that several operations have alike is tried at the first of them, as the same code reads it at all.
    """
    async with (
        lasting_target.client("administrator") as http,
        lasting_target.attack("bodies for every operation") as attack,
    ):
        description = (await http.get("/api/v1/openapi.json")).json()
        tried: set[str] = set()
        for method, path, schema in _taking_json(description):
            for body in _unfit(schema, description, tried):
                answer = await http.request(method, path, content=body, headers=JSON)
                attack.count()
                assert answer.status_code < 500, f"{method} {path}: {answer.text[:200]}"
                assert len(answer.content) < LIMIT, f"{method} {path} says too much of what does not fit"
    assert attack.figures.held_s <= HELD_BOUND_S


async def test_queries_and_headers_do_not_hold_the_loop(lasting_target: Target) -> None:
    async with (
        lasting_target.client("supervisor") as http,
        lasting_target.attack("queries and headers") as attack,
    ):
        for query in (
            "&".join(["q=a"] * 1900),
            "q=" + "%41" * 2500,
            "limit=" + "9" * 7000,
            "cursor=" + "A" * 7000,
        ):
            for path in ("/api/v1/contacts", "/api/v1/calls", "/api/v1/campaigns", "/api/v1/consents"):
                answer = await http.get(f"{path}?{query}")
                attack.count()
                assert answer.status_code < 500, answer.text
        for headers in (
            {"Cookie": "; ".join(f"a{place}=b" for place in range(3000))},
            {"Cookie": 'a="' + "\\101" * 6000 + '"'},
            {"Authorization": "Bearer " + "a" * 30_000},
            {"X-Forwarded-For": ", ".join(["203.0.113.9"] * 2000)},
            {"Accept": ",".join(["a/b;q=0.1"] * 2000)},
            {"Content-Type": "multipart/form-data; boundary=" + "a" * 20_000},
        ):
            for method, path in (("GET", "/api/v1/me"), ("POST", "/api/v1/contacts")):
                answer = await http.request(method, path, headers=headers)
                attack.count()
                assert answer.status_code < 500, answer.text
    assert attack.figures.held_s <= HELD_BOUND_S


def _taking_json(description: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if content is not None:
                for name, value in IDS.items():
                    path = path.replace(f"{{{name}}}", value)  # noqa: PLW2901 - filled in
                yield method.upper(), path, _resolved(content["schema"], description)


def _resolved(schema: dict[str, Any], description: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = description["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _unfit(schema: dict[str, Any], description: dict[str, Any], tried: set[str]) -> Iterator[bytes]:
    yield BODIES["keys"]
    if FULL:
        yield from BODIES.values()
    for name, part in schema.get("properties", {}).items():
        field = json.dumps([name, part], sort_keys=True)
        if field in tried and not FULL:
            continue
        tried.add(field)
        kinds = [_resolved(one, description) for one in (part, *part.get("anyOf", ()))]
        if any(kind.get("type") == "array" for kind in kinds):
            for item in (b"1", b"{}", b"[]", b'"a"', b"null"):
                room = (LIMIT - len(name) - 20) // (len(item) + 1)
                yield b'{"%s":[%s]}' % (name.encode(), b",".join([item] * room))
        if any(kind.get("type") == "object" or "properties" in kind for kind in kinds):
            yield b'{"%s":%s}' % (name.encode(), BODIES["keys"])
        if FULL:
            yield json.dumps({name: "a" * (LIMIT - 200)}).encode()
            yield b'{"%s":%s}' % (name.encode(), b"9" * 4000)
