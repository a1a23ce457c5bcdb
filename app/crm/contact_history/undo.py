"""Undoes a change of a contact: a new change, which puts back exactly what the earlier one took away."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.contact_history.errors import ChangedSince, ChangeKept, ChangeUnknown
from app.crm.contacts.service import Contact, get_contact, kept_of, restore_contact
from app.crm.custom_fields.service import kept_values, restore_values
from app.crm.tags.service import list_tags, set_tags, tags_of
from app.domain.ids import ContactId
from app.events.queries import get_event

_CHANGED: Final = "contact.changed"
_FIELDS: Final = "fields"
_TAGS: Final = "tags"


async def undo(session: AsyncSession, contact: ContactId, event: int, at: datetime) -> Contact:
    """Put back what a change of a contact took away, and take away what it brought.

    Raises:
        ContactUnknown: there is no such contact.
        ChangeUnknown: the event is none of this contact.
        ChangeKept: it is no change of the contact's fields, or its values are not on file.
        ChangedSince: one of its fields was changed again since.
        ContactUnnamed, ExternalIdTaken: others of its fields, or other contacts, do not allow it any more.
    """
    await get_contact(session, contact)
    row = await get_event(session, event)
    if row is None or row.contact_id != contact:
        raise ChangeUnknown
    before, after = row.before or {}, row.after or {}
    if row.kind != _CHANGED or not (before or after):
        raise ChangeKept
    kept = await kept_of(session, contact)
    values = await kept_values(session, contact)
    tags = {tag.id for tag in await tags_of(session, contact) if tag.id is not None}
    names = {*before, *after}
    if names - {*kept, _FIELDS, _TAGS} or (row.row_version is None and names - {_TAGS}):
        raise ChangeKept  # its form is that of an older version, which did not keep lists whole
    since = [name for name in kept if name in names and kept[name] != _side(after, name, kept)]
    gone = {one["code"]: one["value"] for one in after.get(_FIELDS, ())}
    back = {one["code"]: one["value"] for one in before.get(_FIELDS, ())}
    if any(values.get(code) != gone.get(code) for code in {*gone, *back}):
        since.append(_FIELDS)
    tags_gone, tags_back = set(after.get(_TAGS, ())), set(before.get(_TAGS, ()))
    known = {tag.id for tag, _ in await list_tags(session)} if tags_back else set()
    if not tags_gone <= tags or tags & tags_back or not tags_back <= known:
        since.append(_TAGS)
    if since:
        raise ChangedSince(fields=sorted(since))
    await restore_values(session, contact, gone, back)
    if tags_gone or tags_back:
        await set_tags(session, contact, (tags - tags_gone) | tags_back)
    if names == {_TAGS}:
        return await get_contact(session, contact)
    put = {name: _side(before, name, kept) for name in kept if name in names}
    return await restore_contact(session, contact, put, at)


def _side(side: Mapping[str, Any], name: str, kept: Mapping[str, Any]) -> Any:
    """A field on one side of a change: a list that is not there was empty."""
    return side.get(name, [] if isinstance(kept[name], list) else None)
