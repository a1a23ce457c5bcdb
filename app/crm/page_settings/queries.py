"""A user's settings of pages."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.page_settings.tables import PageSettingsRow


async def get_settings(session: AsyncSession, user: int) -> PageSettingsRow:
    """What is kept for a user; empty for one for whom nothing is."""
    return await session.get(PageSettingsRow, user) or PageSettingsRow(user_id=user)


async def put_settings(session: AsyncSession, user: int, **kept: Any) -> PageSettingsRow:
    """Keep these columns for a user; the others stay."""
    row = await session.get(PageSettingsRow, user)
    if row is None:
        row = PageSettingsRow(user_id=user)
        session.add(row)
    for name, value in kept.items():
        setattr(row, name, value)
    await session.flush()
    return row
