"""Names for people of the groups of reports."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.tables import UserRow
from app.crm.campaigns.tables import CampaignRow
from app.crm.dispositions.tables import DispositionRow
from app.crm.queues.tables import QueueRow
from app.records.base import table_of
from app.reports.queries import Group
from app.reports.sources import By

_NAMED = {
    By.QUEUE: (table_of(QueueRow).c.id, table_of(QueueRow).c.title),
    By.OPERATOR: (table_of(UserRow).c.id, table_of(UserRow).c.display_name),
    By.CAMPAIGN: (table_of(CampaignRow).c.id, table_of(CampaignRow).c.title),
    By.DISPOSITION: (table_of(DispositionRow).c.id, table_of(DispositionRow).c.title),
}
_MOST = 1_500


async def titles_of(session: AsyncSession, by: By, groups: Collection[Group]) -> Mapping[Group, str]:
    """The titles of groups as they are now; groups that are gone, or need none, are left out."""
    if by not in _NAMED:
        return {}
    key, title = _NAMED[by]
    known = [group for group in groups if group is not None][:_MOST]
    found = await session.execute(select(key, title).where(key.in_(known)))
    return dict(found.all())
