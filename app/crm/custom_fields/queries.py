"""Custom fields and their values as rows."""

from collections.abc import Collection, Sequence

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.crm.custom_fields.tables import CustomFieldRow, CustomValueRow
from app.records.among import Among


async def list_fields(session: AsyncSession) -> Sequence[CustomFieldRow]:
    """Every field, in the order of their positions."""
    query = select(CustomFieldRow).order_by(col(CustomFieldRow.position), col(CustomFieldRow.code))
    return (await session.scalars(query)).all()


async def count_fields(session: AsyncSession) -> int:
    """How many fields there are."""
    return await session.scalar(select(func.count()).select_from(CustomFieldRow)) or 0


async def get_field(session: AsyncSession, code: str) -> CustomFieldRow | None:
    """One field, or None."""
    return await session.get(CustomFieldRow, code)


async def save_field(session: AsyncSession, row: CustomFieldRow) -> None:
    """Save a field.

    Raises:
        sqlalchemy.exc.IntegrityError: at once, when a new one has a code that exists.
    """
    session.add(row)
    await session.flush()


async def has_values(session: AsyncSession, code: str) -> bool:
    """Whether any contact has a value of a field."""
    query = select(CustomValueRow.contact_id).where(col(CustomValueRow.code) == code).limit(1)
    return (await session.scalars(query)).first() is not None


async def values_of(session: AsyncSession, contacts: Collection[int]) -> dict[int, list[CustomValueRow]]:
    """Values by contact; those of fields out of use, too."""
    found: dict[int, list[CustomValueRow]] = {contact: [] for contact in contacts}
    for row in await session.scalars(_VALUES.of(session), _VALUES.given(contacts)):
        found[row.contact_id].append(row)
    return found


_VALUES = Among(
    lambda among: (
        select(CustomValueRow).where(among(CustomValueRow.contact_id)).order_by(col(CustomValueRow.code))
    )
)


async def change_values(
    session: AsyncSession, new: Collection[CustomValueRow], gone: Collection[CustomValueRow]
) -> None:
    """Add and remove values; those that were changed are saved, too."""
    session.add_all(new)
    for row in gone:
        await session.delete(row)
    await session.flush()
