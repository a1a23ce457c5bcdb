"""What is refused of imports of contacts, beside what any import is."""

from app.domain.errors import Refusal, Texts


class ContactImportUnknown(Refusal):
    """There is no such import of contacts."""

    code = "contact_import.unknown"
    status = 404
    texts = Texts(
        en="no such import of contacts: it was forgotten, or never was",
        et="sellist kontaktide importi ei ole: see on kustutatud või pole seda olnudki",
        ru="такого импорта контактов нет: его удалили, или его не было",
    )


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
