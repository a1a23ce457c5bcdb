"""Why rows of files are rejected: a code and texts each, as of any refusal. They are told with the row."""

from collections.abc import Mapping
from typing import Any

from app.domain.errors import REFUSALS, Refusal, Texts


class RowUnfit(Refusal, ValueError):
    """A row is rejected; the subclasses say why."""

    status = 422


class RowTooManyCells(RowUnfit):
    """The row has too many cells."""

    code = "row.too_many_cells"
    texts = Texts(
        en="it has more than {most} cells",
        et="sellel on üle {most} lahtri",
        ru="в ней больше {most} ячеек",
    )
    most: int


class RowCellFar(RowUnfit):
    """The row has a cell further right than a list may have."""

    code = "row.cell_far"
    texts = Texts(
        en="it has a cell further right than the first {most}",
        et="sellel on lahter paremal pool esimest {most}",
        ru="в ней есть ячейка правее первых {most}",
    )
    most: int


class RowCellTooLong(RowUnfit):
    """A cell of the row is too long."""

    code = "row.cell_too_long"
    texts = Texts(
        en="a cell has more than {most} characters",
        et="ühes lahtris on üle {most} märgi",
        ru="в ячейке больше {most} знаков",
    )
    most: int


class RowTooLong(RowUnfit):
    """The row is too long."""

    code = "row.too_long"
    texts = Texts(
        en="it has more than {most} characters",
        et="selles on üle {most} märgi",
        ru="в ней больше {most} знаков",
    )
    most: int


class RowWithNul(RowUnfit):
    """The row has NUL characters."""

    code = "row.nul"
    texts = Texts(
        en="it has NUL characters: this is no text",
        et="selles on NUL-märke: see ei ole tekst",
        ru="в ней есть знаки NUL: это не текст",
    )


class RowUnclosed(RowUnfit):
    """A quotation mark is not closed."""

    code = "row.unclosed"
    texts = Texts(
        en="a quotation mark is opened and never closed",
        et="jutumärk on avatud ja jääb sulgemata",
        ru="кавычка открыта и нигде не закрыта",
    )


class CardUnended(RowUnfit):
    """A contact card has no end."""

    code = "row.card_unended"
    texts = Texts(en="the card has no end", et="visiitkaardil ei ole lõppu", ru="у визитки нет конца")


class RowUnreadable(RowUnfit):
    """The row has letters that are not in the file's encoding."""

    code = "row.letters_unreadable"
    texts = Texts(
        en="it has letters that are not in {encoding}",
        et="selles on tähti, mida kodeeringus {encoding} ei ole",
        ru="в ней есть буквы, которых нет в кодировке {encoding}",
    )
    encoding: str
    """The encoding; `-` for a workbook or cards."""


class RowNoText(RowUnfit):
    """A text of the row has letters that cannot be read, or control characters."""

    code = "row.no_text"
    texts = Texts(
        en="it has letters that cannot be read, or are no text",
        et="selles on tähti, mida ei saa lugeda või mis ei ole tekst",
        ru="в ней есть знаки, которые не читаются или не являются текстом",
    )


class RowSaysNoCalls(RowUnfit):
    """The row itself says that the customer must not be called."""

    code = "row.no_calls"
    texts = Texts(
        en="it must not be called ({text})",
        et="sellele ei tohi helistada ({text})",
        ru="по ней нельзя звонить ({text})",
    )
    text: str


class PhoneSaysNoCalls(RowUnfit):
    """Words beside the number say that it must not be called."""

    code = "row.phone_says_no"
    texts = Texts(
        en="its telephone says {text}: write the number alone to call it",
        et="telefoni juures on kirjas {text}: helistamiseks kirjuta ainult number",
        ru="у телефона написано {text}: чтобы звонить, напишите только номер",
    )
    text: str


class RowWithoutNumber(RowUnfit):
    """The row has no telephone number."""

    code = "row.no_number"
    texts = Texts(
        en="it has no telephone number",
        et="sellel ei ole telefoninumbrit",
        ru="в ней нет номера телефона",
    )


class RowTextTooLong(RowUnfit):
    """A text of the row is too long for its column."""

    code = "row.text_too_long"
    texts = Texts(
        en="its {column} has more than {most} characters",
        et="veerus {column} on üle {most} märgi",
        ru="в столбце {column} больше {most} знаков",
    )
    column: str
    """The column's role, or the code of a custom field."""
    most: int


class TimeZoneUnknown(RowUnfit):
    """The text is no time zone."""

    code = "row.time_zone_unknown"
    texts = Texts(
        en="{text} is no time zone, such as Europe/Tallinn",
        et="{text} ei ole ajavöönd nagu Europe/Tallinn",
        ru="{text}: это не часовой пояс, такой как Europe/Tallinn",
    )
    text: str


class PriorityNoNumber(RowUnfit):
    """The priority is no whole number."""

    code = "row.priority_no_number"
    texts = Texts(
        en="the priority {text} is no whole number",
        et="prioriteet {text} ei ole täisarv",
        ru="приоритет {text}: это не целое число",
    )
    text: str


class PriorityOutOfRange(RowUnfit):
    """The priority is out of range."""

    code = "row.priority_out_of_range"
    texts = Texts(
        en="a priority is from -{most} to {most}",
        et="prioriteet on vahemikus -{most} kuni {most}",
        ru="приоритет может быть от -{most} до {most}",
    )
    most: int


class RowRepeatsId(RowUnfit):
    """An earlier row of the file has the same id."""

    code = "row.id_repeated"
    texts = Texts(
        en="its id {id} is in row {row} too",
        et="sama ID {id} on ka real {row}",
        ru="тот же ID {id} есть и в строке {row}",
    )
    id: str
    row: int


class RowRepeatsNumber(RowUnfit):
    """An earlier row of the file has the same number."""

    code = "row.number_repeated"
    texts = Texts(
        en="its number {number} is in row {row} too",
        et="sama number {number} on ka real {row}",
        ru="тот же номер {number} есть и в строке {row}",
    )
    number: str
    row: int


class RowEmpty(RowUnfit):
    """The row says nothing of a contact."""

    code = "row.empty"
    texts = Texts(
        en="it says nothing of a contact",
        et="see ei ütle kontakti kohta midagi",
        ru="в ней ничего не сказано о контакте",
    )


class RowIsTotal(RowUnfit):
    """The row is the sum below a table."""

    code = "row.total"
    texts = Texts(
        en="it is a sum of the table, no contact",
        et="see on tabeli kokkuvõte, mitte kontakt",
        ru="это итог таблицы, а не контакт",
    )


class TooManyReached(RowUnfit):
    """A contact would have too many numbers or addresses."""

    code = "row.too_many_reached"
    texts = Texts(
        en="it has more than {most} numbers or addresses",
        et="sellel on üle {most} numbri või aadressi",
        ru="в ней больше {most} номеров или адресов",
    )
    most: int


class TooManyTagsSaid(RowUnfit):
    """The row has too many tags."""

    code = "row.too_many_tags"
    texts = Texts(
        en="it has more than {most} tags",
        et="sellel on üle {most} sildi",
        ru="в ней больше {most} меток",
    )
    most: int


class TagTooLong(RowUnfit):
    """A tag is too long."""

    code = "row.tag_too_long"
    texts = Texts(
        en="the tag {tag} has more than {most} characters",
        et="sildis {tag} on üle {most} märgi",
        ru="в метке {tag} больше {most} знаков",
    )
    tag: str
    most: int


class NoAddress(RowUnfit):
    """The text is no e-mail address."""

    code = "row.no_address"
    texts = Texts(
        en="{text} is no e-mail address",
        et="{text} ei ole e-posti aadress",
        ru="{text}: это не адрес электронной почты",
    )
    text: str


class NoKind(RowUnfit):
    """The text is no kind of contact."""

    code = "row.no_kind"
    texts = Texts(
        en="the kind {text} is neither person nor company",
        et="liik {text} ei ole person ega company",
        ru="вид {text}: это не person и не company",
    )
    text: str


class NoLanguage(RowUnfit):
    """The text is no language."""

    code = "row.no_language"
    texts = Texts(
        en="{text} is no language such as et, ru or en",
        et="{text} ei ole keel nagu et, ru või en",
        ru="{text}: это не язык, такой как et, ru или en",
    )
    text: str


def stored(refusal: Refusal) -> dict[str, Any]:
    """The form in which a row's refusal is stored, and sent by the reading process."""
    return {"code": refusal.code, "params": dict(refusal.params)}


def restored(said: Mapping[str, Any]) -> Refusal:
    """The refusal from the form of `stored`."""
    return REFUSALS[said["code"]](**said["params"])
