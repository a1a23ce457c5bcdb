"""Templates in the shapes that published ones have, walked against answers in the shapes that CRMs give."""

import base64
import json
from datetime import UTC, datetime
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from app.crm_template.predefined import ReportedCall, variables_of
from app.crm_template.run import HttpReply, authenticate, format_number, look_up, report

from .templates import BASIC_XML, CHAINED, GRANTED, HEADERS_AND_FORMS, SIMPLE, filled, walk

NUMBER = "+37255500123"
CALL = ReportedCall(
    id="1764000000.1",
    number=NUMBER,
    outbound=False,
    answered=True,
    started=datetime(2026, 3, 2, 7, 5, tzinfo=UTC),
    established=datetime(2026, 3, 2, 7, 5, 9, tzinfo=UTC),
    ended=datetime(2026, 3, 2, 7, 7, tzinfo=UTC),
    talked_s=111.0,
    agent="201",
    agent_name="Mari Mets",
)
VALUES = variables_of(CALL, ZoneInfo("Europe/Tallinn"))


def said(data: object, status: int = 200) -> HttpReply:
    return HttpReply(status, json.dumps(data).encode())


def test_a_list_of_people() -> None:
    (request,), outcome = walk(
        look_up(filled(SIMPLE, APIkey="k&y", Domain="tamm"), NUMBER),
        said([{"id": 7, "first_name": "Anna", "last_name": "Tamm", "company": {"name": "Mets OÜ"}}]),
    )
    assert request.url == "https://tamm.crm.example/api/people?phone=%2B37255500123&key=k%26y"
    assert request.method == "GET"
    assert outcome.outputs == {
        "ContactUrl": "https://tamm.crm.example/people/7",
        "FirstName": "Anna",
        "LastName": "Tamm",
        "CompanyName": "Mets OÜ",
        "EntityId": "7",
        "EntityType": "Contacts",
    }


def test_nobody() -> None:
    for answer in ([], {}, [{"id": None}], [{"id": ""}], {"error": "x"}):
        _, outcome = walk(look_up(filled(SIMPLE), NUMBER), said(answer))
        assert outcome.outputs == {}
        assert [step.outcome for step in outcome.steps] == ["nothing"]
        assert outcome.failed is None


def test_the_hit_with_the_number_is_taken_and_its_number_of_each_kind() -> None:
    hits = [
        {"item": {"id": 1, "phones": ["+3726001000"]}},
        {"item": {"id": 2, "phones": ["+3726001001", "5550 0123"]}},
    ]
    person = {
        "id": 2,
        "name": "Anna Tamm",
        "phone": [
            {"label": "home", "value": "1"},
            {"label": "mobile", "value": "55500123"},
            {"label": "work", "value": "6001001"},
        ],
    }
    (first, second), outcome = walk(
        look_up(filled(CHAINED, APIkey="k"), NUMBER),
        said({"data": {"items": hits}}),
        said({"data": person}),
    )
    assert first.url == "https://api.crm.example/search?term=0037255500123&api_token=k"
    assert second.url == "https://api.crm.example/persons/2?api_token=k"
    assert outcome.outputs["FullName"] == "Anna Tamm"
    assert outcome.outputs["PhoneMobile"] == "55500123"
    assert outcome.outputs["PhoneBusiness"] == "6001001"


def test_a_report_in_json() -> None:
    values = {**VALUES, "entityid": "2"}
    (request,), outcome = walk(report(filled(CHAINED), NUMBER, values), said({"id": 9}))
    assert json.loads(request.body) == {
        "subject": "09:05: call from 0037255500123 (00:01:51)",
        "person_id": 2,
        "done": True,
        "tags": ["call", "Inbound"],
        "who": {"extension": "201"},
    }
    assert ("Content-Type", "application/json") in request.headers
    assert outcome.failed is None
    asked, outcome = walk(report(filled(CHAINED), NUMBER, VALUES))
    assert not asked
    assert [step.outcome for step in outcome.steps] == ["skipped"]  # nobody to report it of


def test_a_notice_then_the_search_and_forms() -> None:
    settings = filled(HEADERS_AND_FORMS, CtiUrl="https://desk.example/cti/abc", ApiToken="t0")
    (notice, search), outcome = walk(
        look_up(settings, NUMBER), HttpReply(200, b"ok"), said([{"id": 4, "firstname": "Иван"}])
    )
    assert parse_qs(notice.body.decode()) == {"event": ["newCall"], "from": ["37255500123"]}
    assert search.url == "https://desk.example/users/search?query=mobile:37255500123"
    assert ("Authorization", "Token token=t0") in search.headers
    assert outcome.outputs == {"ContactUrl": "https://desk.example/#profile/4", "FirstName": "Иван"}
    (sent,), _ = walk(report(settings, NUMBER, VALUES), HttpReply(204))
    assert parse_qs(sent.body.decode()) == {
        "event": ["hangup"],
        "direction": ["in"],
        "minutes": ["2"],
        "began": ["2026-03-02T07:05:00Z"],
    }


def test_an_answer_in_xml_and_basic_authentication() -> None:
    answer = (
        "<?xml version='1.0'?><people><person><id>1</id><phone>6001000</phone><name>Vale</name></person>"
        "<person id='2'><phone>+372 55500123</phone><name>Õige</name></person></people>"
    ).encode()
    settings = filled(BASIC_XML, User="ann", Pass="pä:ss")
    assert format_number(settings, NUMBER) == "55500123"
    (request,), outcome = walk(look_up(settings, NUMBER), HttpReply(200, answer))
    credentials = base64.b64encode("ann:pä:ss".encode()).decode()
    assert ("Authorization", f"Basic {credentials}") in request.headers
    assert outcome.outputs == {"LastName": "Õige", "ContactID": "2"}


def test_a_token_is_asked_for_and_used() -> None:
    (asked,), granted = walk(
        authenticate(filled(GRANTED, RefreshToken="r&1")),
        said({"access_token": "t1", "site": "https://eu.crm.example"}),
    )
    assert parse_qs(asked.body.decode()) == {"grant_type": ["refresh_token"], "refresh_token": ["r&1"]}
    rights = {name.lower(): value for name, value in granted.outputs.items()}
    (request,), outcome = walk(
        look_up(filled(GRANTED, rights), NUMBER), said({"id": 1, "result": [{"id": 3, "name": "Anna Tamm"}]})
    )
    assert request.url == "https://eu.crm.example/rpc"
    assert ("Authorization", "Bearer t1") in request.headers
    assert json.loads(request.body) == {"method": "search", "params": {"args": [["phone", NUMBER], {}]}}
    assert outcome.outputs == {"FullName": "Anna Tamm"}


def test_blanks_and_braces_in_an_address_are_encoded() -> None:
    xml = SIMPLE.replace(
        "people?phone=[Number]", "search?q=FIND {[Number]} IN Клиент RETURNING Contact(Id,Name)"
    )
    (request,), _ = walk(look_up(filled(xml, Domain="d"), NUMBER), said([]))
    assert request.url.startswith(
        "https://d.crm.example/api/search?q=FIND%20%7B%2B37255500123%7D%20IN%20%D0%9A"
    )
    assert "RETURNING%20Contact(Id,Name)&key=" in request.url


def test_refusals_and_silence_are_failures() -> None:
    for reply, outcome_ in (
        (HttpReply(500), "status"),
        (HttpReply(401), "status"),
        (HttpReply(302), "status"),
        (None, "no_answer"),
        (HttpReply(200, b"<html>"), "unreadable"),
        (HttpReply(200, b"[" * 100_000), "unreadable"),
        (HttpReply(200, b'{"id": ' + b"9" * 300_000), "unreadable"),
    ):
        _, outcome = walk(look_up(filled(SIMPLE), NUMBER), reply)
        assert outcome.failed is not None
        assert outcome.failed.outcome == outcome_
        assert outcome.outputs == {}


def test_what_the_crm_says_is_never_evaluated() -> None:
    person = {"id": "1/../../x?a=[APIkey]", "first_name": "[APIkey]", "last_name": "[[APIkey]]"}
    _, outcome = walk(look_up(filled(SIMPLE, APIkey="secret", Domain="d"), NUMBER), said([person]))
    assert outcome.outputs["FirstName"] == "[APIkey]"
    assert outcome.outputs["ContactUrl"] == "https://d.crm.example/people/1%2F..%2F..%2Fx%3Fa%3D%5BAPIkey%5D"
    assert "secret" not in str(outcome.outputs)


def test_letters_that_no_screen_or_database_takes_are_replaced() -> None:
    _, outcome = walk(
        look_up(filled(SIMPLE, APIkey="k", Domain="tamm"), NUMBER),
        HttpReply(200, rb'[{"id": "\ud800\u0000", "first_name": "An\udfffna", "last_name": "\u202eTamm"}]'),
    )
    assert outcome.outputs["FirstName"] == "An\N{REPLACEMENT CHARACTER}na"
    assert outcome.outputs["LastName"] == "\N{REPLACEMENT CHARACTER}Tamm"
    for text in outcome.outputs.values():
        assert "\0" not in text
        text.encode()
