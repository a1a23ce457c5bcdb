"""An operator's whole work in calls on the real PBX, and what the receiver of webhooks heard of it.

The receiver checks signatures with the npm package `standardwebhooks`, as a program that is not ours would.
"""

import asyncio
import json
import runpy
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.sandbox.sandbox import Sandbox
from tests.calls.test_passed_complaint import ALWAYS, MONEY, NUMBER, Operator, at_the_desk, available
from tests.receiver import Receiver, Request, receiving
from tests.running import Service, running_service, sqlite_url
from tests.sipua import Phone

WEB = Path(__file__).parents[2] / "web"
CALLER = "37255500041"
CHECK = """
import { readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";
const { secret, requests } = JSON.parse(readFileSync(0, "utf8"));
const genuine = ({ body, headers }) => {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
};
console.log(JSON.stringify(requests.map(genuine)));
"""
QUESTION = {"code": "nps", "kind": "nps", "texts": {"et": "Kas soovitaksite meid?"}, "required": True}
TOLD = {
    "contact.created",
    "order.created",
    "order.changed",
    "complaint.created",
    "complaint.changed",
    "survey_response.created",
    "survey_response.changed",
    "article_answer.created",
    "call.ended",
}


async def by_npm(secret: str, requests: Sequence[Request]) -> list[bool]:
    """Which of these the npm package takes as genuine."""
    variables = runpy.run_path(str(WEB / "build.py"))["environment"]()
    program = await asyncio.create_subprocess_exec(
        *("node", "--input-type=module", "--eval", CHECK),
        cwd=WEB,
        env=variables,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    told = [{"body": one.body.decode(), "headers": one.headers} for one in requests]
    said, _ = await program.communicate(json.dumps({"secret": secret, "requests": told}).encode())
    assert program.returncode == 0
    genuine: list[bool] = json.loads(said)
    return genuine


def version(row: dict[str, Any]) -> dict[str, str]:
    return {"If-Match": f'"{row["version"]}"'}


async def furnish(service: Service, receiver: Receiver) -> str:
    """Queues, an article, a product, a survey, and a webhook for all there is; give the webhook's secret."""
    for queue, number in (("abi", NUMBER), ("raha", MONEY)):
        await service.ask("POST", "/queues", {"id": queue, "title": queue.title(), "wrap_up_s": 0})
        await service.ask("PUT", f"/routes/{number}", {"kind": "queue", "target": queue})
    out = {"state": "published"}
    text = {"et": {"title": "Arve saatmine", "body": "Vali **arved**."}}
    article = await service.ask("POST", "/articles", {"texts": text, "queues": ["abi"]})
    await service.ask("PUT", f"/articles/{article['id']}/state", out, version(article))
    await service.ask("POST", "/products", {"code": "RUUTER", "name_et": "Ruuter", "net_price": "40.00"})
    survey = await service.ask(
        "POST", "/surveys", {"title": "Pärast kõnet", "languages": ["et"], "questions": [QUESTION]}
    )
    await service.ask("PUT", f"/surveys/{survey['id']}/state", out, version(survey))
    hook = {"title": "ERP", "url": receiver.url, "kinds": ["*"], "values": True}
    return str((await service.ask("POST", "/webhooks", hook))["secret"])


async def order(mari: Operator, call: str) -> dict[str, Any]:
    (product,) = (await mari.ask("GET", "/products?q=ruuter"))["items"]
    typed = {"call": call, "lines": [{"product": product["id"], "quantity": "2"}]}
    draft = await mari.ask("POST", "/orders", typed)
    placed: dict[str, Any] = await mari.ask("POST", f"/orders/{draft['id']}/place", headers=version(draft))
    assert (placed["state"], placed["call"], placed["gross"]) == ("placed", call, "99.20")
    return placed


async def helped(mari: Operator, call: str) -> None:
    (hit, *_) = (await mari.ask("GET", f"/articles/search?call={call}&q=arvete"))["items"]
    assert hit["titles"] == {"et": "Arve saatmine"}
    said = {"helped": True, "question": "arvete", "call": call}
    await mari.ask("POST", f"/articles/{hit['article']}/answers", said)


async def surveyed(jaan: Operator, call: str) -> None:
    (offer,) = await jaan.ask("GET", f"/surveys/offers?call={call}")
    response = await jaan.ask("POST", f"/surveys/{offer['survey']}/responses", {"call": call})
    path = f"/survey-responses/{response['id']}"
    response = await jaan.ask("PATCH", path, {"answers": {"nps": 9}}, version(response))
    assert response["next"] is None
    await jaan.ask("POST", f"{path}/finish", headers=version(response))


async def test_all_of_it_is_in_the_history_the_record_and_in_webhooks(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    async with (
        receiving() as receiver,
        running_service(sandbox, sqlite_url(tmp_path), webhooks_to=["127.0.0.0/8"]) as service,
    ):
        secret = await furnish(service, receiver)
        async with (
            at_the_desk(service, "abi") as mari,
            at_the_desk(service, "raha") as jaan,
            Phone(sandbox.layout, mari.made["endpoint"], mari.made["sip"]["secret"], voice=0x31) as first,
            Phone(sandbox.layout, jaan.made["endpoint"], jaan.made["sip"]["secret"], voice=0x32) as second,
            Phone.customer(sandbox.layout, CALLER) as anna,
        ):
            money = await service.ask(
                "POST",
                "/departments",
                {
                    "title": "Raha",
                    "time_zone": "Europe/Tallinn",
                    "hours": ALWAYS,
                    "members": [jaan.id],
                    "reach": {"kind": "queue", "target": "raha"},
                },
            )
            await available(service, mari, jaan)
            dialled = await anna.dial(NUMBER)
            talk = await first.rings()
            (call,) = service.house.runner.floor.calls
            assert (await mari.ask("GET", f"/calls/{call}"))["live"]["contact"] is None, (
                "nobody knows the caller"
            )
            first.answer(talk)
            await anna.hears(dialled, first.voice)
            person = await mari.ask("POST", f"/calls/{call}/contacts", {"surname": "Õunapuu"})
            assert [one["number"] for one in person["phones"]] == [f"+{CALLER}"]
            await helped(mari, call)
            placed = await order(mari, call)
            assert placed["contact"] == person["id"]
            complaint = await mari.ask("POST", "/complaints", {"subject": "Arve on vale", "call": call})
            note = {"text": "kontrolli märtsi arvet", "call": call}
            await mari.ask("POST", f"/complaints/{complaint['id']}/notes", note)
            on = {"department": money["id"], "call": call, "transfer": "blind", "why": "raha"}
            await mari.ask("POST", f"/complaints/{complaint['id']}/pass", on)
            other = await second.rings()
            (seen,) = await jaan.ask("GET", f"/calls/{call}/complaints")
            whole = await jaan.ask("GET", f"/complaints/{seen['id']}")
            assert [one["text"] for one in whole["notes"]] == ["kontrolli märtsi arvet"], "before the answer"
            second.answer(other)
            await anna.hears(dialled, second.voice)
            await surveyed(jaan, call)
            await anna.hang_up(dialled)

            again = await anna.dial(NUMBER)
            talk = await first.rings()
            (later,) = service.house.runner.floor.calls
            live = (await mari.ask("GET", f"/calls/{later}"))["live"]
            assert (live["contact"], live["complaints"]) == (person["id"], 1), "known by now"
            first.answer(talk)
            await anna.hears(again, first.voice)
            await anna.hang_up(again)
        records = await service.records_of(2)
        assert {(record["id"], record["contact"]) for record in records} == {
            (call, person["id"]),
            (later, person["id"]),
        }
        history = (await service.ask("GET", f"/contacts/{person['id']}/history?limit=100"))["items"]
        kinds = {entry["kind"] for entry in history}
        assert kinds >= {"call", "order", "complaint", "survey", "change"}
        for path in (f"/orders?call={call}", f"/survey-responses?call={call}"):
            assert len((await service.ask("GET", path))["items"]) == 1, path
        await receiver.until(lambda: {one.said["type"] for one in receiver.requests} >= TOLD)
        genuine = list(receiver.requests)  # more may come meanwhile
        forged = Request("/hooks", genuine[0].headers, genuine[0].body + b" ")
        assert await by_npm(secret, [*genuine, forged]) == [True] * len(genuine) + [False]
        ended = [one.said["data"]["subject"]["id"] for one in genuine if one.said["type"] == "call.ended"]
        assert {call, later} >= set(ended)
