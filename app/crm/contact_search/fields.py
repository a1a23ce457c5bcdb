"""What of a contact the search finds, field by field: the index holds its terms, and an answer names the field."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.crm.contact_search.terms import (
    TERM_MOST,
    address_terms,
    name_terms,
    number_terms,
    once,
    value_term,
    words_of,
)
from app.crm.contacts.drafts import ContactDraft
from app.crm.contacts.tables import ContactKind, ContactRow, EmailRow, PhoneRow
from app.crm.custom_fields.tables import CustomValueRow
from app.crm.merging.tables import ContactMergeRow
from app.crm.tags.tables import ContactTagRow
from app.records.among import Among

TERMS_MOST: Final = 1_000
"""The most terms of a contact."""
PEOPLE_MOST: Final = 1_000
"""The most people by whom the companies of one batch are found."""


class Field(NamedTuple):
    """A value of a contact by which it is found."""

    name: str
    """The field's name in the interface, such as `surname` or `phones`."""
    value: str
    """The value as it is kept."""
    terms: Sequence[str]


class Found(NamedTuple):
    """A contact as the search sees it."""

    names: str
    """The folded words of the name, with one blank between."""
    fields: Sequence[Field]
    filters: Sequence[str]
    """Terms to filter by, which are no field's."""

    @property
    def terms(self) -> str:
        """All terms, each once, with one blank between."""
        terms = once(term for field in self.fields for term in field.terms)
        return " ".join([*terms[: TERMS_MOST - len(self.filters)], *self.filters])


class Belongings(NamedTuple):
    """What belongs to a contact, in rows of other tables."""

    numbers: Sequence[str] = ()
    """In E.164."""
    emails: Sequence[str] = ()
    values: Mapping[str, str] = {}
    """Of custom fields, by code."""
    employer: str = ""
    """The name of the company that the person works for."""
    people: Sequence[str] = ()
    """Names of people who work for the company."""
    tags: Sequence[int] = ()
    external_ids: Sequence[str] = ()
    """Of contacts that went into this one."""


def load(session: Session, contacts: Iterable[int]) -> dict[int, Found]:
    """Contacts as the search sees them; ids of no contact are left out."""
    asked = list(contacts)
    rows = session.scalars(select(ContactRow).where(col(ContactRow.id).in_(asked))).all()
    phones, emails = _lists(session, PhoneRow.e164, asked), _lists(session, EmailRow.address, asked)
    tags, values = _lists(session, ContactTagRow.tag_id, asked), _values(session, asked)
    external = _lists(session, ContactMergeRow.external_id, asked, col(ContactMergeRow.undone_at).is_(None))
    people, employers = people_of(session, asked), _employers(session, rows)
    return {
        id_: found_of(
            row,
            Belongings(
                numbers=phones.get(id_, ()),
                emails=emails.get(id_, ()),
                values=values.get(id_, {}),
                employer=employers.get(row.employer_id or 0, ""),
                people=people.get(id_, ()),
                tags=tags.get(id_, ()),
                external_ids=[one for one in external.get(id_, ()) if one],
            ),
        )
        for row in rows
        if (id_ := row.id) is not None
    }


def _lists(session: Session, column: Any, contacts: Sequence[int], *where: Any) -> dict[int, list[Any]]:
    """The values of a column by contact, in the order of the rows."""
    table = column.class_
    query = select(col(table.contact_id), column).where(col(table.contact_id).in_(contacts), *where)
    found: dict[int, list[Any]] = {}
    for contact, value in session.execute(query.order_by(*table.__table__.primary_key.columns)):
        found.setdefault(contact, []).append(value)
    return found


def _values(session: Session, contacts: Sequence[int]) -> dict[int, dict[str, str]]:
    query = select(CustomValueRow).where(col(CustomValueRow.contact_id).in_(contacts))
    found: dict[int, dict[str, str]] = {}
    for row in session.scalars(query.order_by(col(CustomValueRow.code))):
        found.setdefault(row.contact_id, {})[row.code] = row.value
    return found


def _employers(session: Session, rows: Sequence[ContactRow]) -> dict[int, str]:
    ids = {row.employer_id for row in rows if row.employer_id is not None}
    query = select(col(ContactRow.id), col(ContactRow.company_name)).where(col(ContactRow.id).in_(ids))
    return {row.id: row.company_name for row in session.execute(query)} if ids else {}


def people_of(session: Session, companies: Sequence[int]) -> dict[int, list[str]]:
    """Names of the first people of each company."""
    found: dict[int, list[str]] = {}
    for company, *parts in session.execute(_PEOPLE.of(session), _PEOPLE.given(companies)):
        assert company is not None
        found.setdefault(company, []).append(" ".join(parts))
    return found


_PEOPLE: Final = Among(
    lambda among: (
        select(col(ContactRow.employer_id), col(ContactRow.surname), col(ContactRow.given_name))
        .where(among(ContactRow.employer_id))
        .order_by(col(ContactRow.employer_id), col(ContactRow.id))
        .limit(PEOPLE_MOST)
    )
)


def value_filter(code: str, value: str) -> str:
    """The term of contacts that have a value of a custom field."""
    return f":field:{code}:{value_term(value)}"[:TERM_MOST]


def tag_term(tag: int) -> str:
    """The term of contacts that have a tag."""
    return f":tag:{tag}"


def kind_term(kind: ContactKind) -> str:
    """The term of contacts of a kind."""
    return f":kind:{kind.value}"


def fields_of(row: ContactRow | ContactDraft, has: Belongings) -> list[Field]:
    """The fields by which a contact is found, in the order in which they are named as reasons."""
    said = [*_named(row), ("employer", has.employer), ("registry_code", row.registry_code)]
    said += [("external_id", row.external_id or ""), *(("external_id", one) for one in has.external_ids)]
    said += [(f"fields.{code}", value) for code, value in has.values.items()]
    fields = [Field(name, value, name_terms(value)) for name, value in said if value]
    fields += [Field("phones", number, number_terms(number)) for number in has.numbers]
    fields += [Field("emails", address, address_terms(address)) for address in has.emails]
    return fields + [Field("people", name, name_terms(name)) for name in has.people]


def found_of(row: ContactRow, has: Belongings) -> Found:
    """A contact with what belongs to it, as the search sees it."""
    names = " ".join(words_of(" ".join(value for _, value in _named(row))))
    filters = [kind_term(ContactKind(row.kind)), *map(tag_term, has.tags)]
    filters += [value_filter(code, value) for code, value in has.values.items()]
    return Found(names, fields_of(row, has), filters)


def _named(row: ContactRow | ContactDraft) -> Sequence[tuple[str, str]]:
    """The parts of the name, in the order in which it is shown."""
    person = (("surname", row.surname), ("given_name", row.given_name), ("patronymic", row.patronymic))
    company = (("company_name", row.company_name),)
    return company + person if row.kind == ContactKind.COMPANY else person + company
