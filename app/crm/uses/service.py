"""Who may be told where a thing is used."""

from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.uses.queries import Use, uses_of
from app.crm.uses.schemas import Used
from app.domain.roles import Permission
from app.events.subjects import SUBJECTS

ASKS: Final[Mapping[Used, Permission]] = {
    Used.QUEUE: Permission.QUEUES_WRITE,
    Used.OPERATOR: Permission.OPERATORS_WRITE,
    Used.USER: Permission.USERS_MANAGE,
    Used.ROLE: Permission.USERS_MANAGE,
    Used.DEPARTMENT: Permission.DEPARTMENTS_WRITE,
    Used.COMPLAINT_CATEGORY: Permission.COMPLAINTS_SET_UP,
    Used.PRODUCT: Permission.PRODUCTS_WRITE,
}
"""Whoever may change a thing may ask where it is used."""


async def list_uses(session: AsyncSession, kind: Used, id_: str, may: Collection[Permission]) -> list[Use]:
    """Everything that names a thing, of what somebody with these permissions may read."""
    return [use for use in await uses_of(session, kind, id_) if SUBJECTS[use.row].reads in may]
