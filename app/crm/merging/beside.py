"""What two contacts have of which each may have one: custom fields, terms, the number and the address to use first.

They are chosen as columns are, and stand in rows of other tables.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.contacts.tables import EmailRow, PhoneRow
from app.crm.custom_fields.tables import CustomValueRow
from app.crm.price_lists.tables import TermsRow
from app.records.base import table_of

FIELD: Final = "fields."
"""What the name of a custom field's choice begins with; its code follows."""
TERMS: Final = "terms."
"""What the name of a choice of terms begins with; the column follows."""
PREFERRED: Final[Mapping[str, str]] = {
    table_of(PhoneRow).name: "preferred_phone",
    table_of(EmailRow).name: "preferred_email",
}
"""The choice of which row is preferred, by table."""
_VALUE, _TERMS = table_of(CustomValueRow), table_of(TermsRow)
_PHONE, _EMAIL = table_of(PhoneRow), table_of(EmailRow)


async def load_beside(session: AsyncSession, contact: int) -> dict[str, Any]:
    """What a contact has beside its columns, by the names of choices."""
    found: dict[str, Any] = {}
    for table, shown in ((_PHONE, _PHONE.c.e164), (_EMAIL, _EMAIL.c.address)):
        first = select(shown).where(table.c.contact_id == contact, table.c.preferred).order_by(table.c.id)
        found[PREFERRED[table.name]] = await session.scalar(first.limit(1))
    values = (
        select(_VALUE.c.code, _VALUE.c.value).where(_VALUE.c.contact_id == contact).order_by(_VALUE.c.code)
    )
    found |= {f"{FIELD}{code}": value for code, value in await session.execute(values)}
    terms = (await session.execute(select(_TERMS).where(_TERMS.c.contact_id == contact))).mappings().first()
    if terms is not None:
        found[f"{TERMS}price_list_id"] = terms["price_list_id"]
        discount: Decimal = terms["discount"]
        found[f"{TERMS}discount"] = f"{discount.normalize():f}" if discount else None
    return found
