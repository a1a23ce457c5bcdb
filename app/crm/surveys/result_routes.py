"""What surveys have brought in, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import FileResponse

from app.accounts.service import LoggedIn
from app.api.errors import CursorUnknown
from app.api.exports import EXPORTS, ExportFile, ExportPlaces
from app.api.idempotency import IdempotentRoute
from app.api.paging import Cursor, Limit, read_id_cursor, write_cursor
from app.api.problems import refusals
from app.api.schemas import CampaignAsked, ContactAsked, Moment, OperatorAsked, QueueName, RowId
from app.api.security import Known, needs, user_id
from app.crm.contacts.service import shown_names
from app.crm.surveys import result_queries, service
from app.crm.surveys.errors import (
    QuestionUnknown,
    ResponsesTooMany,
    ResultsBusy,
    ResultsTooLarge,
    SurveyUnknown,
    SurveyVersionUnknown,
)
from app.crm.surveys.exporting import SurveyExports
from app.crm.surveys.queries import ResponseFilter
from app.crm.surveys.reporting import Reports
from app.crm.surveys.result_queries import GroupedBy
from app.crm.surveys.result_schemas import OperatorResults, ResultsOut, SurveyTexts, TextOut
from app.crm.surveys.tables import Code
from app.domain.roles import Permission
from app.lists.sheets import MEDIA, SHEET_FILE, ExportFormat
from app.records.engine import reading

Sees = Annotated[LoggedIn, needs(Permission.SURVEYS_RESULTS)]
router = APIRouter(prefix="/surveys/{id}", tags=["surveys"], route_class=IdempotentRoute)
_ASKED = (SurveyUnknown, SurveyVersionUnknown)


def _wanted(
    id: RowId,  # noqa: A002 - the path says it
    *,
    version: Annotated[
        int | None, Query(ge=1, le=2**31 - 1, description="Only of this version of the survey.")
    ] = None,
    contact: ContactAsked = None,
    user: OperatorAsked = None,
    queue: Annotated[QueueName | None, Query(description="Only in calls of this queue.")] = None,
    campaign: CampaignAsked = None,
    from_at: Annotated[Moment | None, Query(description="Asked then or later.")] = None,
    to_at: Annotated[Moment | None, Query(description="Asked before.")] = None,
) -> ResponseFilter:
    return ResponseFilter(
        survey=id,
        version=version,
        contact=contact,
        user=user,
        queue=queue,
        campaign=campaign,
        from_at=from_at,
        to_at=to_at,
    )


Wanted = Annotated[ResponseFilter, Depends(_wanted)]


@router.get(
    "/results",
    summary="Results of a survey",
    responses=refusals(*_ASKED, QuestionUnknown, ResultsTooLarge, ResultsBusy),
)
async def get_results(
    _: Sees,
    request: Request,
    wanted: Wanted,
    *,
    question: Annotated[Code | None, Query(description="Only this question; without it, all.")] = None,
    by: Annotated[
        GroupedBy | None, Query(description="What to tell groups apart by; without it, all together.")
    ] = None,
) -> list[ResultsOut]:
    """Returns counts, shares, means and NPS with their intervals, and who was asked: of all together, or of each group.
    Below 20 answers a figure is null, and its interval is told. Answers of several versions add up where the question
    has the same code and takes the same answers.
    """
    reports: Reports = request.app.state.survey_reports
    return [ResultsOut.of(one) for one in await reports.results(wanted, question, by)]


@router.get(
    "/results/operators",
    summary="Operators side by side",
    responses=refusals(*_ASKED, QuestionUnknown, ResultsTooLarge, ResultsBusy),
)
async def compare_operators(
    _: Sees,
    request: Request,
    wanted: Wanted,
    question: Annotated[Code, Query(description="The code of a scale, an NPS question or a choice.")],
    good: Annotated[
        list[Code] | None, Query(max_length=50, description="Of a choice, the options that are good answers.")
    ] = None,
) -> OperatorResults:
    """Compares shares of good answers: of promoters, of the two highest answers of a scale, or of the options that you
    name. Each share is drawn towards that of all; `differs` holds for all operators at once (Holm).
    """
    reports: Reports = request.app.state.survey_reports
    return OperatorResults.of(*await reports.operators(wanted, question, good or ()))


@router.get(
    "/texts",
    summary="Free texts of a survey",
    responses=refusals(SurveyUnknown, CursorUnknown),
)
async def list_texts(
    who: Sees,
    services: Known,
    wanted: Wanted,
    *,
    question: Annotated[Code, Query(description="The question's code.")],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> SurveyTexts:
    """Returns what was answered to a question, beside the call in which it was said, the newest first."""
    before = read_id_cursor(cursor)
    async with reading(services.engine) as session:
        await service.get_survey(session, wanted.survey or 0)
        found = await result_queries.page_texts(session, wanted, question, before=before, limit=limit + 1)
        shown = found[:limit]
        contacts = {one.response.contact_id for one in shown if one.response.contact_id}
        names = await shown_names(session, who, contacts)
    items = [TextOut.of(one, names.get(one.response.contact_id or 0, "")) for one in shown]
    following = write_cursor((items[-1].response,)) if len(found) > limit else None
    return SurveyTexts(items=items, next=following)


@router.get(
    "/export",
    summary="Responses of a survey as a file",
    responses=refusals(*_ASKED, *EXPORTS, ResponsesTooMany, ResultsBusy) | SHEET_FILE,
    response_class=FileResponse,
)
async def export_responses(
    who: Sees,
    request: Request,
    services: Known,
    wanted: Wanted,
    form: Annotated[ExportFormat, Query(alias="format", description="The kind of file.")] = ExportFormat.CSV,
) -> FileResponse:
    """A row for each answer, and one for each response without any, of at most 50,000 responses; texts are no
    formulas.
    """
    async with reading(services.engine) as session:
        survey = await service.get_survey(session, wanted.survey or 0)
    exports: SurveyExports = request.app.state.survey_exports
    places: ExportPlaces = request.app.state.export_places
    with places.begin(user_id(who)) as place:
        path = await exports.make(wanted, survey.title, form, who)
        return ExportFile(path, place, media_type=MEDIA[form], filename=f"survey-{survey.id}.{form.value}")
