"""The rules of dispositions: each campaign has a code once, and its own come before those common to all."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.campaigns.service import known_campaign
from app.crm.dispositions import queries
from app.crm.dispositions.errors import DispositionNotOffered, DispositionTaken, DispositionUnknown
from app.crm.dispositions.tables import DispositionRow
from app.domain.ids import CampaignId
from app.domain.references import named
from app.records.versions import columns_of, raise_version


async def make_disposition(
    session: AsyncSession, campaign: CampaignId | None, fields: Mapping[str, Any]
) -> DispositionRow:
    """Make a disposition.

    Args:
        session: that writes.
        campaign: whose; None: for every campaign.
        fields: of `DispositionRow`, but for its campaign.

    Raises:
        ReferenceUnknown: there is no such campaign.
        DispositionTaken: the code is another's.
    """
    if campaign is not None:
        with named("campaign"):
            await known_campaign(session, campaign)
    row = DispositionRow(**fields, campaign_id=campaign)
    await _check_code(session, row)
    return await queries.save_disposition(session, row)


async def change_disposition(session: AsyncSession, id_: int, fields: Mapping[str, Any]) -> DispositionRow:
    """Change a disposition whole.

    Raises:
        DispositionUnknown: there is none.
        DispositionTaken: the code is another's.
    """
    row = await queries.get_disposition(session, id_)
    if row is None:
        raise DispositionUnknown(disposition=id_)
    was, code = columns_of(row), row.code
    with session.no_autoflush:
        for name, value in fields.items():
            setattr(row, name, value)
        if row.code != code:
            await _check_code(session, row)
    raise_version(row, was)
    return await queries.save_disposition(session, row)


async def offered_disposition(session: AsyncSession, campaign: CampaignId, code: str) -> DispositionRow:
    """The disposition of a code that may be set in a campaign: the campaign's own before a common one.

    Raises:
        DispositionNotOffered: there is none in use.
    """
    for row in sorted(
        await queries.list_dispositions(session, campaign), key=lambda row: row.campaign_id is None
    ):
        if row.code == code and row.active:
            return row
    raise DispositionNotOffered(disposition=code)


async def _check_code(session: AsyncSession, row: DispositionRow) -> None:
    if await queries.has_disposition(session, row.campaign_id, row.code):
        raise DispositionTaken(disposition=row.code)
