"""What is refused about notes."""

from app.domain.errors import Refusal, Texts


class NoteUnknown(Refusal):
    """The contact has no such note."""

    code = "note.unknown"
    status = 404
    texts = Texts(
        en="the contact has no such note: it was withdrawn, or never was",
        et="kontaktil sellist märget ei ole: see on tagasi võetud või pole seda olnudki",
        ru="у контакта нет такой заметки: её убрали, или её не было",
    )


class NoteOfOther(Refusal):
    """The note is somebody else's."""

    code = "note.of_other"
    status = 403
    texts = Texts(
        en="only its author or a supervisor changes a note; write another one",
        et="märget muudab ainult selle autor või vanemoperaator; kirjuta uus märge",
        ru="заметку меняет только её автор или старший оператор; напишите новую",
    )
