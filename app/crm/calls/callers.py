"""A contact made of a call, or completed from it: the caller's number is filled in."""

from collections.abc import Mapping
from dataclasses import fields as fields_of
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.contacts.drafts import ContactDraft, Email, Phone
from app.crm.contacts.service import Contact, create_contact, get_contact, update_contact
from app.domain.ids import ContactId
from app.numbers.errors import NumberUnreadable
from app.numbers.reader import contact_key

_LISTS: Final = frozenset({"kind", "note", "phones", "emails", "fields"})


async def make_from_call(
    session: AsyncSession, number: str, draft: ContactDraft, at: datetime, region: str
) -> Contact:
    """Make a contact who has the number of a call.

    Args:
        session: that writes.
        number: of the call; empty: it is withheld.
        draft: what the operator typed.
        at: aware.
        region: ISO 3166 code of the country for numbers without a country code.

    Raises:
        What `create_contact` raises.
    """
    return await create_contact(session, _with_number(draft, number, region), at, region)


async def complete_from_call(
    session: AsyncSession, contact: ContactId, number: str, draft: ContactDraft, *, at: datetime, region: str
) -> Contact:
    """Put the number of a call, and what the operator typed, into a contact; the rest is as in `make_from_call`.

    Only what the contact lacks is put in; a note is added to the one that is there. So nothing that somebody else has
    typed meanwhile is lost.

    Raises:
        What `update_contact` raises.
    """
    kept = (await get_contact(session, contact)).said
    blank: Mapping[str, Any] = {
        one.name: getattr(draft, one.name)
        for one in fields_of(ContactDraft)
        if one.name not in _LISTS and not getattr(kept, one.name)
    }
    known = {phone.e164 for phone in kept.phones}
    fresh = [one for one in _with_number(draft, number, region).phones if _key(one.raw, region) not in known]
    addresses = {email.address.casefold() for email in kept.emails}
    emails = [one for one in draft.emails if one.address.casefold() not in addresses]
    completed = replace(
        kept,
        **blank,
        note="\n".join(filter(None, (kept.note, draft.note if draft.note != kept.note else ""))),
        phones=(*kept.phones, *(replace(one, preferred=one.preferred and not kept.phones) for one in fresh)),
        emails=(*kept.emails, *(Email(one.address, one.label, preferred=False) for one in emails)),
        fields={**draft.fields, **kept.fields},
    )
    return await update_contact(session, contact, completed, at, region)


def _with_number(draft: ContactDraft, number: str, region: str) -> ContactDraft:
    """The draft with a call's number before its others; a number that is none, as a phone may send it, is left out."""
    key = _key(number, region)
    if not key or key in {_key(one.raw, region) for one in draft.phones}:
        return draft
    return replace(draft, phones=(Phone(number), *draft.phones))


def _key(number: str, region: str) -> str:
    try:
        return contact_key(number, region) if number else ""
    except NumberUnreadable:
        return ""
