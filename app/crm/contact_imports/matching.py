"""Which contact a row of a list is about: what was looked up for a batch of rows, and the rules that decide."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.contact_imports.errors import (
    EmployerNoCompany,
    EmployerUnknown,
    RowOfSeveralContacts,
    RowOfSeveralEmployers,
)
from app.crm.contact_imports.queries import by_source, users_named
from app.crm.contact_imports.tables import Same
from app.crm.contacts import queries as contacts
from app.crm.contacts.tables import ContactKind
from app.domain.names import fold
from app.lists.contacts.lines import ContactLine
from app.lists.contacts.roles import ContactRole

_SHOWN: Final = 5
"""How many candidates a reason names."""
_IDS_MOST: Final = 2**53


@dataclass(slots=True)
class Known:
    """What the database has of the contacts that some rows may be about."""

    kinds: dict[int, str] = field(default_factory=dict)
    by_source: dict[str, int] = field(default_factory=dict)
    by_external: dict[str, int] = field(default_factory=dict)
    by_code: dict[str, set[int]] = field(default_factory=dict)
    by_number: dict[str, set[int]] = field(default_factory=dict)
    by_address: dict[str, set[int]] = field(default_factory=dict)
    by_name: dict[str, set[int]] = field(default_factory=dict)
    """Companies by their folded names."""
    users: dict[str, int] = field(default_factory=dict)

    def add(self, contact: int, line: ContactLine, kind: ContactKind) -> None:
        """Know a contact that is made of a row; later rows of the batch find it."""
        said = line.said
        self.kinds[contact] = kind.value
        if external := said.get(ContactRole.EXTERNAL_ID):
            self.by_external[external] = contact
        if code := said.get(ContactRole.REGISTRY_CODE):
            self.by_code.setdefault(code, set()).add(contact)
        if source := said.get(ContactRole.ID):
            self.by_source[source] = contact
        for phone in line.phones:
            self.by_number.setdefault(phone.e164, set()).add(contact)
        for email in line.emails:
            self.by_address.setdefault(email.address.casefold(), set()).add(contact)
        if kind is ContactKind.COMPANY:
            self.by_name.setdefault(fold(said.get(ContactRole.COMPANY_NAME, "")), set()).add(contact)


async def look_up(
    session: AsyncSession, job: int, lines: Sequence[ContactLine], same_by: Collection[str]
) -> Known:
    """What the database has of the contacts and companies that rows name.

    Args:
        session: that reads.
        job: the import.
        lines: the rows; a few hundred at most.
        same_by: as in `ContactImportRow`.
    """

    def texts(*roles: ContactRole) -> set[str]:
        return {line.said[role] for line in lines for role in roles if role in line.said}

    known = Known(
        by_source=await by_source(session, job, texts(ContactRole.ID, ContactRole.EMPLOYER_ID)),
        by_external=await contacts.ids_by_external_id(session, texts(ContactRole.EXTERNAL_ID)),
        by_code=await contacts.ids_by_registry_code(
            session, texts(ContactRole.REGISTRY_CODE, ContactRole.EMPLOYER_CODE)
        ),
        by_name=await contacts.companies_by_name(
            session, {fold(one) for one in texts(ContactRole.EMPLOYER, ContactRole.COMPANY_NAME)}
        ),
        users=await users_named(session, {one.casefold() for one in texts(ContactRole.OWNER)}),
    )
    if Same.PHONE in same_by:
        known.by_number = await contacts.ids_by_number(
            session, {phone.e164 for line in lines for phone in line.phones}
        )
    if Same.EMAIL in same_by:
        known.by_address = await contacts.ids_by_address(
            session, {email.address.casefold() for line in lines for email in line.emails}
        )
    found = {
        one
        for ids in (known.by_code, known.by_number, known.by_address)
        for some in ids.values()
        for one in some
    }
    own = texts(ContactRole.ID, ContactRole.EMPLOYER_ID) if Same.ID in same_by else set()
    found |= {*known.by_source.values(), *known.by_external.values(), *filter(None, map(_id, own))}
    known.kinds = await contacts.kinds_of(session, found)
    return known


def contact_of(line: ContactLine, known: Known, same_by: Sequence[str]) -> int | None:
    """The contact that a row is about; None: there is none yet.

    Raises:
        RowOfSeveralContacts: there are several.
    """
    source = known.by_source.get(line.said.get(ContactRole.ID, ""))
    if source is not None:
        return source
    for same in same_by:
        found = _candidates(line, known, Same(same))
        if len(found) > 1:
            some = sorted(found)
            shown = [*map(str, some[:_SHOWN]), *(["..."] if len(some) > _SHOWN else [])]
            raise RowOfSeveralContacts(same_by=same.replace("_", " "), contacts=shown)
        if found:
            return found.pop()
    return None


def employer_of(line: ContactLine, known: Known, same_by: Collection[str], *, link: bool) -> int | str | None:
    """The company that a person works for; a text: the name of one that is to be made; None: the row names none.

    Raises:
        RowOfSeveralEmployers, EmployerNoCompany, EmployerUnknown: there is not the one company.
    """
    said = line.said
    source, code = said.get(ContactRole.EMPLOYER_ID, ""), said.get(ContactRole.EMPLOYER_CODE, "")
    name = said.get(ContactRole.EMPLOYER, "") or (said.get(ContactRole.COMPANY_NAME, "") if link else "")
    if line.is_company or not (source or code or name):
        return None
    found: set[int] = set()
    if source in known.by_source:
        found = {known.by_source[source]}
    elif Same.ID in same_by and (id_ := _id(source)) is not None and id_ in known.kinds:
        found = {id_}
    elif not source:
        found = _companies(known.by_code.get(code, set()), known) if code else set()
        found = found or ({*known.by_name.get(fold(name), ())} if name and not code else set())
    elif code:
        found = _companies(known.by_code.get(code, set()), known)
    if len(found) > 1:
        some = list(map(str, sorted(found)[:_SHOWN]))
        raise RowOfSeveralEmployers(employer=name or code, companies=some)
    if found:
        employer = found.pop()
        if known.kinds.get(employer, ContactKind.COMPANY.value) != ContactKind.COMPANY.value:
            raise EmployerNoCompany(contact=employer)
        return employer
    if not name:
        raise EmployerUnknown
    return name


def _candidates(line: ContactLine, known: Known, same: Same) -> set[int]:
    said = line.said
    kind = ContactKind.COMPANY if line.is_company else ContactKind.PERSON
    match same:
        case Same.ID:
            id_ = _id(said.get(ContactRole.ID, ""))
            return {id_} if id_ is not None and id_ in known.kinds else set()
        case Same.EXTERNAL_ID:
            external = known.by_external.get(said.get(ContactRole.EXTERNAL_ID, ""))
            return {external} if external is not None else set()
        case Same.REGISTRY_CODE:
            return set(known.by_code.get(said.get(ContactRole.REGISTRY_CODE, ""), ()))
        case Same.PHONE:
            found = {one for phone in line.phones for one in known.by_number.get(phone.e164, ())}
        case Same.EMAIL:
            found = {
                one for email in line.emails for one in known.by_address.get(email.address.casefold(), ())
            }
    return {one for one in found if known.kinds.get(one) == kind.value}


def _companies(ids: Collection[int], known: Known) -> set[int]:
    return {one for one in ids if known.kinds.get(one) == ContactKind.COMPANY.value}


def _id(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdecimal() and 0 < int(said[:17]) <= _IDS_MOST else None
