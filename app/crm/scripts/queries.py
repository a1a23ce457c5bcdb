"""Scripts, their versions and runs as rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.crm.articles.tables import ArticleRow, ArticleState
from app.crm.complaints.tables import CategoryRow
from app.crm.custom_fields.tables import CustomFieldRow
from app.crm.dispositions.tables import DispositionRow
from app.crm.leads.tables import LeadRow
from app.crm.products.tables import ProductRow
from app.crm.scripts.tables import RunState, ScriptRow, ScriptRunRow, ScriptState, ScriptVersionRow
from app.crm.surveys.states import SurveyState
from app.crm.surveys.tables import SurveyRow

_LEADS_LOOKED_AT = 500


async def page_scripts(
    session: AsyncSession, *, state: ScriptState | None, after: int | None, limit: int
) -> Sequence[ScriptRow]:
    """Scripts in the order in which they were made."""
    query = select(ScriptRow).order_by(col(ScriptRow.id)).limit(limit)
    if state is not None:
        query = query.where(col(ScriptRow.state) == state)
    if after is not None:
        query = query.where(col(ScriptRow.id) > after)
    return (await session.scalars(query)).all()


async def published(session: AsyncSession) -> Sequence[tuple[int, int, Sequence[str], Sequence[int]]]:
    """What calls may begin with: script, number, queues and campaigns, the oldest script first."""
    query = (
        select(
            ScriptVersionRow.script_id,
            ScriptVersionRow.number,
            ScriptVersionRow.queues,
            ScriptVersionRow.campaigns,
        )
        .join(ScriptRow, col(ScriptRow.id) == col(ScriptVersionRow.script_id))
        .where(
            col(ScriptRow.state) == ScriptState.PUBLISHED, col(ScriptRow.number) == ScriptVersionRow.number
        )
        .order_by(col(ScriptRow.id))
    )
    return [
        (script, number, queues, campaigns)
        for script, number, queues, campaigns in await session.execute(query)
    ]


async def get_script(session: AsyncSession, script: int) -> ScriptRow | None:
    """One script, or None."""
    return await session.get(ScriptRow, script)


async def save(session: AsyncSession, row: ScriptRow | ScriptVersionRow | ScriptRunRow) -> None:
    """Save a row; a new one has its id afterwards.

    Raises:
        sqlalchemy.exc.IntegrityError: at once, when the call has a run of the script already.
    """
    session.add(row)
    await session.flush()


async def last_number(session: AsyncSession, script: int) -> int:
    """The number of the last published version; 0: none was published."""
    query = select(func.max(ScriptVersionRow.number)).where(col(ScriptVersionRow.script_id) == script)
    return await session.scalar(query) or 0


async def page_versions(
    session: AsyncSession, script: int, *, before: int | None, limit: int
) -> Sequence[ScriptVersionRow]:
    """A script's versions, the newest first; `before` is the number that ended the page before."""
    query = select(ScriptVersionRow).where(col(ScriptVersionRow.script_id) == script)
    if before is not None:
        query = query.where(col(ScriptVersionRow.number) < before)
    return (await session.scalars(query.order_by(col(ScriptVersionRow.number).desc()).limit(limit))).all()


async def get_version(session: AsyncSession, script: int, number: int) -> ScriptVersionRow | None:
    """One version, or None."""
    query = select(ScriptVersionRow).where(
        col(ScriptVersionRow.script_id) == script, col(ScriptVersionRow.number) == number
    )
    return (await session.scalars(query)).one_or_none()


@dataclass(slots=True, frozen=True, kw_only=True)
class RunFilter:
    """Which runs are wanted; a field that is None does not filter."""

    user: int | None = None
    """Who began it."""
    call: str | None = None
    contact: int | None = None
    script: int | None = None
    state: RunState | None = None


async def page_runs(
    session: AsyncSession, wanted: RunFilter, *, before: int | None, limit: int
) -> Sequence[ScriptRunRow]:
    """Runs that match, the newest first; `before` is the id that ended the page before."""
    query = select(ScriptRunRow).order_by(col(ScriptRunRow.id).desc()).limit(limit)
    for column, value in (
        (ScriptRunRow.user_id, wanted.user),
        (ScriptRunRow.call_id, wanted.call),
        (ScriptRunRow.contact_id, wanted.contact),
        (ScriptRunRow.script_id, wanted.script),
        (ScriptRunRow.state, wanted.state),
    ):
        if value is not None:
            query = query.where(col(column) == value)
    if before is not None:
        query = query.where(col(ScriptRunRow.id) < before)
    return (await session.scalars(query)).all()


async def get_run(session: AsyncSession, run: int) -> ScriptRunRow | None:
    """One run, or None."""
    return await session.get(ScriptRunRow, run)


async def runs_of_call(session: AsyncSession, call: str) -> Sequence[ScriptRunRow]:
    """The runs of a call, the oldest first."""
    query = select(ScriptRunRow).where(col(ScriptRunRow.call_id) == call).order_by(col(ScriptRunRow.id))
    return (await session.scalars(query)).all()


async def find_run(session: AsyncSession, call: str, script: int) -> ScriptRunRow | None:
    """A call's run of a script, or None."""
    query = select(ScriptRunRow).where(
        col(ScriptRunRow.call_id) == call, col(ScriptRunRow.script_id) == script
    )
    return (await session.scalars(query)).one_or_none()


async def titles_of(session: AsyncSession, scripts: Collection[int]) -> dict[int, str]:
    """The titles of scripts by id."""
    query = select(ScriptRow.id, ScriptRow.title).where(col(ScriptRow.id).in_(scripts))
    return {id_: title for id_, title in await session.execute(query) if id_ is not None}


async def published_articles(session: AsyncSession, ids: Collection[int]) -> set[int]:
    """Those of these articles that operators find."""
    query = select(ArticleRow.id).where(
        col(ArticleRow.id).in_(ids), col(ArticleRow.state) == ArticleState.PUBLISHED
    )
    return {id_ for id_ in await session.scalars(query) if id_ is not None}


async def asked_surveys(session: AsyncSession, ids: Collection[int]) -> set[int]:
    """Those of these surveys that are asked now."""
    query = select(SurveyRow.id).where(
        col(SurveyRow.id).in_(ids), col(SurveyRow.state) == SurveyState.PUBLISHED.value
    )
    return {id_ for id_ in await session.scalars(query) if id_ is not None}


async def active_categories(session: AsyncSession, ids: Collection[int]) -> set[int]:
    """Those of these categories of complaints that are in use."""
    query = select(CategoryRow.id).where(col(CategoryRow.id).in_(ids), col(CategoryRow.active))
    return {id_ for id_ in await session.scalars(query) if id_ is not None}


async def sold_products(session: AsyncSession, codes: Collection[str]) -> set[str]:
    """Those of these codes that products have which are sold."""
    query = select(ProductRow.code).where(col(ProductRow.code).in_(codes), col(ProductRow.active))
    return set(await session.scalars(query))


async def active_dispositions(session: AsyncSession, codes: Collection[str]) -> set[tuple[str, int | None]]:
    """Dispositions in use with these codes, each with its campaign; None: it is for every campaign."""
    query = select(DispositionRow.code, DispositionRow.campaign_id).where(
        col(DispositionRow.code).in_(codes), col(DispositionRow.active)
    )
    return {(code, campaign) for code, campaign in await session.execute(query)}


async def active_fields(session: AsyncSession) -> set[str]:
    """The codes of custom fields in use."""
    return set(await session.scalars(select(CustomFieldRow.code).where(col(CustomFieldRow.active))))


async def columns_of(session: AsyncSession, campaign: int) -> set[str]:
    """The columns that the newest leads of a campaign have."""
    query = (
        select(LeadRow.variables)
        .where(col(LeadRow.campaign_id) == campaign)
        .order_by(col(LeadRow.id).desc())
        .limit(_LEADS_LOOKED_AT)
    )
    return {name for variables in await session.scalars(query) for name in variables}
