"""What users' own pages keep: for each alone, in bounds."""

import pytest

from .house import House

SEARCH = {"title": "Katkestatud", "search": {"queue": "sales", "outcome": "abandoned"}}
LIMIT = {"waiting": 5, "wait_s": None, "service_level": 0.8}


async def test_each_user_has_their_own(house: House) -> None:
    supervisor, path = house.client("supervisor"), "/api/v1/me/pages"
    assert (await supervisor.get(path)).json() == {"searches": [], "limits": {}}
    await supervisor.put(f"{path}/searches", json={"items": [SEARCH]})
    kept = await supervisor.put(f"{path}/limits", json={"queues": {"sales": LIMIT}})
    assert kept.json() == {"searches": [SEARCH], "limits": {"sales": LIMIT}}
    assert (await supervisor.get(path)).json() == kept.json()
    assert (await house.admin.get(path)).json() == {"searches": [], "limits": {}}
    await supervisor.put(f"{path}/searches", json={"items": []})
    assert (await supervisor.get(path)).json() == {"searches": [], "limits": {"sales": LIMIT}}


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("searches", {"items": [SEARCH] * 51}),
        ("searches", {"items": [{"title": "", "search": {}}]}),
        ("searches", {"items": [{"title": "x", "search": {"A": "x"}}]}),
        ("limits", {"queues": {"sales": {"service_level": 1.2}}}),
        ("limits", {"queues": {"a b": {}}}),
    ],
)
async def test_what_does_not_fit_is_refused(house: House, part: str, said: object) -> None:
    answer = await house.client("operator").put(f"/api/v1/me/pages/{part}", json=said)
    assert answer.status_code == 422
