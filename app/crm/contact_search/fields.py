"""What of a contact the search finds, field by field: the index holds its terms, and an answer names the field."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.crm.contact_search.terms import name_terms, number_terms, once, words_of
from app.crm.contacts.service import ContactDraft
from app.crm.contacts.tables import ContactKind, ContactRow, PhoneRow
from app.crm.tags.tables import ContactTagRow

TERMS_MOST: Final = 1_000
"""The most terms of a contact."""


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


def load(session: Session, contacts: Iterable[int]) -> dict[int, Found]:
    """Contacts as the search sees them; ids of no contact are left out."""
    asked = list(contacts)
    rows = session.scalars(select(ContactRow).where(col(ContactRow.id).in_(asked))).all()
    numbers: dict[int, list[str]] = {}
    phones = select(col(PhoneRow.contact_id), col(PhoneRow.e164)).where(col(PhoneRow.contact_id).in_(asked))
    for contact, e164 in session.execute(phones.order_by(col(PhoneRow.id))):
        numbers.setdefault(contact, []).append(e164)
    tags: dict[int, list[int]] = {}
    tagged = select(col(ContactTagRow.contact_id), col(ContactTagRow.tag_id))
    for contact, tag in session.execute(
        tagged.where(col(ContactTagRow.contact_id).in_(asked)).order_by(col(ContactTagRow.tag_id))
    ):
        tags.setdefault(contact, []).append(tag)
    return {
        row.id: found_of(row, numbers=numbers.get(row.id, ()), tags=tags.get(row.id, ()))
        for row in rows
        if row.id
    }


def tag_term(tag: int) -> str:
    """The term of contacts that have a tag."""
    return f":tag:{tag}"


def kind_term(kind: ContactKind) -> str:
    """The term of contacts of a kind."""
    return f":kind:{kind.value}"


def fields_of(row: ContactRow | ContactDraft, numbers: Sequence[str]) -> list[Field]:
    """The fields by which a contact is found, in the order in which they are named as reasons."""
    fields = [Field(name, value, name_terms(value)) for name, value in _named(row) if value]
    fields += [Field("phones", number, number_terms(number)) for number in numbers]
    if row.external_id:
        fields.append(Field("external_id", row.external_id, name_terms(row.external_id)))
    return fields


def found_of(row: ContactRow, *, numbers: Sequence[str] = (), tags: Sequence[int] = ()) -> Found:
    """A contact with what belongs to it, as the search sees it."""
    names = " ".join(words_of(" ".join(value for _, value in _named(row))))
    return Found(names, fields_of(row, numbers), [kind_term(ContactKind(row.kind)), *map(tag_term, tags)])


def _named(row: ContactRow | ContactDraft) -> Sequence[tuple[str, str]]:
    """The parts of the name, in the order in which it is shown."""
    person = (("surname", row.surname), ("given_name", row.given_name), ("patronymic", row.patronymic))
    company = (("company_name", row.company_name),)
    return company + person if row.kind == ContactKind.COMPANY else person + company
