"""What is refused of a contact's history."""

from collections.abc import Sequence

from app.domain.errors import Refusal, Texts


class KindUnknown(Refusal):
    """The history has no entries of this kind."""

    code = "history.kind_unknown"
    status = 422
    texts = Texts(
        en="there are no entries of the kind {kind}; choose from {kinds}",
        et="liiki {kind} kirjeid ei ole; vali nendest: {kinds}",
        ru="записей вида {kind} нет; выберите из: {kinds}",
    )
    kind: str
    kinds: Sequence[str]


class ChangeUnknown(Refusal):
    """The contact has had no such change."""

    code = "history.change_unknown"
    status = 404
    texts = Texts(
        en="the contact has had no such change",
        et="kontaktil sellist muudatust ei ole olnud",
        ru="такого изменения у контакта не было",
    )


class ChangeKept(Refusal):
    """The change cannot be undone: the contact was made or removed by it, or its values are not on file."""

    code = "history.change_kept"
    texts = Texts(
        en="this change cannot be undone; undo changes of the contact's own fields",
        et="seda muudatust ei saa tagasi võtta; tagasi saab võtta kontakti enda väljade muudatusi",
        ru="это изменение нельзя отменить; отменяются изменения собственных полей контакта",
    )


class ChangedSince(Refusal):
    """A later change would be overwritten by the undo."""

    code = "history.changed_since"
    texts = Texts(
        en="{fields} was changed again since then; undo the later change first, or change the contact",
        et="{fields} on pärast seda uuesti muudetud; võta enne tagasi hilisem muudatus või muuda kontakti",
        ru="{fields} с тех пор снова изменили; сначала отмените более позднее изменение или измените контакт",
    )
    fields: Sequence[str]
