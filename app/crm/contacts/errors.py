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


class ContactMerged(ContactUnknown):
    """The contact went into another one, which `merged_into` names."""

    code = "contact.merged"
    status = 410
    texts = Texts(
        en="this contact went into the contact {merged_into}: ask for that one",
        et="see kontakt liideti kontaktiga {merged_into}: küsi seda",
        ru="этот контакт объединён с контактом {merged_into}: запросите его",
    )
    merged_into: int


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


class EmployerUnfit(Refusal):
    """The employer is no company contact, or is the contact itself, or a company was given an employer."""

    code = "contact.employer_unfit"
    status = 422
    texts = Texts(
        en="the employer of a person must be a contact that is a company",
        et="inimese tööandja peab olema kontakt, mis on ettevõte",
        ru="работодателем человека должен быть контакт-компания",
    )


class CompanyHasPeople(Refusal):
    """People work for this company: it stays one."""

    code = "contact.has_people"
    texts = Texts(
        en="people work for this company; give them another employer before you make it a person",
        et="selles ettevõttes töötab inimesi; anna neile enne teine tööandja, kui teed sellest inimese",
        ru="в этой компании работают люди; сначала укажите им другого работодателя",
    )


class PreferredTwice(Refusal):
    """Several numbers, or several e-mail addresses, are marked as preferred."""

    code = "contact.preferred_twice"
    status = 422
    texts = Texts(
        en="only one number and one e-mail address can be preferred",
        et="eelistatud saab olla üks number ja üks e-posti aadress",
        ru="предпочтительными могут быть только один номер и один адрес",
    )
