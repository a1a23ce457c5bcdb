"""Finds a person's names in what was searched among articles, and deletes those searches.

A search belongs to nobody, so its words alone tell whom it is about. What is counted of a question goes with it; an
article's other counts stay.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.articles.tables import ArticleCountRow, UnansweredRow
from app.crm.privacy.files import Needles
from app.crm.privacy.person import Person
from app.events.subjects import SUBJECTS
from app.records.base import table_of
from app.records.engine import reading, writing
from app.records.event_table import EventRow

_PAGE: Final = 500
_UNANSWERED, _COUNT, _EVENT = table_of(UnansweredRow), table_of(ArticleCountRow), table_of(EventRow)


async def erase_searches(engine: AsyncEngine, person: Person) -> int:
    """Delete the searches with the person's names, numbers or addresses; returns how many.

    Args:
        engine: the database.
        person: whose.
    """
    needles, gone = Needles(person), 0
    for table in (_UNANSWERED, _COUNT):
        last = ""
        while True:
            question = table.c.question
            async with reading(engine) as session:
                query = select(question).where(question > last).distinct().order_by(question).limit(_PAGE)
                some = list(await session.scalars(query))
            if not some:
                break
            last = some[-1]
            if found := await asyncio.to_thread(_found, some, needles):
                async with writing(engine) as session:
                    if table is _UNANSWERED:
                        ids = await session.scalars(select(table.c.id).where(question.in_(found)))
                        told = _EVENT.c.subject_id.in_([str(id_) for id_ in ids])
                        of_them = (_EVENT.c.subject == SUBJECTS[UnansweredRow].name, told)
                        nothing: dict[str, Any] = {"before": None, "after": None}
                        await session.execute(update(_EVENT).where(*of_them).values(nothing))
                    await session.execute(delete(table).where(question.in_(found)))
                gone += len(found)
    return gone


def _found(questions: Sequence[str], needles: Needles) -> list[str]:
    return [one for one in questions if needles.asked_in(one)]
