"""What is refused about merging contacts."""

from app.domain.errors import Refusal, Texts


class MergeOfOne(Refusal):
    """A contact is to be merged with itself."""

    code = "merge.same_contact"
    status = 422
    texts = Texts(
        en="a contact cannot be merged with itself: name another contact",
        et="kontakti ei saa liita iseendaga: nimeta teine kontakt",
        ru="контакт нельзя объединить с самим собой: укажите другой контакт",
    )


class MergeOfKinds(Refusal):
    """One contact is a person, the other a company."""

    code = "merge.kinds_differ"
    texts = Texts(
        en="a person and a company cannot be merged: correct the kind of one of them first",
        et="inimest ja ettevõtet ei saa liita: paranda enne ühe liik",
        ru="человека и компанию нельзя объединить: сначала исправьте вид одного из контактов",
    )


class MergeDuringCall(Refusal):
    """Somebody talks with the contact that would go, or calls it."""

    code = "merge.in_call"
    texts = Texts(
        en="the contact {contact} is in a call, or is being called: merge when the call has ended",
        et="kontaktiga {contact} käib kõne või talle helistatakse: liida pärast kõne lõppu",
        ru="с контактом {contact} идёт звонок, или ему звонят: объедините после звонка",
    )
    contact: int


class MergeFieldUnknown(Refusal):
    """A field that is to be taken from the other contact does not exist."""

    code = "merge.field_unknown"
    status = 422
    texts = Texts(
        en="contacts have no field {field} to take: the preview lists them",
        et="kontaktidel ei ole välja {field}, mida võtta: eelvaade loetleb väljad",
        ru="у контактов нет поля {field}, которое можно взять: поля перечислены в предпросмотре",
    )
    field: str


class MergeUnknown(Refusal):
    """There is no such merge."""

    code = "merge.unknown"
    status = 404
    texts = Texts(
        en="there is no such merge: the contact was forgotten, or it never was",
        et="sellist liitmist ei ole: kontakt on unustatud või liitmist polnudki",
        ru="такого объединения нет: контакт удалили, или объединения не было",
    )


class MergeUndone(Refusal):
    """The merge has been undone already."""

    code = "merge.undone"
    texts = Texts(
        en="this merge has been undone already",
        et="see liitmine on juba tagasi võetud",
        ru="это объединение уже отменено",
    )


class MergeNotLast(Refusal):
    """The contact was merged again later."""

    code = "merge.not_last"
    texts = Texts(
        en="the contact was merged again later: undo the merge {merge} first",
        et="kontakti on hiljem veel liidetud: võta enne tagasi liitmine {merge}",
        ru="контакт объединяли ещё раз позже: сначала отмените объединение {merge}",
    )
    merge: int


class MergeChangedSince(Refusal):
    """People have changed the contact since the merge."""

    code = "merge.changed_since"
    texts = Texts(
        en="the contact was changed after the merge, and undoing would lose that: make a second contact by hand",
        et="kontakti on pärast liitmist muudetud ja tagasivõtmine kaotaks selle: tee teine kontakt käsitsi",
        ru="контакт изменили после объединения, и отмена потеряла бы это: создайте второй контакт вручную",
    )
