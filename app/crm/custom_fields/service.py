"""Custom fields: declared by the administrator; their values saved with the contact."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.api.errors import RequestUnfit
from app.crm.custom_fields import queries
from app.crm.custom_fields.errors import (
    ChoicesUnfit,
    CustomFieldHasValues,
    CustomFieldTaken,
    CustomFieldUnknown,
    TooManyCustomFields,
    ValueMissing,
    ValueOfNoField,
    ValueUnfit,
)
from app.crm.custom_fields.tables import (
    Choice,
    CustomFieldFields,
    CustomFieldKind,
    CustomFieldRow,
    CustomValueRow,
    Titles,
)
from app.crm.custom_fields.values import compared, stored
from app.domain.errors import Refusal
from app.records.errors import refused_as
from app.records.versions import columns_of, raise_version

MOST: Final = 60
"""The most custom fields of a centre: a form can still be filled in while somebody waits."""


async def list_fields(session: AsyncSession) -> Sequence[CustomFieldRow]:
    """Every field in its order, those out of use too."""
    return await queries.list_fields(session)


async def make_field(
    session: AsyncSession, code: str, said: CustomFieldFields, titles: Titles, choices: Sequence[Choice]
) -> CustomFieldRow:
    """Declare a field.

    Raises:
        CustomFieldTaken: there is one of this code.
        TooManyCustomFields: there are `MOST`.
        ChoicesUnfit: the choices do not fit the kind.
    """
    if await queries.count_fields(session) >= MOST:
        raise TooManyCustomFields(most=MOST)
    if await queries.get_field(session, code) is not None:
        raise CustomFieldTaken(field=code)
    row = CustomFieldRow(code=code, kind=said.kind, titles={})
    with refused_as(CustomFieldTaken(field=code)):
        return await _save(session, row, said, titles, choices)


async def change_field(
    session: AsyncSession, code: str, said: CustomFieldFields, titles: Titles, choices: Sequence[Choice]
) -> CustomFieldRow:
    """Change a field, or put it out of use.

    Raises:
        CustomFieldUnknown: there is none of this code.
        CustomFieldHasValues: contacts have values of another kind.
        ChoicesUnfit: the choices do not fit the kind.
    """
    row = await queries.get_field(session, code)
    if row is None:
        raise CustomFieldUnknown(field=code)
    if row.kind != said.kind and await queries.has_values(session, code):
        raise CustomFieldHasValues(field=code)
    return await _save(session, row, said, titles, choices)


async def set_values(session: AsyncSession, contact: int, said: Mapping[str, str]) -> None:
    """Replace a contact's values of the fields in use; a blank value is none. Fields out of use keep theirs.

    Raises:
        RequestUnfit: with the path of each value that does not fit, is missing, or has no field. A value that the
            contact has already fits whatever the field allows today.
    """
    fields = {row.code: row for row in await queries.list_fields(session) if row.active}
    if not fields and not said:
        return
    before = {row.code: row for row in (await queries.values_of(session, [contact]))[contact]}
    errors: list[tuple[str, Refusal]] = [
        (f"body.fields.{code}", ValueOfNoField(field=code)) for code in said if code not in fields
    ]
    new, gone = [], []
    for code, field in fields.items():
        text, had = said.get(code, ""), before.get(code)
        if had is not None and had.value == text:
            continue
        if not text.strip():
            if field.required:
                errors.append((f"body.fields.{code}", ValueMissing(title=field.titles["en"])))
            elif had is not None:
                gone.append(had)
            continue
        kind = CustomFieldKind(field.kind)
        try:
            value = stored(kind, text, [one["code"] for one in field.choices])
        except ValueUnfit as error:
            errors.append((f"body.fields.{code}", error))
            continue
        if had is None:
            new.append(
                CustomValueRow(contact_id=contact, code=code, value=value, folded=compared(kind, value))
            )
        else:
            had.value, had.folded = value, compared(kind, value)
    if errors:
        raise RequestUnfit(errors)
    await queries.change_values(session, new, gone)


async def kept_values(session: AsyncSession, contact: int) -> dict[str, str]:
    """All values of a contact by code, those of fields out of use too."""
    return {row.code: row.value for row in (await queries.values_of(session, [contact]))[contact]}


async def restore_values(
    session: AsyncSession, contact: int, gone: Collection[str], back: Mapping[str, str]
) -> None:
    """Take values away and put back values that the contact had, whatever the fields allow today.

    Args:
        session: of `writing`.
        contact: the contact.
        gone: codes of values to take away; those in `back`, too, get another value.
        back: values as they were stored, by code.
    """
    kinds = {row.code: CustomFieldKind(row.kind) for row in await queries.list_fields(session)}
    before = {row.code: row for row in (await queries.values_of(session, [contact]))[contact]}
    new = []
    for code, value in back.items():
        folded = compared(kinds[code], value)
        if (row := before.get(code)) is not None:
            row.value, row.folded = value, folded
        else:
            new.append(CustomValueRow(contact_id=contact, code=code, value=value, folded=folded))
    await queries.change_values(
        session, new, [before[code] for code in gone if code in before and code not in back]
    )


async def _save(
    session: AsyncSession,
    row: CustomFieldRow,
    said: CustomFieldFields,
    titles: Titles,
    choices: Sequence[Choice],
) -> CustomFieldRow:
    codes = [one.code for one in choices]
    if (said.kind is CustomFieldKind.CHOICE) != bool(codes) or len(set(codes)) < len(codes):
        raise ChoicesUnfit
    was = columns_of(row)
    row.kind, row.required, row.position, row.active = said.kind, said.required, said.position, said.active
    row.titles = titles.model_dump()
    row.choices = [one.model_dump() for one in choices]
    raise_version(row, was)
    await queries.save_field(session, row)
    return row
