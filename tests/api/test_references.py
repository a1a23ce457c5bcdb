"""What a request names and does not exist is refused alike everywhere: 422, one code, and the field that names it."""

from typing import Any

from .campaigning import CAMPAIGN
from .house import ANY, PASSWORD, House
from .test_complaints import department
from .test_request_schemas import nodes, requested

NAMES = {
    *(
        "contact",
        "employer",
        "other",
        "call",
        "owner",
        "user",
        "assignee",
        "deputy",
        "members",
        "callback_operator",
    ),
    *(
        "queue",
        "queues",
        "overflow_queue",
        "campaign",
        "campaigns",
        "department",
        "category",
        "product",
        "tag",
        "tags",
    ),
    *("price_list", "role", "message", "machine_message", "target", "ref", "article", "operator"),
}
"""Fields of requests by these names name something else."""
WORDS = {
    "ArticleIn.tags": "words that an article is found by",
    "SearchIn.queue": "where somebody searches: it only sorts",
    "CampaignIn.message": "a sound of the PBX's own, unless it is one that was uploaded",
}
"""Fields that are called so and name nothing."""
UNTRIED = {
    "CallbackIn.operator",  # of a lead; test_leads
    "DispositionSaid.callback_operator",  # of an attempt; test_dispositions
    "UnansweredSettled.article",  # of a search; test_articles
}
NOWHERE, NOBODY = "1.99", 999
TEXTS = {"en": {"title": "Slow"}}
LINES = [{"product": NOBODY, "quantity": "1"}]
MARI = {"username": "mari", "password": PASSWORD, "display_name": "Mari"}
WHOLE = {"subject": "Net", "text": "", "wish": "", "category": None, "owner": None}
ASKED: list[tuple[str, str, dict[str, Any], str]] = [
    ("POST", "/articles", {"texts": TEXTS, "queues": ["none"]}, "queues.0"),
    ("POST", "/articles", {"texts": TEXTS, "campaigns": [NOBODY]}, "campaigns.0"),
    ("POST", "/articles", {"texts": TEXTS, "owner": NOBODY}, "owner"),
    ("POST", "/campaigns", CAMPAIGN | {"queue": "none"}, "queue"),
    ("POST", "/campaigns", CAMPAIGN | {"message": "keskus/none"}, "message"),
    ("POST", "/campaigns", CAMPAIGN | {"machine_message": "keskus/none"}, "machine_message"),
    ("POST", "/complaint-categories", {"title": "Net", "department": NOBODY}, "department"),
    ("POST", "/complaints", {"subject": "Net", "category": NOBODY}, "category"),
    ("POST", "/complaints", {"subject": "Net", "contact": NOBODY}, "contact"),
    ("POST", "/complaints", {"subject": "Net", "owner": NOBODY}, "owner"),
    ("POST", "/complaints", {"subject": "Net", "department": NOBODY}, "department"),
    ("POST", "/complaints", {"subject": "Net", "call": NOWHERE}, "call"),
    ("PUT", "/complaints/{complaint}", WHOLE | {"contact": NOBODY}, "contact"),
    ("PUT", "/complaints/{complaint}/owner", {"owner": NOBODY}, "owner"),
    ("POST", "/complaints/{complaint}/steps", {"step": "started", "call": NOWHERE}, "call"),
    ("POST", "/complaints/{complaint}/pass", {"department": NOBODY}, "department"),
    ("POST", "/complaints/{complaint}/notes", {"text": "a note", "call": NOWHERE}, "call"),
    ("POST", "/complaints/{complaint}/links", {"kind": "call", "ref": NOWHERE}, "ref"),
    ("POST", "/complaints/{complaint}/links", {"kind": "order", "ref": "2026-00017"}, "ref"),
    (
        "POST",
        "/complaints/{complaint}/tasks",
        {"title": "Call", "due_at": "2026-03-03T10:00:00Z", "assignee": NOBODY},
        "assignee",
    ),
    ("POST", "/consents", {"word": "do_not_call", "contact": NOBODY, "source": "letter"}, "contact"),
    (
        "POST",
        "/consents",
        {"word": "do_not_call", "number": "5550 0123", "source": "letter", "campaign": NOBODY},
        "campaign",
    ),
    ("POST", "/contacts", {"surname": "Kask", "owner": NOBODY}, "owner"),
    ("POST", "/contacts", {"surname": "Kask", "employer": NOBODY}, "employer"),
    ("PUT", "/contacts/{contact}/tags", {"tags": [NOBODY]}, "tags.0"),
    ("PUT", "/contacts/{contact}/terms", {"price_list": NOBODY}, "price_list"),
    ("POST", "/contacts/{contact}/notes", {"text": "a note", "call": NOWHERE}, "call"),
    ("POST", "/contacts/{contact}/merge", {"other": NOBODY}, "other"),
    ("POST", "/departments", department("Abi", members=[NOBODY]), "members.0"),
    ("POST", "/departments", department("Abi", deputy=NOBODY), "deputy"),
    ("POST", "/departments", department("Abi", reach={"kind": "queue", "target": "none"}), "reach.target"),
    (
        "POST",
        "/departments",
        department("Abi", fallback={"kind": "department", "target": str(NOBODY)}),
        "fallback.target",
    ),
    ("POST", "/dispositions", {"code": "x", "title": "X", "campaign": NOBODY}, "campaign"),
    ("POST", "/operators", {"user": NOBODY}, "user"),
    ("POST", "/operators", {"user": MARI | {"role": "none"}}, "user.role"),
    ("POST", "/operators", {"user": MARI, "memberships": [{"queue": "none"}]}, "memberships.0"),
    ("POST", "/orders", {"contact": NOBODY}, "contact"),
    ("POST", "/orders", {"lines": LINES}, "lines.0.product"),
    ("POST", "/orders", {"call": NOWHERE}, "call"),
    ("POST", "/price-lists", {"name": "Hulgi", "tag": NOBODY}, "tag"),
    (
        "POST",
        "/price-lists",
        {"name": "Hulgi", "prices": [{"product": NOBODY, "net_price": "1"}]},
        "prices",
    ),
    (
        "POST",
        "/promotions",
        {"texts": TEXTS, "from_at": "2026-09-01T00:00:00Z", "queues": ["none"]},
        "queues.0",
    ),
    ("POST", "/promotions", {"texts": TEXTS, "from_at": "2026-09-01T00:00:00Z", "tags": [NOBODY]}, "tags.0"),
    ("POST", "/queues", {"id": "q", "title": "Q", "overflow_queue": "none"}, "overflow_queue"),
    ("PUT", "/routes/600", {"kind": "queue", "target": "none"}, "target"),
    ("POST", "/scripts", {"title": "Sale", "queues": ["none"], "steps": []}, "queues.0"),
    ("POST", "/scripts", {"title": "Sale", "campaigns": [NOBODY], "steps": []}, "campaigns.0"),
    ("POST", "/surveys", {"title": "NPS", "languages": ["et"], "queues": ["none"]}, "queues.0"),
    ("POST", "/surveys", {"title": "NPS", "languages": ["et"], "campaigns": [NOBODY]}, "campaigns.0"),
    ("POST", "/users", MARI | {"role": "none"}, "role"),
]


async def test_what_a_request_names_and_is_not_there_is_refused_by_one_rule(house: House) -> None:
    admin = house.admin
    contact = (await admin.post("/api/v1/contacts", json={"surname": "Kask"})).json()["id"]
    complaint = (await admin.post("/api/v1/complaints", json={"subject": "Net"})).json()["id"]
    await house.make_queue("help")
    await house.make_queue(CAMPAIGN["queue"])
    for method, path, said, field in ASKED:
        address = f"/api/v1{path.format(contact=contact, complaint=complaint)}"
        answer = await admin.request(method, address, json=said, headers=ANY)
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (422, "reference.unknown"), (method, path, problem)
        (error,) = problem["errors"]
        assert error["where"] == f"body.{field}", (method, path)
        assert error["code"] != "reference.unknown", "what is unknown has a code of its own"


async def test_no_field_that_names_something_is_forgotten(house: House) -> None:
    tried = {
        (field.rpartition(".")[2] if not field[-1].isdigit() else field.rpartition(".")[0]).removesuffix(
            "_id"
        )
        for *_, field in ASKED
    }
    fields = {
        where
        for name, schema in requested(house.api.openapi()).items()
        for where, _ in nodes(schema, name)
        if where.rpartition(".")[2].removesuffix("_id") in NAMES and where not in WORDS
    }
    untried = {where for where in fields if where.rpartition(".")[2].removesuffix("_id") not in tried}
    assert untried == UNTRIED


async def test_whatever_does_not_fit_is_named(house: House) -> None:
    wrong = {"kind": "amount"}
    answer = await house.admin.post("/api/v1/campaigns", json=CAMPAIGN | {"rule_set": "none"})
    assert answer.status_code == 422
    assert answer.json()["errors"], wrong
