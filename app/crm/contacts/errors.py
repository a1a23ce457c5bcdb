"""What is refused about contacts."""

from app.domain.errors import Refusal, Texts


class ContactUnknown(Refusal):
    """There is no such contact."""

    code = "contact.unknown"
    status = 404
    texts = Texts(
        en="no such contact: it was forgotten, or never was",
        et="sellist kontakti ei ole: see on unustatud või pole seda olnudki",
        ru="такого контакта нет: его удалили, или его не было",
    )


class ContactUnnamed(Refusal):
    """A person has no name, or a company has no company name."""

    code = "contact.unnamed"
    status = 422
    texts = Texts(
        en="a person needs a name, a company its own",
        et="inimesel peab olema nimi, ettevõttel ettevõtte nimi",
        ru="у человека должно быть имя, у компании её название",
    )


class ExternalIdTaken(Refusal):
    """Another contact has this external id."""

    code = "contact.external_id_taken"
    texts = Texts(
        en="another contact has the external id {external_id}: change that contact instead",
        et="väline tunnus {external_id} on juba teisel kontaktil: muuda seda kontakti",
        ru="внешний идентификатор {external_id} уже у другого контакта: измените тот контакт",
    )
    external_id: str
