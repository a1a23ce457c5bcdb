"""Puts rows of a list into contacts: makes new ones, many at a time, or changes those that are there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.contact_imports import queries
from app.crm.contact_imports.errors import (
    OwnerUnknown,
    RowFieldUnknown,
    RowIdOfOther,
    RowOfOtherKind,
    RowValueUnfit,
    RowWithoutName,
)
from app.crm.contact_imports.matching import Known, contact_of, employer_of
from app.crm.contact_imports.queries import Inserts, new_ids
from app.crm.contact_imports.tables import ContactImportRow, Did, Existing, ImportedContactRow
from app.crm.contact_search.upkeep import index
from app.crm.contacts.drafts import folded_name
from app.crm.contacts.service import kept_of, restore_contact
from app.crm.contacts.tables import ContactKind, ContactRow, EmailRow, PhoneRow
from app.crm.custom_fields.errors import ValueUnfit
from app.crm.custom_fields.service import kept_values, list_fields, restore_values
from app.crm.custom_fields.tables import CustomFieldKind, CustomFieldRow, CustomValueRow
from app.crm.custom_fields.values import compared, stored
from app.crm.tags.service import set_tags, tags_named, tags_of
from app.crm.tags.tables import ContactTagRow
from app.domain.errors import Refusal
from app.domain.ids import ContactId
from app.events.recorder import announce
from app.lists.contacts.lines import ContactLine
from app.lists.contacts.roles import REACHED_MOST, ContactRole
from app.lists.row_errors import RowUnfit, TooManyReached
from app.records.base import Row

_COLUMNS: Final = (
    *("surname", "given_name", "patronymic", "company_name", "registry_code"),
    *("job_title", "external_id", "language", "note"),
)
"""Columns of a contact that have the name of their role."""


@dataclass(slots=True)
class Placed:
    """What became of some rows."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    companies: int = 0
    rejected: dict[int, Refusal] = field(default_factory=dict)
    """Reasons by the row's line."""
    keys: list[tuple[int, ContactLine]] = field(default_factory=list)
    """The rows that made contacts."""


class Placing:
    """Puts one batch of rows into contacts, in one transaction."""

    def __init__(
        self, session: AsyncSession, job: ContactImportRow, inserts: Inserts, known: Known, now: datetime
    ) -> None:
        """Begin a batch.

        Args:
            session: that writes.
            job: the import.
            inserts: this database's.
            known: what was looked up for the rows.
            now: aware.
        """
        self._session, self._inserts, self._known, self._now = session, inserts, known, now
        self._job = job.id or 0
        self._same_by, self._existing, self._link = job.same_by, Existing(job.existing), job.link_companies
        self._ids: list[int] = []
        self._fields: dict[str, CustomFieldRow] = {}
        self._tags: dict[str, int] = {}
        self._new: dict[type[Row], list[dict[str, Any]]] = {}
        self._touched: set[int] = set()
        """Contacts whose terms are to be made anew."""
        self.placed = Placed()

    async def place(self, rows: Sequence[tuple[int, ContactLine]]) -> Placed:
        """Put rows, with their lines in the file, into contacts.

        Raises:
            TooManyTags: the rows have more tags than a centre may have.
        """
        self._ids = list(reversed(await new_ids(self._session, 2 * len(rows))))
        self._fields = {one.code: one for one in await list_fields(self._session) if one.active}
        self._tags = await tags_named(self._session, sorted({tag for _, line in rows for tag in line.tags}))
        for number, line in rows:
            try:
                await self._place(number, line)
            except RowUnfit as error:
                self.placed.rejected[number] = error
        await self._flush()
        if self.placed.created or self.placed.companies:
            made = {"import": self._job, "contacts": self.placed.created + self.placed.companies}
            announce(self._session, "contact", "", "imported", after=made)
        return self.placed

    async def _place(self, number: int, line: ContactLine) -> None:
        values = self._values(line)
        contact = contact_of(line, self._known, self._same_by)
        if contact is not None and self._existing is Existing.SKIP:
            self.placed.unchanged += 1
            return
        if not line.name and contact is None:
            raise RowWithoutName
        owner = self._owner(line)
        external = self._known.by_external.get(line.said.get(ContactRole.EXTERNAL_ID, ""))
        if external is not None and external != contact:
            raise RowIdOfOther(contact=external)
        employer = employer_of(line, self._known, self._same_by, link=self._link)
        if isinstance(employer, str):
            employer = self._company(number, line, employer)
        if contact is None:
            self._create(number, line, values, employer=employer, owner=owner)
            return
        if self._touched & {contact, employer}:  # an earlier row makes it
            await self._flush()
        await self._update(number, line, contact, values, employer=employer, owner=owner)

    def _values(self, line: ContactLine) -> dict[str, str]:
        values = {}
        for code, text in line.fields.items():
            one = self._fields.get(code)
            if one is None:
                raise RowFieldUnknown(field=code)
            try:
                values[code] = stored(
                    CustomFieldKind(one.kind), text, [choice["code"] for choice in one.choices]
                )
            except ValueUnfit as error:
                raise RowValueUnfit(field=code, expected=error.expected) from None
        return values

    def _owner(self, line: ContactLine) -> int | None:
        name = line.said.get(ContactRole.OWNER)
        if name is None:
            return None
        owner = self._known.users.get(name.casefold())
        if owner is None:
            raise OwnerUnknown(user=name[:60])
        return owner

    def _company(self, number: int, line: ContactLine, name: str) -> int:
        """Make the company that a person works for."""
        said = {ContactRole.COMPANY_NAME: name, ContactRole.KIND: ContactKind.COMPANY.value}
        for own, role in (
            (ContactRole.ID, ContactRole.EMPLOYER_ID),
            (ContactRole.REGISTRY_CODE, ContactRole.EMPLOYER_CODE),
        ):
            if role in line.said:
                said[own] = line.said[role]
        self.placed.companies += 1
        return self._add(
            number,
            ContactLine(said={str(role): text for role, text in said.items()}),
            {},
            employer=None,
            owner=None,
        )

    def _create(
        self,
        number: int,
        line: ContactLine,
        values: Mapping[str, str],
        *,
        employer: int | None,
        owner: int | None,
    ) -> None:
        self._add(number, line, values, employer=employer, owner=owner)
        self.placed.created += 1
        self.placed.keys.append((number, line))

    def _add(
        self,
        number: int,
        line: ContactLine,
        values: Mapping[str, str],
        *,
        employer: int | None,
        owner: int | None,
    ) -> int:
        id_ = self._ids.pop()
        kind = ContactKind.COMPANY if line.is_company else ContactKind.PERSON
        columns: dict[str, Any] = {name: line.said.get(name, "") for name in _COLUMNS}
        columns |= {"external_id": columns["external_id"] or None, "kind": kind.value}
        columns["note"] = "\n".join(filter(None, (columns["note"], *line.aside)))
        columns |= {"id": id_, "employer_id": employer, "owner_id": owner, "version": 1}
        columns |= {"created_at": self._now, "updated_at": self._now, "search": folded_name(kind, columns)}
        self._put(ContactRow, columns)
        for place, phone in enumerate(line.phones, start=1):
            first = place == (line.preferred_phone or 1)
            self._put(PhoneRow, {"contact_id": id_, **phone._asdict(), "preferred": first})
        for place, email in enumerate(line.emails, start=1):
            first = place == (line.preferred_email or 1)
            folded = email.address.casefold()
            self._put(EmailRow, {"contact_id": id_, "folded": folded, **email._asdict(), "preferred": first})
        for code, value in values.items():
            folded = compared(CustomFieldKind(self._fields[code].kind), value)
            self._put(CustomValueRow, {"contact_id": id_, "code": code, "value": value, "folded": folded})
        for tag in dict.fromkeys(self._tags[name] for name in line.tags):
            self._put(ContactTagRow, {"contact_id": id_, "tag_id": tag})
        self._put(ImportedContactRow, self._mark(number, line, id_, Did.CREATED, 1))
        self._known.add(id_, line, kind)
        self._touched |= {id_} | ({employer} if employer is not None else set())
        return id_

    def _mark(self, number: int, line: ContactLine, contact: int, did: Did, version: int) -> dict[str, Any]:
        return {
            "import_id": self._job,
            "contact_id": contact,
            "made_id": contact,
            "line": number,
            "did": did.value,
            "version": version,
            "before": {},
            "source": line.said.get(ContactRole.ID),
            "at": self._now,
        }

    def _put(self, table: type[Row], row: dict[str, Any]) -> None:
        self._new.setdefault(table, []).append(row)

    async def _flush(self) -> None:
        """Insert what has been gathered."""
        if self._new:
            await self._inserts.run(self._session, self._new)
            await index(self._session, self._touched)
            self._new, self._touched = {}, set()

    async def _update(
        self,
        number: int,
        line: ContactLine,
        contact: int,
        values: Mapping[str, str],
        *,
        employer: int | None,
        owner: int | None,
    ) -> None:
        id_ = ContactId(contact)
        kept, had = await kept_of(self._session, id_), await kept_values(self._session, id_)
        if (kind := line.said.get(ContactRole.KIND)) and kind != kept["kind"]:
            raise RowOfOtherKind(contact=contact, kind=kept["kind"])
        put: dict[str, Any] = {
            name: line.said[name] for name in _COLUMNS if name in line.said and line.said[name] != kept[name]
        }
        put |= {"employer_id": employer} if employer not in {None, kept["employer_id"]} else {}
        put |= {"owner_id": owner} if owner not in {None, kept["owner_id"]} else {}
        phones = _with_phones(kept["phones"], line)
        emails = _with_emails(kept["emails"], line)
        put |= {"phones": phones} if phones != kept["phones"] else {}
        put |= {"emails": emails} if emails != kept["emails"] else {}
        changed = {code: value for code, value in values.items() if had.get(code) != value}
        wanted = {self._tags[name] for name in line.tags}
        tags = (
            {tag.id for tag in await tags_of(self._session, id_) if tag.id is not None} if wanted else set()
        )
        before: dict[str, Any] = {name: kept[name] for name in put}
        before |= {"fields": {code: had.get(code) for code in changed}} if changed else {}
        before |= {"tags": sorted(wanted - tags)} if wanted - tags else {}
        if not before:
            self.placed.unchanged += 1
            return
        if wanted - tags:
            await set_tags(self._session, id_, tags | wanted)
        if changed:
            await restore_values(self._session, contact, (), changed)
        if put or changed:
            await restore_contact(self._session, id_, put, self._now)
        await self._remember(number, line, contact, before)
        self.placed.updated += 1

    async def _remember(self, number: int, line: ContactLine, contact: int, before: dict[str, Any]) -> None:
        version = (await queries.versions_of(self._session, [contact]))[contact]
        row = await queries.imported(self._session, self._job, contact)
        if row is None:
            row = ImportedContactRow(**self._mark(number, line, contact, Did.UPDATED, version))
            row.before = before
            self._session.add(row)
        else:  # an earlier row of the same file made or changed it: what was before that one counts
            row.version = version
            if row.did == Did.UPDATED.value:
                row.before = _earliest(row.before, before)
        await self._session.flush()


def _earliest(first: Mapping[str, Any], then: Mapping[str, Any]) -> dict[str, Any]:
    """What two updates changed, as it was before the first of them."""
    both = {**then, **first}
    if "fields" in first and "fields" in then:
        both["fields"] = {**then["fields"], **first["fields"]}
    if "tags" in first and "tags" in then:
        both["tags"] = sorted({*first["tags"], *then["tags"]})
    return both


def _with_phones(kept: Sequence[Mapping[str, Any]], line: ContactLine) -> list[dict[str, Any]]:
    """A contact's numbers with those of a row; a label of the row's counts."""
    phones = {one["e164"]: dict(one) for one in kept}
    for phone in line.phones:
        one = phones.setdefault(phone.e164, {**phone._asdict(), "preferred": False})
        one["label"] = phone.label or one["label"]
    chosen = line.phones[line.preferred_phone - 1].e164 if line.preferred_phone else None
    return _bounded(phones, chosen)


def _with_emails(kept: Sequence[Mapping[str, Any]], line: ContactLine) -> list[dict[str, Any]]:
    emails = {one["address"].casefold(): dict(one) for one in kept}
    for email in line.emails:
        one = emails.setdefault(email.address.casefold(), {**email._asdict(), "preferred": False})
        one["label"] = email.label or one["label"]
    chosen = line.emails[line.preferred_email - 1].address.casefold() if line.preferred_email else None
    return _bounded(emails, chosen)


def _bounded(rows: dict[str, dict[str, Any]], chosen: str | None) -> list[dict[str, Any]]:
    if len(rows) > REACHED_MOST:
        raise TooManyReached(most=REACHED_MOST)
    first = chosen or next((key for key, one in rows.items() if one["preferred"]), next(iter(rows), None))
    for key, one in rows.items():
        one["preferred"] = key == first
    return list(rows.values())
