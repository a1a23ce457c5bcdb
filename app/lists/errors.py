"""Refusals of uploaded files."""

from app.domain.errors import Refusal, Texts
from app.lists.file_errors import UNREADABLE


class UploadTooLarge(Refusal):
    """The file is larger than an upload may be."""

    code = "file.too_many_bytes"
    status = 413
    texts = Texts(
        en="a file has at most {most_mib} MiB: split it",
        et="failis on kõige rohkem {most_mib} MiB: jaga see osadeks",
        ru="файл не больше {most_mib} МиБ: разделите его",
    )
    most_mib: int


class DiskFull(Refusal):
    """The disk has no room for another file."""

    code = "file.disk_full"
    status = 507
    texts = Texts(
        en="the service's disk is nearly full: forget imports whose files are not needed any more",
        et="teenuse ketas on peaaegu täis: kustuta impordid, mille faile enam vaja ei ole",
        ru="диск службы почти заполнен: удалите импорты, файлы которых больше не нужны",
    )


class TooManyFiles(Refusal):
    """The user has the maximum number of uploads under way."""

    code = "file.too_many"
    texts = Texts(
        en="{files} of your files are on their way: bring the next when they are there",
        et="teel on {files} sinu faili: too järgmine, kui need on kohal",
        ru="ваших файлов в пути: {files}; присылайте следующий, когда они дойдут",
    )
    files: int


class NothingRejected(Refusal):
    """No row of the file has been rejected yet."""

    code = "file.nothing_rejected"
    status = 404
    texts = Texts(
        en="nothing has been rejected yet",
        et="midagi ei ole veel tagasi lükatud",
        ru="пока ничего не отклонено",
    )


class ImportCutOff(Refusal):
    """A remark on an import: the service stopped while it ran."""

    code = "import.cut_off"
    texts = Texts(
        en="the service was stopped meanwhile: start the import again, and it goes on from there",
        et="teenus peatati vahepeal: alusta importi uuesti ja see jätkub samast kohast",
        ru="служба тем временем остановилась: запустите импорт снова, и он продолжится с этого места",
    )


class ImportInterrupted(Refusal):
    """A remark on an import: the command that ran it was interrupted."""

    code = "import.interrupted"
    texts = Texts(
        en="the command was interrupted",
        et="käsk katkestati",
        ru="команда была прервана",
    )


class ImportFault(Refusal):
    """A remark on an import: a fault of the service, or a database that was away, ended it."""

    code = "import.fault"
    texts = Texts(
        en="it ended with a fault, which the service's log tells more of: {why}",
        et="see lõppes veaga, millest teenuse logi räägib lähemalt: {why}",
        ru="он закончился ошибкой, подробности которой в журнале службы: {why}",
    )
    why: str


class FileNotUnderWay(Refusal):
    """The import of the file has ended, or has not begun."""

    code = "file.not_under_way"
    texts = Texts(
        en="a file that is {state} is not under way: there is nothing to stop",
        et="fail olekus {state} ei ole töös: midagi ei ole peatada",
        ru="файл в состоянии {state} не обрабатывается: останавливать нечего",
    )
    state: str


class FileUnderWay(Refusal):
    """The import of the file is under way."""

    code = "file.under_way"
    texts = Texts(
        en="a file that is under way cannot be forgotten: cancel it first",
        et="töös olevat faili ei saa kustutada: katkesta see enne",
        ru="файл, который обрабатывается, нельзя удалить: сначала отмените его",
    )


class ReadingUnfit(Refusal, ValueError):
    """The chosen way of reading does not fit the kind of file."""

    status = 422


class NoSheets(ReadingUnfit):
    """Only a workbook has sheets."""

    code = "reading.no_sheets"
    texts = Texts(
        en="only a workbook has sheets: leave the sheet out",
        et="lehed on ainult töövihikul: jäta leht ära",
        ru="листы есть только в книге: не указывайте лист",
    )


class SheetUnknown(ReadingUnfit):
    """The workbook has no such sheet."""

    code = "reading.sheet_unknown"
    texts = Texts(
        en="the workbook has no sheet {sheet}",
        et="töövihikus ei ole lehte {sheet}",
        ru="в книге нет листа {sheet}",
    )
    sheet: str


class ColumnsMiscounted(ReadingUnfit):
    """The number of column roles differs from the number of columns in the file."""

    code = "reading.columns_miscounted"
    texts = Texts(
        en="the file has {columns} columns, not {given}: say what each of them is",
        et="failis on {columns} veergu, mitte {given}: ütle igaühe kohta, mis see on",
        ru="в файле столбцов {columns}, а не {given}: укажите, что в каждом",
    )
    columns: int
    given: int


class CardsUndelimited(ReadingUnfit):
    """A delimiter was given for a file of contact cards, which has none."""

    code = "reading.cards_undelimited"
    texts = Texts(
        en="cards have no delimiter: leave it out",
        et="visiitkaartidel ei ole eraldajat: jäta see ära",
        ru="у визиток нет разделителя: не указывайте его",
    )


class WorkbookUnencoded(ReadingUnfit):
    """An encoding or delimiter was given for a workbook, which has neither."""

    code = "reading.workbook_unencoded"
    texts = Texts(
        en="a workbook has no encoding and no delimiter, it says itself what its letters are: leave them out",
        et="töövihikul ei ole kodeeringut ega eraldajat, see ütleb ise, mis tähed selles on: jäta need ära",
        ru="у книги нет кодировки и разделителя, она сама знает свои буквы: не указывайте их",
    )


UPLOADS: tuple[type[Refusal], ...] = (UploadTooLarge, DiskFull, TooManyFiles, *UNREADABLE)
"""The refusals of every upload."""
UNFIT: tuple[type[ReadingUnfit], ...] = tuple(ReadingUnfit.__subclasses__())
"""The refusals of a chosen way to read a file."""
