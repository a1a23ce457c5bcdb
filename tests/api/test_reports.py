"""Reports over HTTP: figures of real calls, the rows behind them, files, and what is refused."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from app.floor.events import ChannelHungUp, HangupRequested
from app.system import clock

from .house import House


def period(**said: str) -> dict[str, str]:
    now = clock.utc_now()
    asked = {
        "from_at": (now - timedelta(hours=1)).isoformat(),
        "to_at": (now + timedelta(hours=1)).isoformat(),
    }
    return asked | said


async def some_calls(house: House) -> None:
    """One caller is answered and talked with, one gives up."""
    await house.make_queue("sales", title="Müük", target_s=600)
    await house.make_operator({"username": "mari", "display_name": "Mari"}, "sales")
    answered = await house.arrive("sales")
    await house.answer(answered)
    gone = await house.arrive("sales", "+37255500002")
    for call in (gone, answered):
        channel = house.runner.floor.calls[call].channel
        await house.runner.post(HangupRequested(channel))
        await house.runner.post(ChannelHungUp(channel, 16))
    await house.journaled()


async def get(house: House, path: str, role: str = "supervisor", **params: str) -> Any:
    answer = await house.client(role).get(path, params=params or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_report_of_calls_its_rows_and_its_files(house: House) -> None:
    await some_calls(house)
    report = await get(house, "/api/v1/reports/calls", **period(by="queue"))
    (line,) = report["lines"]
    assert (line["key"], line["title"]) == ("sales", "Müük")
    counted = {name: line["figures"][name] for name in ("offered", "answered", "abandoned", "service_level")}
    assert counted == {"offered": 2, "answered": 1, "abandoned": 1, "service_level": 0.5}
    assert line["figures"]["service_level_without_short"] == 1.0
    assert report["total"]["figures"] == line["figures"]

    rows = await get(house, line["rows"] + "&figure=abandoned")
    assert [(one["state"], one["value"], one["queue"]) for one in rows["items"]] == [
        ("abandoned", 1, "sales")
    ]
    first = await get(house, line["rows"] + "&figure=offered&limit=1")
    second = await get(house, line["rows"] + "&figure=offered&limit=1&cursor=" + first["next"])
    assert second["next"] is None
    assert first["items"][0]["call"] != second["items"][0]["call"]
    week = await get(house, "/api/v1/reports/calls", **period(by="hour_of_week"))
    full = [one for one in week["lines"] if one["figures"]["offered"]]
    cells = [len((await get(house, one["rows"] + "&figure=offered"))["items"]) for one in full]
    assert sum(cells) == 2

    people = await get(house, "/api/v1/reports/operators", **period(by="operator"))
    (mari,) = people["lines"]
    assert (mari["title"], mari["figures"]["accepted"]) == ("Mari", 1)
    assert mari["figures"]["logged_in_s"] > 0
    told = await get(house, mari["rows"] + "&figure=accepted")
    assert [one["operator_name"] for one in told["items"]] == ["Mari"]
    other = await get(house, mari["rows"] + f"&figure=accepted&operator={int(mari['key']) + 1}")
    assert other["items"] == []  # a filter holds beside the group

    supervisor = house.client("supervisor")
    asked = period(by="day", zone="UTC")
    plain = await supervisor.get("/api/v1/reports/calls/export", params=asked)
    table = list(csv.DictReader(io.StringIO(plain.content.decode("utf-8-sig")), delimiter=";"))
    assert (table[-1]["key"], table[-1]["offered"], table[-1]["service_level"]) == ("total", "2", "0.50")
    book = await supervisor.get("/api/v1/reports/calls/export", params=asked | {"format": "xlsx"})
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
    assert sheet[-1][sheet[0].index("offered")] == 2.0

    named = {one["subject"]: one for one in await get(house, "/api/v1/reports")}
    assert set(named["calls"]["figures"]) | {one["name"] for one in named["calls"]["quotients"]} == set(
        line["figures"]
    )
    for subject, one in named.items():
        for by in one["by"]:
            await get(house, f"/api/v1/reports/{subject}", **period(by=by))


@pytest.mark.parametrize(
    ("path", "said", "code"),
    [
        ("calls", {"zone": "Mars/Olympus"}, "report.zone_unknown"),
        ("calls", {"to_at": "2020-01-01T00:00:00Z"}, "report.period_unfit"),
        ("calls", {"from_at": "2020-01-01T00:00:00Z"}, "report.period_unfit"),
        ("calls", {"by": "campaign"}, "report.not_told_apart"),
        ("calls", {"campaign": "1"}, "report.not_told_apart"),
        ("operators", {"queue": "sales"}, "report.not_told_apart"),
        ("calls/rows", {"figure": "service_level"}, "report.figure_unknown"),
        ("calls/rows", {"figure": "offered", "by": "operator", "value": "x"}, "report.not_told_apart"),
        ("calls/rows", {"figure": "offered", "by": "day", "value": "2026-03-02"}, "report.not_told_apart"),
        (
            "operators/rows",
            {"figure": "idle_s", "by": "hour_of_week", "value": "1 09"},
            "report.not_told_apart",
        ),
    ],
)
async def test_what_no_report_can_be_made_of_is_refused(
    house: House, path: str, said: dict[str, str], code: str
) -> None:
    answer = await house.client("supervisor").get(f"/api/v1/reports/{path}", params=period(**said))
    assert answer.json()["code"] == code


async def test_a_report_of_too_many_lines_is_refused(house: House) -> None:
    asked = {"from_at": "2026-01-01T00:00:00Z", "to_at": "2026-03-01T00:00:00Z", "by": "15min"}
    answer = await house.client("supervisor").get("/api/v1/reports/calls", params=asked)
    assert (answer.status_code, answer.json()["code"]) == (409, "report.too_large")
