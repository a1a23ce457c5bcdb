"""What requests may hold, walked through OpenAPI: every object says its fields, and refuses others."""

from collections.abc import Iterator
from typing import Any

from .house import House

JSON = "application/json"


def nodes(schema: Any, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema within a schema, with the field it is of."""
    if isinstance(schema, list):
        for one in schema:
            yield from nodes(one, where)
    if isinstance(schema, dict):
        yield where, schema
        for name, part in schema.items():
            if name == "properties":
                for field, prop in part.items():
                    yield from nodes(prop, f"{where}.{field}")
            elif name != "examples":
                yield from nodes(part, where)


def requested(description: dict[str, Any]) -> dict[str, Any]:
    """The schemas of requests by name, those within others, too."""
    found: dict[str, Any] = {}
    waiting = [
        (f"{method} {path}", operation["requestBody"]["content"][JSON]["schema"])
        for path, item in description["paths"].items()
        for method, operation in item.items()
        if JSON in operation.get("requestBody", {}).get("content", {})
    ]
    while waiting:
        name, schema = waiting.pop()
        found[name] = schema
        refs = {node["$ref"].rpartition("/")[2] for _, node in nodes(schema, "") if "$ref" in node}
        waiting += [(ref, description["components"]["schemas"][ref]) for ref in refs - found.keys()]
    return found


async def test_no_request_takes_fields_that_nobody_knows(house: House) -> None:
    schemas = requested(house.api.openapi())
    assert len(schemas) > 150
    free = {
        where
        for name, schema in schemas.items()
        for where, node in nodes(schema, name)
        if node.get("type") == "object"
        and node.get("additionalProperties", True) in (True, {})
        and "patternProperties" not in node  # names by a rule; others are refused
    }
    assert free == set()


async def test_what_names_something_is_called_after_it(house: House) -> None:
    """`contact`, not `contact_id`, in requests and answers alike."""
    named = {
        field
        for name, schema in house.api.openapi()["components"]["schemas"].items()
        for where, _ in nodes(schema, name)
        for field in [where.rpartition(".")[2]]
        if field.endswith("_id")
    }
    assert named == {"caller_id", "external_id", "sip_call_id"}, "these name nothing of ours"


async def test_nobody_has_to_send_an_empty_object(house: House) -> None:
    description = house.api.openapi()
    asked = {
        f"{method} {path}"
        for path, item in description["paths"].items()
        for method, operation in item.items()
        if method == "post" and operation.get("requestBody", {}).get("required")
        for schema in [operation["requestBody"]["content"].get(JSON, {}).get("schema", {})]
        for whole in [description["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2])]
        if whole is not None and not whole.get("required") and "anyOf" not in whole
    }
    assert (
        asked
        == {
            "post /api/v1/contacts",  # a contact without a name is none
            "post /api/v1/calls/{id}/contacts",
            "post /api/v1/campaigns/{id}/leads/from-contacts",  # nobody calls all contacts by leaving something out
        }
    )


async def test_an_unknown_field_deep_within_is_told_by_its_place(house: House) -> None:
    asked = {
        "/articles": {"texts": {"en": {"title": "Slow internet", "boddy": "Measure it."}}},
        "/promotions": {
            "texts": {"en": {"title": "Autumn", "term": "New customers."}},
            "from_at": "2026-09-01T00:00:00Z",
        },
        "/scripts": {"title": "Sale", "steps": [{"code": "hi", "texts": {"en": "Hello!"}, "requird": True}]},
    }
    for path, said in asked.items():
        answer = await house.client("supervisor").post(f"/api/v1{path}", json=said)
        assert (answer.status_code, answer.json()["code"]) == (422, "request.unfit"), path
        (error,) = answer.json()["errors"]
        assert error["where"].rpartition(".")[2] in {"boddy", "term", "requird"}, error
