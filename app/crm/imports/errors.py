"""What is refused of imports, beside what any file is."""

from app.domain.errors import Refusal, Texts
from app.lists.row_errors import RowUnfit


class ImportUnknown(Refusal):
    """There is no such import."""

    code = "import.unknown"
    status = 404
    texts = Texts(
        en="no such import: it was forgotten, or never was",
        et="sellist importi ei ole: see on kustutatud või pole seda olnudki",
        ru="такого импорта нет: его удалили, или его не было",
    )


class ImportUnfit(Refusal):
    """The request does not fit the import's state; the subclasses say why."""


class ImportBeingRead(ImportUnfit):
    """The file is still being read for its preview."""

    code = "import.being_read"
    texts = Texts(
        en="it is being looked at: ask again when it is uploaded",
        et="faili alles vaadatakse: küsi uuesti, kui see on olekus uploaded",
        ru="файл ещё просматривается: попробуйте снова, когда он будет в состоянии uploaded",
    )


class ImportDealtWith(ImportUnfit):
    """Rows of the file are imported already, so the way it is read cannot be changed."""

    code = "import.dealt_with"
    texts = Texts(
        en="rows of this file have been dealt with: it cannot be read otherwise any more; bring it again",
        et="selle faili ridu on juba töödeldud: teisiti seda enam lugeda ei saa; too see uuesti",
        ru="строки этого файла уже обработаны: иначе его прочесть нельзя; пришлите его снова",
    )


class ImportNeverRead(ImportUnfit):
    """The file could not be read."""

    code = "import.never_read"
    texts = Texts(
        en="the file could not be read; the import's note says why",
        et="faili ei saanud lugeda; impordi märkus ütleb, miks",
        ru="файл не удалось прочесть; причина в примечании импорта",
    )


class ImportNotStartable(ImportUnfit):
    """An import in this state cannot be started."""

    code = "import.not_startable"
    texts = Texts(
        en="an import that is {state} cannot be started",
        et="importi olekus {state} ei saa käivitada",
        ru="импорт в состоянии {state} запустить нельзя",
    )
    state: str


class LeadsStay(Refusal):
    """A remark on an import that was undone: some of its leads stay."""

    code = "import.leads_stay"
    texts = Texts(
        en="{leads} leads have been dialled, or are about to be, and stay",
        et="jäävad liidid ({leads}), kellele on juba helistatud või kohe helistatakse",
        ru="остаются лиды ({leads}), которым уже звонили или вот-вот позвонят",
    )
    leads: int


class ImportNothingToUndo(ImportUnfit):
    """There is nothing to undo: the import is under way, or has added no leads."""

    code = "import.nothing_to_undo"
    texts = Texts(
        en="an import that is {state} has nothing to be undone",
        et="impordil olekus {state} ei ole midagi tagasi võtta",
        ru="у импорта в состоянии {state} нечего отменять",
    )
    state: str


class ImportFileGone(ImportUnfit):
    """The service no longer has the import's file."""

    code = "import.file_gone"
    texts = Texts(
        en="the file is not here: bring it again",
        et="faili siin ei ole: too see uuesti",
        ru="файла здесь нет: пришлите его снова",
    )


class EncodingUnknown(Refusal, ValueError):
    """The encoding is unknown, or is not an encoding of text."""

    code = "import.encoding_unknown"
    status = 422
    texts = Texts(
        en="no list is written in it: say utf-8, cp1257, cp1251 or another encoding of text",
        et="selles ei kirjutata loendeid: ütle utf-8, cp1257, cp1251 või muu teksti kodeering",
        ru="так списки не пишут: укажите utf-8, cp1257, cp1251 или другую кодировку текста",
    )


class DelimiterUnfit(Refusal, ValueError):
    """The sign cannot be a delimiter between cells."""

    code = "import.delimiter_unfit"
    status = 422
    texts = Texts(
        en="no delimiter: say a semicolon, a comma, a tab, or another sign that stands between cells",
        et="see ei ole eraldaja: ütle semikoolon, koma, tabulaator või muu märk, mis seisab lahtrite vahel",
        ru="это не разделитель: укажите точку с запятой, запятую, табуляцию или другой знак между ячейками",
    )


class RowNumberRefused(RowUnfit):
    """The customer has refused calls."""

    code = "row.number_refused"
    texts = Texts(
        en="its number must not be called",
        et="selle numbrile ei tohi helistada",
        ru="по её номеру звонить нельзя",
    )


class RowIdInCampaign(RowUnfit):
    """The campaign has a lead with this id."""

    code = "row.id_in_campaign"
    texts = Texts(
        en="its id is in the campaign",
        et="selle ID on kampaanias juba olemas",
        ru="её ID уже есть в кампании",
    )


class RowContactInCampaign(RowUnfit):
    """The campaign has a lead of this contact."""

    code = "row.contact_in_campaign"
    texts = Texts(
        en="its contact is in the campaign",
        et="selle kontakt on kampaanias juba olemas",
        ru="её контакт уже есть в кампании",
    )


class RowNumberInCampaign(RowUnfit):
    """The campaign has a lead with this number."""

    code = "row.number_in_campaign"
    texts = Texts(
        en="its number is in the campaign",
        et="selle number on kampaanias juba olemas",
        ru="её номер уже есть в кампании",
    )
