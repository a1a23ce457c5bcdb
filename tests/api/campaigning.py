"""Campaigns, leads and lists of them over HTTP, as tests make them."""

import asyncio
from typing import Any

import httpx

from tests.own_rules import OWN_RULES

from .house import DEADLINE_S, House

CAMPAIGN = OWN_RULES | {
    "title": "Kevad",
    "purpose": "marketing",
    "legal_basis": "existing_customers",
    "mode": "progressive",
    "queue": "sales",
}


async def made(house: House, **said: Any) -> int:
    await house.make_queue()
    answer = await house.client("supervisor").post("/api/v1/campaigns", json=CAMPAIGN | said)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


async def given(house: House, campaign: int, *leads: dict[str, Any]) -> dict[str, Any]:
    answer = await house.client("supervisor").post(
        f"/api/v1/campaigns/{campaign}/leads", json={"leads": leads}
    )
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def brought(house: House, campaign: int, file: bytes, **query: str) -> dict[str, Any]:
    url = f"/api/v1/campaigns/{campaign}/imports"
    answer = await house.client("supervisor").post(url, content=file, params={"name": "list.csv", **query})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def ended(house: House, job: int) -> dict[str, Any]:
    async with asyncio.timeout(DEADLINE_S):
        while True:
            told: dict[str, Any] = (await house.client("supervisor").get(f"/api/v1/imports/{job}")).json()
            if told["state"] not in {"queued", "running", "undoing"}:
                return told
            await asyncio.sleep(0.01)


async def do(house: House, job: int, what: str, **said: Any) -> httpx.Response:
    return await house.client("supervisor").post(f"/api/v1/imports/{job}/{what}", json=said or None)
