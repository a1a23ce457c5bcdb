"""Answers added up by both databases: groups, versions, attempts, who was asked."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.surveys import asking
from app.crm.surveys.asking import Occasion
from app.crm.surveys.queries import ResponseFilter
from app.crm.surveys.reporting import Reports
from app.crm.surveys.result_queries import GroupedBy, page_texts
from app.crm.surveys.schemas import SurveyIn
from app.crm.surveys.service import make_survey, set_state
from app.crm.surveys.states import SurveyState
from app.domain.actors import COMMAND_LINE
from app.records.engine import reading, writing
from app.records.tables import CallRow

AT = datetime(2026, 3, 30, 9, 0, tzinfo=UTC)
QUESTIONS: list[dict[str, Any]] = [
    {"code": "nps", "kind": "nps", "texts": {"et": "Kas soovitaksite?"}, "required": True},
    {"code": "why", "kind": "text", "texts": {"et": "Miks?"}},
    {"code": "paid", "kind": "number", "texts": {"et": "Kui palju maksite?"}},
]


async def test_answers_are_grouped_and_bounded(engine: AsyncEngine) -> None:
    said = SurveyIn.model_validate({"title": "Pärast kõnet", "languages": ["et"], "questions": QUESTIONS})
    async with writing(engine) as session:
        row = await make_survey(session, said.content(), COMMAND_LINE, AT)
        assert row.id is not None
        survey = row.id
        await set_state(session, survey, SurveyState.PUBLISHED, COMMAND_LINE, AT)
        session.add(CallRow(id="c-0", queue="sales", arrived_at=AT, operator_id=1, direction="inbound"))
        session.add(CallRow(id="c-1", queue="sales", arrived_at=AT, operator_id=None, direction="inbound"))
    for place in range(6):
        async with writing(engine) as session:
            at = AT + timedelta(days=place)
            begun = await asking.begin(
                session,
                survey,
                Occasion(
                    user=1 + place % 2,
                    name=("Mari", "Jüri")[place % 2],
                    at=at,
                    on=at.date(),
                    queue=("sales", None)[place % 2],
                    campaign=None if place % 2 == 0 else 7,
                ),
            )
            assert begun.row.id is not None
            answers: dict[str, Any] = {"nps": 10 - place, "why": f"põhjus {place}" if place else None}
            if place < 4:
                answers["paid"] = f"{place}.5"
            if place == 5:
                answers = {"nps": None}
            await asking.answer(session, begun.row.id, answers, at, only_of=None)
            if place < 3:
                refused = place == 2
                if refused:
                    await asking.refuse(session, begun.row.id, "kiire", at, only_of=None)
                else:
                    await asking.finish(session, begun.row.id, at, only_of=None)
    reports, wanted = Reports(engine), ResponseFilter(survey=survey)
    (found,) = await reports.results(wanted, None, None)
    asked = found.asked
    assert (asked.calls, asked.asked, asked.finished, asked.partial) == (1, 6, 2, 3)
    assert (asked.refused, asked.refused_midway) == (1, 1)
    told = {question.code: figures for question, figures in found.questions}
    assert (told["nps"].answers, told["why"].answers, told["why"].skipped) == (5, 4, 1)
    assert told["nps"].nps is not None
    assert (told["nps"].nps.promoters, told["nps"].nps.passives, told["nps"].nps.detractors) == (2, 2, 1)
    assert (told["paid"].first, told["paid"].last, told["paid"].method) == ("0.5", "3.5", "bootstrap")
    for by, names in (
        (GroupedBy.QUEUE, ["sales", None]),
        (GroupedBy.CAMPAIGN, ["7", None]),
        (GroupedBy.LANGUAGE, ["et"]),
        (GroupedBy.VERSION, ["2"]),
        (GroupedBy.DAY, [date.fromordinal(AT.date().toordinal() + place).isoformat() for place in range(6)]),
        (GroupedBy.WEEK, ["2026-03-30"]),
        (GroupedBy.MONTH, ["2026-03-01", "2026-04-01"]),
    ):
        groups = await reports.results(wanted, "nps", by)
        assert [one.group for one in groups] == names
        assert sum(one.asked.asked for one in groups) == 6
        assert sum(figures.answers for one in groups for _, figures in one.questions) == 5
    question, operators = await reports.operators(wanted, "nps", ())
    assert question.code == "nps"
    assert [(one.name, one.standing.answers) for one in operators] == [("Jüri", 2), ("Mari", 3)]
    later = ResponseFilter(survey=survey, from_at=AT + timedelta(days=4), to_at=AT + timedelta(days=9))
    (found,) = await reports.results(later, "nps", None)
    assert (found.asked.calls, found.asked.asked, found.questions[0][1].answers) == (0, 2, 1)
    async with reading(engine) as session:
        texts = await page_texts(session, wanted, "why", before=None, limit=2)
    assert [one.answer.text for one in texts] == ["põhjus 4", "põhjus 3"]


async def test_tabs_that_ask_at_once_have_one_response(engine: AsyncEngine) -> None:
    said = SurveyIn.model_validate({"title": "Pärast kõnet", "languages": ["et"], "questions": QUESTIONS})
    async with writing(engine) as session:
        row = await make_survey(session, said.content(), COMMAND_LINE, AT)
        assert row.id is not None
        survey = row.id
        await set_state(session, survey, SurveyState.PUBLISHED, COMMAND_LINE, AT)

    async def ask() -> int | None:
        async with writing(engine) as session:
            occasion = Occasion(user=1, name="Mari", at=AT, on=AT.date(), call="c-0")
            return (await asking.begin(session, survey, occasion)).row.id

    assert len(set(await asyncio.gather(*(ask() for _ in range(8))))) == 1
