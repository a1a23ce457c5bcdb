"""Responses of a period as a file: a row for each answer, and one for who gave none.

The file is written batch by batch (`app.lists.sheets`): neither the event loop nor a transaction waits for it, and
memory is bounded.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts.service import LoggedIn
from app.crm.contacts.service import shown_names
from app.crm.surveys import queries
from app.crm.surveys.errors import ResponsesTooMany, ResultsBusy
from app.crm.surveys.flow import NUMERIC
from app.crm.surveys.queries import ResponseFilter
from app.crm.surveys.service import get_version
from app.crm.surveys.tables import SurveyAnswerRow, SurveyResponseRow
from app.lists.sheets import Cell, ExportFormat, Writer, opened
from app.records.engine import reading

RESPONSES_MOST: Final = 50_000
"""The most responses of one file."""
AT_ONCE: Final = 2
"""The most files that are made at one time."""
_BATCH: Final = 200
"""How many responses are read and written at a time."""
HEADER: Final = (
    *("response", "survey", "version", "state", "asked_at", "ended_at", "attempt", "superseded"),
    *("contact_id", "contact", "call_id", "queue", "campaign_id", "operator", "language", "reason"),
    *("question", "text", "kind", "answer", "counts"),
)
_Versions = dict[int, dict[str, Mapping[str, Any]]]
"""The stored questions of a survey's versions, by version and code."""


class SurveyExports:
    """Makes files of responses, a few at a time."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._under_way = 0

    async def make(self, wanted: ResponseFilter, title: str, form: ExportFormat, who: LoggedIn) -> Path:
        """Write the file; whoever asked deletes it.

        Args:
            wanted: which responses; it names the survey.
            title: the survey's.
            form: the kind of file.
            who: asked.

        Raises:
            ResponsesTooMany: there are more than `RESPONSES_MOST`.
            ResultsBusy: `AT_ONCE` files are being made.
        """
        if self._under_way >= AT_ONCE:
            raise ResultsBusy(most=AT_ONCE, retry_after_s=5)
        self._under_way += 1
        try:
            async with reading(self._engine) as session:
                responses = await queries.count_responses(session, wanted)
            if responses > RESPONSES_MOST:
                raise ResponsesTooMany(responses=responses, most=RESPONSES_MOST)
            return await self._write(wanted, title, form, who)
        finally:
            self._under_way -= 1

    async def _write(self, wanted: ResponseFilter, title: str, form: ExportFormat, who: LoggedIn) -> Path:
        assert wanted.survey is not None
        versions: _Versions = {}
        async with opened("survey", form) as (path, writer):
            await asyncio.to_thread(writer.add, [HEADER])
            after = 0
            while True:
                async with reading(self._engine) as session:
                    rows = await queries.responses_after(session, wanted, after=after, limit=_BATCH)
                    answers = await queries.answers_of(session, [row.id or 0 for row in rows])
                    named = {row.contact_id for row in rows if row.contact_id}
                    names = await shown_names(session, who, named)
                    for version in {row.survey_version for row in rows} - versions.keys():
                        kept = await get_version(session, wanted.survey, version)
                        versions[version] = {one["code"]: one for one in kept.content["questions"]}
                await asyncio.to_thread(
                    _add, writer, rows, answers, names=names, versions=versions, title=title
                )
                if len(rows) < _BATCH:
                    return path
                after = rows[-1].id or 0


def _add(
    writer: Writer,
    rows: Sequence[SurveyResponseRow],
    answers: Sequence[SurveyAnswerRow],
    *,
    names: dict[int, str],
    versions: _Versions,
    title: str,
) -> None:
    of_response: dict[int, list[SurveyAnswerRow]] = {}
    for one in answers:
        of_response.setdefault(one.response_id, []).append(one)
    writer.add(
        [
            (*_asked(row, names, title), *said)
            for row in rows
            for said in _said(of_response.get(row.id or 0, []), versions[row.survey_version], row.language)
        ]
    )


def _asked(row: SurveyResponseRow, names: dict[int, str], title: str) -> tuple[Cell, ...]:
    return (
        *(row.id, title, row.survey_version, row.state, row.asked_at, row.ended_at, row.attempt),
        *(_yes(row.superseded), row.contact_id, names.get(row.contact_id or 0, ""), row.call_id, row.queue),
        *(row.campaign_id, row.user_name, row.language, row.reason),
    )


def _said(
    answers: Sequence[SurveyAnswerRow], questions: Mapping[str, Mapping[str, Any]], language: str
) -> Iterator[tuple[Cell, ...]]:
    if not answers:
        yield ("",) * 5
    by_code = {one.question: one for one in answers}
    for code in (code for code in questions if code in by_code):
        one, question = by_code[code], questions[code]
        value: Cell = one.text or one.value
        if one.value is not None and question["kind"] in NUMERIC:
            value = Decimal(one.value)
        yield (code, question["texts"].get(language, ""), question["kind"], value, _yes(one.counts))


def _yes(so: bool) -> str:  # noqa: FBT001 - a value, not a switch
    return "yes" if so else "no"
