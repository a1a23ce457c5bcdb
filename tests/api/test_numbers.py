"""What is typed for a number is read alike everywhere, or refused with the reason."""

import pytest

from .house import ANY, House

REFUSED = [("abc", "number.no_number"), ("512 3456/7", "number.part"), ("37126", "number.part")]


@pytest.mark.parametrize(("typed", "code"), [*REFUSED, ("5123456-2", "number.ambiguous")])
async def test_what_is_not_certain_is_refused_with_a_code(house: House, typed: str, code: str) -> None:
    client = house.client("supervisor")
    for answer in (
        await client.post(
            "/api/v1/consents", json={"word": "do_not_call", "number": typed, "source": "call"}
        ),
        await client.get("/api/v1/consents/look-up", params={"number": typed}),
        await client.get("/api/v1/consents", params={"number": typed}),
        await client.post("/api/v1/contacts", json={"surname": "Tamm", "phones": [{"number": typed}]}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
        assert answer.json()["detail"]


async def test_several_numbers_of_one_text_are_each_stopped(house: House) -> None:
    typed = "+372 5553 0401, \u202a+372 5553 0402\u202c"
    client = house.client("operator")
    made = await client.post(
        "/api/v1/consents", json={"word": "do_not_call", "number": typed, "source": "call"}
    )
    assert made.status_code == 201, made.text
    assert (made.json()["number"], [one["number"] for one in made.json()["also"]]) == (
        "+37255530401",
        ["+37255530402"],
    )
    found = (await client.get("/api/v1/consents/look-up", params={"number": typed})).json()
    assert (found["numbers"], found["do_not_call"]) == (["+37255530401", "+37255530402"], True)


async def test_internal_and_short_numbers_stay_usable(house: House) -> None:
    answer = await house.client("operator").post(
        "/api/v1/contacts", json={"surname": "Valve", "phones": [{"number": "201"}, {"number": "1247"}]}
    )
    assert [one["number"] for one in answer.json()["phones"]] == ["201", "1247"]
    assert (
        await house.client("supervisor").get("/api/v1/calls", params={"number": "201"})
    ).status_code == 200
    route = {"kind": "queue", "target": "sales"}
    await house.admin.put("/api/v1/queues/sales", json={}, headers=ANY)
    put = await house.admin.put("/api/v1/routes/+372 600 0100", json=route, headers=ANY)
    assert (put.status_code, put.json()["code"]) == (422, "reference.unknown")
    assert (await house.admin.put("/api/v1/routes/abc", json=route, headers=ANY)).status_code == 422
