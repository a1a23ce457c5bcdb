"""Every route for every role, from one table; a route that is not in the table fails the test."""

from typing import Any

import pytest

from app.domain.roles import PERMISSIONS, Permission, Role
from tests.own_rules import OWN_RULES

from .house import ROLES, House

NO_QUEUE = OWN_RULES | {"title": "X", "purpose": "survey", "mode": "ratio", "queue": "none"}

# method, path, the least role; "" is for all.
TABLE: list[tuple[str, str, str]] = [
    ("POST", "/api/v1/session", ""),
    ("DELETE", "/api/v1/session", "operator"),
    ("GET", "/api/v1/me", "operator"),
    ("PUT", "/api/v1/me/password", "operator"),
    ("PUT", "/api/v1/me/state", "operator"),
    ("POST", "/api/v1/me/wrap-up/end", "operator"),
    ("POST", "/api/v1/me/preview/dial", "operator"),
    ("POST", "/api/v1/me/preview/skip", "operator"),
    ("GET", "/api/v1/tokens", "operator"),
    ("POST", "/api/v1/tokens", "operator"),
    ("DELETE", "/api/v1/tokens/{token_id}", "operator"),
    ("GET", "/api/v1/floor", "operator"),
    ("GET", "/api/v1/calls", "operator"),
    ("GET", "/api/v1/calls/{id}", "operator"),
    ("POST", "/api/v1/calls/{id}/contact", "operator"),
    ("GET", "/api/v1/contacts", "operator"),
    ("GET", "/api/v1/contacts/search", "operator"),
    ("GET", "/api/v1/contacts/{id}/merge-preview", "operator"),
    ("POST", "/api/v1/contacts/{id}/merge", "supervisor"),
    ("GET", "/api/v1/contacts/{id}/merges", "operator"),
    ("POST", "/api/v1/merges/{id}/undo", "supervisor"),
    ("GET", "/api/v1/duplicates", "operator"),
    ("POST", "/api/v1/duplicates/{id}/dismissal", "operator"),
    ("POST", "/api/v1/contacts", "operator"),
    ("GET", "/api/v1/contacts/{id}", "operator"),
    ("PUT", "/api/v1/contacts/{id}", "operator"),
    ("DELETE", "/api/v1/contacts/{id}", "supervisor"),
    ("GET", "/api/v1/contacts/{id}/people", "operator"),
    ("GET", "/api/v1/contacts/{id}/history", "operator"),
    ("POST", "/api/v1/contacts/{id}/history/{change}/undo", "operator"),
    ("GET", "/api/v1/contacts/{id}/notes", "operator"),
    ("POST", "/api/v1/contacts/{id}/notes", "operator"),
    ("PUT", "/api/v1/contacts/{id}/notes/{note}", "operator"),
    ("DELETE", "/api/v1/contacts/{id}/notes/{note}", "operator"),
    ("GET", "/api/v1/contact-fields", "operator"),
    ("POST", "/api/v1/contact-fields", "administrator"),
    ("PUT", "/api/v1/contact-fields/{code}", "administrator"),
    ("GET", "/api/v1/contacts/{id}/tags", "operator"),
    ("PUT", "/api/v1/contacts/{id}/tags", "operator"),
    ("GET", "/api/v1/tags", "operator"),
    ("POST", "/api/v1/tags", "operator"),
    ("PUT", "/api/v1/tags/{id}", "supervisor"),
    ("DELETE", "/api/v1/tags/{id}", "supervisor"),
    ("GET", "/api/v1/tags/{id}/contacts", "operator"),
    ("GET", "/api/v1/surveys", "operator"),
    ("POST", "/api/v1/surveys", "supervisor"),
    ("GET", "/api/v1/surveys/offers", "operator"),
    ("GET", "/api/v1/surveys/{id}", "operator"),
    ("PUT", "/api/v1/surveys/{id}", "supervisor"),
    ("PUT", "/api/v1/surveys/{id}/state", "supervisor"),
    ("GET", "/api/v1/surveys/{id}/versions", "supervisor"),
    ("GET", "/api/v1/surveys/{id}/versions/{version}", "supervisor"),
    ("POST", "/api/v1/surveys/{id}/responses", "operator"),
    ("GET", "/api/v1/surveys/{id}/results", "supervisor"),
    ("GET", "/api/v1/surveys/{id}/results/operators", "supervisor"),
    ("GET", "/api/v1/surveys/{id}/texts", "supervisor"),
    ("GET", "/api/v1/surveys/{id}/export", "supervisor"),
    ("GET", "/api/v1/survey-responses", "operator"),
    ("GET", "/api/v1/survey-responses/{id}", "operator"),
    ("PATCH", "/api/v1/survey-responses/{id}", "operator"),
    ("POST", "/api/v1/survey-responses/{id}/finish", "operator"),
    ("POST", "/api/v1/survey-responses/{id}/refuse", "operator"),
    ("GET", "/api/v1/articles", "operator"),
    ("POST", "/api/v1/articles", "supervisor"),
    ("GET", "/api/v1/articles/search", "operator"),
    ("POST", "/api/v1/articles/unanswered", "operator"),
    ("GET", "/api/v1/articles/unanswered", "supervisor"),
    ("PUT", "/api/v1/articles/unanswered/{id}", "supervisor"),
    ("GET", "/api/v1/articles/{id}", "operator"),
    ("PUT", "/api/v1/articles/{id}", "supervisor"),
    ("PUT", "/api/v1/articles/{id}/state", "supervisor"),
    ("POST", "/api/v1/articles/{id}/answers", "operator"),
    ("GET", "/api/v1/articles/{id}/answers", "supervisor"),
    ("GET", "/api/v1/articles/{id}/versions", "supervisor"),
    ("GET", "/api/v1/articles/{id}/versions/{version}", "supervisor"),
    ("GET", "/api/v1/articles/{id}/versions/{version}/comparison", "supervisor"),
    ("POST", "/api/v1/articles/{id}/versions/{version}/restoration", "supervisor"),
    ("GET", "/api/v1/synonyms", "supervisor"),
    ("POST", "/api/v1/synonyms", "supervisor"),
    ("PUT", "/api/v1/synonyms/{id}", "supervisor"),
    ("GET", "/api/v1/scripts", "supervisor"),
    ("POST", "/api/v1/scripts", "supervisor"),
    ("GET", "/api/v1/scripts/{id}", "supervisor"),
    ("PUT", "/api/v1/scripts/{id}", "supervisor"),
    ("GET", "/api/v1/scripts/{id}/dry-run", "supervisor"),
    ("PUT", "/api/v1/scripts/{id}/state", "supervisor"),
    ("GET", "/api/v1/scripts/{id}/versions", "supervisor"),
    ("GET", "/api/v1/scripts/{id}/versions/{number}", "supervisor"),
    ("GET", "/api/v1/calls/{id}/script", "operator"),
    ("PUT", "/api/v1/calls/{id}/scripts/{script}", "operator"),
    ("GET", "/api/v1/script-runs", "operator"),
    ("GET", "/api/v1/script-runs/{run}", "operator"),
    ("PUT", "/api/v1/script-runs/{run}/typed", "operator"),
    ("PUT", "/api/v1/script-runs/{run}/next", "operator"),
    ("PUT", "/api/v1/script-runs/{run}/back", "operator"),
    ("PUT", "/api/v1/script-runs/{run}/state", "operator"),
    ("GET", "/api/v1/promotions", "operator"),
    ("GET", "/api/v1/promotions/running", "operator"),
    ("POST", "/api/v1/promotions", "supervisor"),
    ("GET", "/api/v1/promotions/{id}", "operator"),
    ("PUT", "/api/v1/promotions/{id}", "supervisor"),
    ("GET", "/api/v1/departments", "operator"),
    ("POST", "/api/v1/departments", "administrator"),
    ("GET", "/api/v1/departments/{id}", "operator"),
    ("PUT", "/api/v1/departments/{id}", "administrator"),
    ("DELETE", "/api/v1/departments/{id}", "administrator"),
    ("GET", "/api/v1/departments/{id}/target", "operator"),
    ("GET", "/api/v1/calls/{id}/complaints", "operator"),
    ("GET", "/api/v1/complaints", "operator"),
    ("GET", "/api/v1/complaints/counts", "operator"),
    ("POST", "/api/v1/complaints", "operator"),
    ("GET", "/api/v1/complaints/{id}", "operator"),
    ("PUT", "/api/v1/complaints/{id}", "operator"),
    ("POST", "/api/v1/complaints/{id}/steps", "operator"),
    ("PUT", "/api/v1/complaints/{id}/owner", "operator"),
    ("POST", "/api/v1/complaints/{id}/pass", "operator"),
    ("PUT", "/api/v1/complaints/{id}/satisfaction", "operator"),
    ("GET", "/api/v1/complaints/{id}/notes", "operator"),
    ("POST", "/api/v1/complaints/{id}/notes", "operator"),
    ("POST", "/api/v1/complaints/{id}/links", "operator"),
    ("DELETE", "/api/v1/complaints/{id}/links/{kind}/{ref}", "operator"),
    ("POST", "/api/v1/complaints/{id}/tasks", "operator"),
    ("POST", "/api/v1/complaints/{id}/tasks/{task}/done", "operator"),
    ("DELETE", "/api/v1/complaints/{id}/tasks/{task}", "operator"),
    ("GET", "/api/v1/complaint-tasks", "operator"),
    ("GET", "/api/v1/complaint-categories", "operator"),
    ("POST", "/api/v1/complaint-categories", "supervisor"),
    ("PUT", "/api/v1/complaint-categories/{id}", "supervisor"),
    ("GET", "/api/v1/products", "operator"),
    ("POST", "/api/v1/products", "supervisor"),
    ("GET", "/api/v1/products/categories", "operator"),
    ("GET", "/api/v1/products/{id}", "operator"),
    ("PUT", "/api/v1/products/{id}", "supervisor"),
    ("DELETE", "/api/v1/products/{id}", "supervisor"),
    ("PUT", "/api/v1/products/{id}/stock", "supervisor"),
    ("POST", "/api/v1/products/{id}/arrivals", "supervisor"),
    ("GET", "/api/v1/vat-rates", "operator"),
    ("PUT", "/api/v1/vat-rates", "supervisor"),
    ("GET", "/api/v1/price-lists", "operator"),
    ("POST", "/api/v1/price-lists", "supervisor"),
    ("GET", "/api/v1/price-lists/{id}", "operator"),
    ("PUT", "/api/v1/price-lists/{id}", "supervisor"),
    ("GET", "/api/v1/contacts/{id}/terms", "operator"),
    ("PUT", "/api/v1/contacts/{id}/terms", "supervisor"),
    ("GET", "/api/v1/orders", "operator"),
    ("POST", "/api/v1/orders", "operator"),
    ("GET", "/api/v1/orders/counts", "operator"),
    ("GET", "/api/v1/orders/export", "supervisor"),
    ("GET", "/api/v1/orders/{id}", "operator"),
    ("PATCH", "/api/v1/orders/{id}", "operator"),
    ("DELETE", "/api/v1/orders/{id}", "operator"),
    ("POST", "/api/v1/orders/{id}/place", "operator"),
    ("POST", "/api/v1/orders/{id}/confirm", "supervisor"),
    ("POST", "/api/v1/orders/{id}/deliver", "supervisor"),
    ("POST", "/api/v1/orders/{id}/cancel", "operator"),
    ("POST", "/api/v1/orders/{id}/return", "supervisor"),
    ("POST", "/api/v1/orders/{id}/repeat", "operator"),
    ("GET", "/api/v1/orders/{id}/history", "operator"),
    ("GET", "/api/v1/rule-sets", "operator"),
    ("GET", "/api/v1/consents", "supervisor"),
    ("POST", "/api/v1/consents", "operator"),
    ("GET", "/api/v1/consents/look-up", "operator"),
    ("GET", "/api/v1/consents/imports", "supervisor"),
    ("POST", "/api/v1/consents/imports", "supervisor"),
    ("GET", "/api/v1/consents/imports/{id}", "supervisor"),
    ("DELETE", "/api/v1/consents/imports/{id}", "supervisor"),
    ("GET", "/api/v1/consents/imports/{id}/rejected", "supervisor"),
    ("POST", "/api/v1/consents/imports/{id}/cancel", "supervisor"),
    ("GET", "/api/v1/consents/{id}", "supervisor"),
    ("POST", "/api/v1/consents/{id}/removal", "supervisor"),
    ("GET", "/api/v1/campaigns/{id}/evidence/attempts", "supervisor"),
    ("GET", "/api/v1/campaigns/{id}/evidence/not-dialled", "supervisor"),
    ("GET", "/api/v1/campaigns/{id}/evidence/abandonment", "supervisor"),
    ("GET", "/api/v1/campaigns", "supervisor"),
    ("POST", "/api/v1/campaigns", "supervisor"),
    ("GET", "/api/v1/campaigns/{id}", "supervisor"),
    ("PUT", "/api/v1/campaigns/{id}", "supervisor"),
    ("DELETE", "/api/v1/campaigns/{id}", "supervisor"),
    ("PUT", "/api/v1/campaigns/{id}/state", "supervisor"),
    ("GET", "/api/v1/campaigns/{id}/changes", "supervisor"),
    ("GET", "/api/v1/campaigns/{id}/pacing", "supervisor"),
    ("GET", "/api/v1/campaigns/{id}/leads", "supervisor"),
    ("GET", "/api/v1/campaigns/{id}/stopped", "supervisor"),
    ("POST", "/api/v1/campaigns/{id}/leads", "supervisor"),
    ("POST", "/api/v1/campaigns/{id}/leads/from-contacts", "supervisor"),
    ("GET", "/api/v1/campaigns/{id}/imports", "supervisor"),
    ("POST", "/api/v1/campaigns/{id}/imports", "supervisor"),
    ("GET", "/api/v1/campaigns/{id}/attempts", "supervisor"),
    ("GET", "/api/v1/sounds", "supervisor"),
    ("POST", "/api/v1/sounds", "administrator"),
    ("GET", "/api/v1/sounds/{name}", "supervisor"),
    ("DELETE", "/api/v1/sounds/{name}", "administrator"),
    ("GET", "/api/v1/campaigns/{id}/hours", "supervisor"),
    ("GET", "/api/v1/campaigns/{id}/spent", "supervisor"),
    ("GET", "/api/v1/campaigns/{id}/machine-detection", "supervisor"),
    ("GET", "/api/v1/tariffs", "supervisor"),
    ("PUT", "/api/v1/tariffs", "administrator"),
    ("GET", "/api/v1/audit", "administrator"),
    ("GET", "/api/v1/me/attempts", "operator"),
    ("GET", "/api/v1/attempts/{id}", "operator"),
    ("PUT", "/api/v1/attempts/{id}/disposition", "operator"),
    ("GET", "/api/v1/dispositions", "operator"),
    ("POST", "/api/v1/dispositions", "supervisor"),
    ("PUT", "/api/v1/dispositions/{id}", "supervisor"),
    ("GET", "/api/v1/leads/{id}", "supervisor"),
    ("PATCH", "/api/v1/leads/{id}", "supervisor"),
    ("DELETE", "/api/v1/leads/{id}", "supervisor"),
    ("PUT", "/api/v1/leads/{id}/callback", "operator"),
    ("DELETE", "/api/v1/leads/{id}/callback", "supervisor"),
    ("GET", "/api/v1/callbacks", "operator"),
    ("GET", "/api/v1/imports/{id}", "supervisor"),
    ("DELETE", "/api/v1/imports/{id}", "supervisor"),
    ("GET", "/api/v1/imports/{id}/preview", "supervisor"),
    ("PUT", "/api/v1/imports/{id}/reading", "supervisor"),
    ("POST", "/api/v1/imports/{id}/start", "supervisor"),
    ("POST", "/api/v1/imports/{id}/cancel", "supervisor"),
    ("POST", "/api/v1/imports/{id}/undo", "supervisor"),
    ("GET", "/api/v1/imports/{id}/rejected", "supervisor"),
    ("GET", "/api/v1/queues", "operator"),
    ("POST", "/api/v1/queues", "administrator"),
    ("GET", "/api/v1/queues/{id}", "operator"),
    ("PUT", "/api/v1/queues/{id}", "administrator"),
    ("DELETE", "/api/v1/queues/{id}", "administrator"),
    ("GET", "/api/v1/operators", "supervisor"),
    ("POST", "/api/v1/operators", "administrator"),
    ("GET", "/api/v1/operators/{id}", "supervisor"),
    ("PUT", "/api/v1/operators/{id}", "administrator"),
    ("DELETE", "/api/v1/operators/{id}", "administrator"),
    ("PUT", "/api/v1/operators/{id}/state", "supervisor"),
    ("POST", "/api/v1/operators/{id}/softphone-secret", "administrator"),
    ("GET", "/api/v1/routes", "supervisor"),
    ("PUT", "/api/v1/routes/{number}", "administrator"),
    ("DELETE", "/api/v1/routes/{number}", "administrator"),
    ("GET", "/api/v1/users", "administrator"),
    ("POST", "/api/v1/users", "administrator"),
    ("GET", "/api/v1/users/{id}", "administrator"),
    ("PATCH", "/api/v1/users/{id}", "administrator"),
    ("GET", "/api/v1/roles", "administrator"),
    ("PUT", "/api/v1/roles/{name}", "administrator"),
    ("DELETE", "/api/v1/roles/{name}", "administrator"),
    ("GET", "/pop/{id}", ""),
    ("GET", "/ws/desktop", ""),
    ("GET", "/api/v1/problem-codes", ""),
    ("GET", "/healthz", ""),
    ("GET", "/readyz", ""),
    ("GET", "/metrics", ""),
]
FILLED = {"id": 999, "token_id": 999, "number": "6001000", "name": "hello", "kind": "call", "ref": "1.2"} | {
    "task": 999,
    "code": "size",
    "note": 9,
    "change": 9,
    "version": 1,
    "script": 999,
    "run": 999,
}
"""Values of the paths' parameters."""
FIELD = {"kind": "text", "titles": {"en": "Size", "et": "Suurus", "ru": "Размер"}}
SAID: dict[str, Any] = {
    "/api/v1/session": {"username": "x", "password": "x"},
    "/api/v1/me/password": {"current": "wrong password", "new": "another password"},
    "/api/v1/me/state": {"presence": "available"},
    "/api/v1/tokens": {"name": "CRM"},
    "/api/v1/calls/{id}/contact": {"contact": 1},
    "/api/v1/contacts": {"surname": "Kask"},
    "/api/v1/contacts/{id}": {"surname": "Kask"},
    "/api/v1/contacts/{id}/notes": {"text": "x"},
    "/api/v1/contacts/{id}/notes/{note}": {"text": "x"},
    "/api/v1/contact-fields": FIELD | {"code": "size"},
    "/api/v1/contact-fields/{code}": FIELD,
    "/api/v1/consents": {"word": "do_not_call", "number": "5550 0123", "source": "call"},
    "/api/v1/consents/{id}/removal": {"reason": "asked for it"},
    "/api/v1/campaigns": NO_QUEUE,
    "/api/v1/campaigns/{id}": NO_QUEUE,
    "/api/v1/campaigns/{id}/state": {"state": "running"},
    "/api/v1/campaigns/{id}/leads": {"leads": [{"numbers": ["55500123"]}]},
    "/api/v1/campaigns/{id}/leads/from-contacts": {"q": "kask"},
    "/api/v1/products": {"code": "x", "name_en": "X", "net_price": "1"},
    "/api/v1/products/{id}": {"code": "x", "name_en": "X", "net_price": "1"},
    "/api/v1/products/{id}/stock": {"stock": "in"},
    "/api/v1/products/{id}/arrivals": {"quantity": "1"},
    "/api/v1/vat-rates": {"items": []},
    "/api/v1/price-lists": {"name": "X"},
    "/api/v1/price-lists/{id}": {"name": "X"},
    "/api/v1/contacts/{id}/terms": {},
    "/api/v1/orders": {},
    "/api/v1/orders/{id}": {},
    "/api/v1/orders/{id}/cancel": {"reason": "x"},
    "/api/v1/orders/{id}/return": {"reason": "x"},
    "/api/v1/orders/{id}/repeat": {},
    "/api/v1/dispositions": {"code": "x", "title": "X", "campaign": 999},
    "/api/v1/dispositions/{id}": {"code": "x", "title": "X"},
    "/api/v1/leads/{id}": {"priority": 1},
    "/api/v1/leads/{id}/callback": {"at": "2026-03-02T09:00:00Z"},
    "/api/v1/imports/{id}/reading": {},
    "/api/v1/imports/{id}/start": {},
    "/api/v1/articles": {"texts": {"et": {"title": "X"}}},
    "/api/v1/articles/{id}": {"texts": {"et": {"title": "X"}}},
    "/api/v1/articles/{id}/state": {"state": "published"},
    "/api/v1/articles/{id}/answers": {"helped": True},
    "/api/v1/articles/unanswered": {"question": "X"},
    "/api/v1/articles/unanswered/{id}": {"done": True},
    "/api/v1/surveys": {"title": "X", "languages": ["et"]},
    "/api/v1/surveys/{id}": {"title": "X", "languages": ["et"]},
    "/api/v1/surveys/{id}/state": {"state": "withdrawn"},
    "/api/v1/surveys/{id}/responses": {},
    "/api/v1/survey-responses/{id}": {},
    "/api/v1/survey-responses/{id}/refuse": {},
    "/api/v1/synonyms": {"code": "x"},
    "/api/v1/synonyms/{id}": {"code": "x"},
    "/api/v1/scripts": {"title": "X"},
    "/api/v1/scripts/{id}": {"title": "X"},
    "/api/v1/scripts/{id}/state": {"state": "withdrawn"},
    "/api/v1/script-runs/{run}/typed": {"typed": {}},
    "/api/v1/script-runs/{run}/next": {"step": "x"},
    "/api/v1/script-runs/{run}/back": {"step": "x"},
    "/api/v1/script-runs/{run}/state": {"state": "open"},
    "/api/v1/promotions": {"texts": {"et": {"title": "X"}}, "from_at": "2026-01-01T00:00:00Z"},
    "/api/v1/promotions/{id}": {"texts": {"et": {"title": "X"}}, "from_at": "2026-01-01T00:00:00Z"},
    "/api/v1/queues": {"id": "abi", "title": "Abi"},
    "/api/v1/queues/{id}": {"title": "Abi"},
    "/api/v1/operators": {"user": 999},
    "/api/v1/operators/{id}": {},
    "/api/v1/operators/{id}/state": {"presence": "offline"},
    "/api/v1/routes/{number}": {"kind": "queue", "target": "none"},
    "/api/v1/roles/{name}": {"title": "X", "permissions": ["own"]},
    "/api/v1/users": {"username": "x", "password": "x" * 12, "display_name": "X"},
    "/api/v1/users/{id}": {"display_name": "X"},
}
RIGHT = {
    "/api/v1/me/password": {403},  # it is the wrong password that is refused
    "/api/v1/session": {401},
}


def test_the_table_has_every_route(house: House) -> None:
    told = {
        (method.upper(), path) for path, methods in house.api.openapi()["paths"].items() for method in methods
    }
    assert {(method, path) for method, path, _ in TABLE} == told


def needs(operation: dict[str, Any]) -> set[Permission]:
    """By every way to log in the same."""
    (needed,) = {tuple(scopes) for way in operation.get("security", []) for scopes in way.values()} or {()}
    return {Permission(one) for one in needed}


def test_each_operation_needs_a_permission_of_the_roles_it_is_for(house: House) -> None:
    paths = house.api.openapi()["paths"]
    for method, path, least in TABLE:
        needed = needs(paths[path][method.lower()])
        assert len(needed) == (1 if least else 0), (method, path)
        may = [role for role in ROLES if needed and needed <= PERMISSIONS[Role(role)]]
        assert may == (list(ROLES[ROLES.index(least) :]) if least else []), (method, path)


def test_every_permission_is_some_operation_s_or_decides_what_one_shows(house: House) -> None:
    needed = {
        permission
        for operations in house.api.openapi()["paths"].values()
        for operation in operations.values()
        for permission in needs(operation)
    }
    shown = {
        Permission.FLOOR_WATCH,
        Permission.CALLS_READ_ALL,
        Permission.ATTEMPTS_DISPOSE_ALL,
        Permission.CALLBACKS_WRITE_ALL,
    }
    assert needed == set(Permission) - shown


@pytest.mark.parametrize("role", ["", *ROLES])
async def test_each_role_may_do_what_is_its_own(house: House, role: str) -> None:
    wrong = []
    for method, path, least in TABLE:
        if (method, path) == ("DELETE", "/api/v1/session") and role:
            continue  # would log out the rest of the test
        filled = path.format(**FILLED)
        answer = await house.client(role).request(method, filled, json=SAID.get(path))
        if not least:
            expected = answer.status_code not in {401, 403} or answer.status_code in RIGHT.get(path, ())
        elif not role:
            expected = answer.status_code == 401
        elif ROLES.index(role) < ROLES.index(least):
            expected = answer.status_code == 403
        else:
            expected = answer.status_code not in {401, 403} or answer.status_code in RIGHT.get(path, ())
        if not expected or answer.status_code >= 500:
            wrong.append((method, path, answer.status_code, answer.text))
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json", (method, path)
            assert answer.json()["status"] == answer.status_code
    assert not wrong
