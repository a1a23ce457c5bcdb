"""No value that a person sends breaks the service, wherever it stands: found from the interface's own description."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest

from .house import ANY, House, open_house

NUL, HALF = "a\x00b", "a\ud800b"
MOMENTS = (
    "0001-01-01T00:00:00+23:59",
    "0001-01-01T00:00:00-23:59",
    "9999-12-31T23:59:59.999999-23:59",
    "9999-12-31T23:59:59+00:00",
    "2026-03-02T09:00:00",  # nobody knows where
)
SPARED = {("DELETE", "/api/v1/session")}  # it would log the test out


class _Asked(NamedTuple):
    method: str
    path: str
    query: str = ""
    body: object = None


class _Description:
    """What the interface says of itself."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self._schema = schema

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        for path, item in self._schema["paths"].items():
            for method, operation in item.items():
                if (method.upper(), path) not in SPARED:
                    yield method.upper(), path, operation

    def schema(self, said: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in said:
            said = self._schema["components"]["schemas"][said["$ref"].rsplit("/", 1)[1]]
        return said

    def choices(self, said: dict[str, Any]) -> list[dict[str, Any]]:
        """What a value may be, null aside."""
        said = self.schema(said)
        among = said.get("anyOf") or said.get("oneOf")
        if among is None:
            return [said]
        return [one for choice in among for one in self.choices(choice) if one.get("type") != "null"]

    def body(self, operation: dict[str, Any]) -> tuple[dict[str, Any], Any] | None:
        """The schema of a JSON body, and one that fits."""
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            return None
        schema = self.choices(content["schema"])[0]
        return schema, schema.get("examples", [{}])[0]

    def poisoned(self, said: dict[str, Any], good: Any) -> Iterator[Any]:
        """A good value with one unfit one in each place, in turn."""
        for schema in self.choices(said):
            if schema.get("format") == "date-time":
                yield from MOMENTS
            elif schema.get("type") == "string":
                yield from (NUL, HALF)
            elif schema.get("type") == "array":
                first = good[0] if isinstance(good, list) and good else {}
                yield from ([value] for value in self.poisoned(schema["items"], first))
            elif schema.get("type") == "object":
                known = good if isinstance(good, dict) else {}
                yield from ({**known, name: "x"} for name in (NUL, HALF))
                for name, one in schema.get("properties", {}).items():
                    yield from ({**known, name: value} for value in self.poisoned(one, known.get(name)))


def _requests(described: _Description) -> Iterator[_Asked]:
    """Each must be refused as unfit, whatever is there."""
    for method, path, operation in described.operations():
        parameters = operation.get("parameters", [])
        in_path = [one for one in parameters if one["in"] == "path"]
        in_query = [one for one in parameters if one["in"] == "query"]
        fits = path
        for one in in_path:
            text = described.choices(one["schema"])[0]["type"] == "string"
            fits = fits.replace(f"{{{one['name']}}}", "a" if text else "1")
            yield _Asked(method, path.replace(f"{{{one['name']}}}", "a%00b"))
        needed = "&".join(f"{one['name']}=a" for one in in_query if one["required"])
        yield _Asked(method, fits, f"{needed}&x=%00")
        for one in in_query:
            for value in described.poisoned(one["schema"], None):
                if value != HALF:  # no address can say it
                    yield _Asked(method, fits, f"{needed}&{one['name']}={quote(str(value), safe='')}")
        found = described.body(operation)
        for body in described.poisoned(*found) if found is not None else ():
            yield _Asked(method, fits, needed, body)


@pytest.mark.parametrize("backend", ["postgresql"])  # the stricter of the two: SQLite stores what it cannot
async def test_unfit_values_are_refused_everywhere(tmp_path: Path, database_url: str) -> None:
    async with open_house(tmp_path, database_url) as house:
        await house.make_queue()
        made = await house.admin.post("/api/v1/campaigns", json=_example(house))
        assert made.status_code == 201, made.text
        wrong = [name async for name in _wrong(house)]
        assert not wrong, "\n".join(wrong[:20])


async def _wrong(house: House) -> AsyncIterator[str]:
    asked = 0
    for request in _requests(_Description(house.api.openapi())):
        asked += 1
        content = None if request.body is None else json.dumps(request.body)
        headers = ANY if content is None else ANY | {"Content-Type": "application/json"}
        answer = await house.admin.request(
            request.method, f"{request.path}?{request.query}", content=content, headers=headers
        )
        if answer.status_code != 422:
            yield f"{answer.status_code}: {request}"
    assert asked > 500


def _example(house: House) -> Any:
    return house.api.openapi()["components"]["schemas"]["CampaignIn"]["examples"][0]
