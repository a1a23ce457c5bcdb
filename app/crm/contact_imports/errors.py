"""What is refused of imports of contacts, beside what any import is."""

from collections.abc import Sequence

from app.domain.errors import Refusal, Texts
from app.lists.row_errors import RowUnfit


class ContactImportUnknown(Refusal):
    """There is no such import of contacts."""

    code = "contact_import.unknown"
    status = 404
    texts = Texts(
        en="no such import of contacts: it was forgotten, or never was",
        et="sellist kontaktide importi ei ole: see on kustutatud või pole seda olnudki",
        ru="такого импорта контактов нет: его удалили, или его не было",
    )


class ContactsStay(Refusal):
    """A remark on an import that was undone: some of its contacts stay."""

    code = "contact_import.contacts_stay"
    texts = Texts(
        en="{contacts} contacts have been changed since, or are in use, and stay",
        et="jäävad kontaktid ({contacts}), mida on vahepeal muudetud või mis on kasutusel",
        ru="остаются контакты ({contacts}), которые с тех пор изменили или которые используются",
    )
    contacts: int


class ColumnOfNoField(Refusal):
    """A column is to hold a custom field that there is none of, or that is out of use."""

    code = "contact_import.no_field"
    status = 422
    texts = Texts(
        en="there is no custom field {field} in use",
        et="kasutuses olevat lisavälja {field} ei ole",
        ru="используемого дополнительного поля {field} нет",
    )
    field: str


class RowOfSeveralContacts(RowUnfit):
    """Several contacts may be the one that the row is about."""

    code = "row.several_contacts"
    texts = Texts(
        en="several contacts have its {same_by}: {contacts}",
        et="mitmel kontaktil on sama {same_by}: {contacts}",
        ru="то же значение {same_by} у нескольких контактов: {contacts}",
    )
    same_by: str
    """By what they are the same, in words."""
    contacts: Sequence[str]
    """Ids; of many, the first."""


class RowOfSeveralEmployers(RowUnfit):
    """Several companies may be the one that the person works for."""

    code = "row.several_employers"
    texts = Texts(
        en="several companies are its employer {employer}: {companies}",
        et="tööandjaks {employer} sobib mitu ettevõtet: {companies}",
        ru="работодателем {employer} могут быть несколько компаний: {companies}",
    )
    employer: str
    companies: Sequence[str]
    """Ids; of many, the first."""


class EmployerNoCompany(RowUnfit):
    """The contact that the person is said to work for is no company."""

    code = "row.employer_no_company"
    texts = Texts(
        en="its employer {contact} is no company",
        et="selle tööandja {contact} ei ole ettevõte",
        ru="её работодатель {contact}: это не компания",
    )
    contact: int


class EmployerUnknown(RowUnfit):
    """The company that the person works for is not there, and has no name to make it of."""

    code = "row.employer_unknown"
    texts = Texts(
        en="its employer is not known, and has no name",
        et="selle tööandjat ei leidu ja tal ei ole nime",
        ru="её работодатель не найден, а имени у него нет",
    )


class RowWithoutName(RowUnfit):
    """The row would make a contact without a name."""

    code = "row.no_name"
    texts = Texts(
        en="a person needs a name, a company its own",
        et="inimesel peab olema nimi, ettevõttel oma nimi",
        ru="человеку нужно имя, компании её название",
    )


class RowIdOfOther(RowUnfit):
    """Another contact has the row's external id."""

    code = "row.external_id_taken"
    texts = Texts(
        en="contact {contact} has its external id",
        et="selle välise ID-ga on kontakt {contact}",
        ru="этот внешний ID уже у контакта {contact}",
    )
    contact: int


class RowFieldUnknown(RowUnfit):
    """There is no such custom field in use."""

    code = "row.no_field"
    texts = Texts(
        en="there is no custom field {field} in use",
        et="kasutuses olevat lisavälja {field} ei ole",
        ru="используемого дополнительного поля {field} нет",
    )
    field: str


class OwnerUnknown(RowUnfit):
    """There is no user of the name that the row says."""

    code = "row.no_owner"
    texts = Texts(
        en="there is no user {user} to look after it",
        et="kasutajat {user}, kes selle eest hoolitseks, ei ole",
        ru="пользователя {user}, который бы за него отвечал, нет",
    )
    user: str


class RowOfOtherKind(RowUnfit):
    """The contact that the row is about is of the other kind."""

    code = "row.other_kind"
    texts = Texts(
        en="contact {contact} is a {kind}",
        et="kontakt {contact} on liigist {kind}",
        ru="контакт {contact} имеет вид {kind}",
    )
    contact: int
    kind: str


class RowValueUnfit(RowUnfit):
    """A value of the row does not fit the kind of its custom field."""

    code = "row.value_unfit"
    texts = Texts(
        en="its {field} does not fit; expected: {expected}",
        et="väli {field} ei sobi; oodatakse: {expected}",
        ru="поле {field} не подходит; ожидается: {expected}",
    )
    field: str
    expected: str
    """An example, the choices, or the most characters."""
