"""Refusals of uploaded files."""

from app.domain.errors import Refusal, Texts


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


class FileUnreadable(Refusal, ValueError):
    """The file cannot be read as a list."""

    status = 422


class FileTooLarge(FileUnreadable):
    """Reading the file would need more memory or time than allowed."""

    code = "file.too_large"
    texts = Texts(
        en="the file is too large to be read: split it, or save it as CSV",
        et="fail on lugemiseks liiga suur: jaga see osadeks või salvesta CSV-na",
        ru="файл слишком велик, чтобы его прочесть: разделите его или сохраните как CSV",
    )


class FileTooManyLines(FileTooLarge):
    """The file has too many lines."""

    code = "file.too_many_lines"
    texts = Texts(
        en="the file is too large to be read: it has more than {most} lines; split it",
        et="fail on lugemiseks liiga suur: selles on üle {most} rea; jaga see osadeks",
        ru="файл слишком велик, чтобы его прочесть: в нём больше {most} строк; разделите его",
    )
    most: int


class WorkbookTooManySheets(FileTooLarge):
    """The workbook has too many sheets."""

    code = "file.too_many_sheets"
    texts = Texts(
        en="the file is too large to be read: it has more than {most} sheets; save the one that counts by itself",
        et="fail on lugemiseks liiga suur: selles on üle {most} lehe; salvesta vajalik leht eraldi",
        ru="файл слишком велик, чтобы его прочесть: в нём больше {most} листов; сохраните нужный отдельно",
    )
    most: int


class WorkbookTooManyTexts(FileTooLarge):
    """The workbook has too many texts."""

    code = "file.too_many_texts"
    texts = Texts(
        en="the file is too large to be read: it has more than {most} texts; save it as CSV, or split it",
        et="fail on lugemiseks liiga suur: selles on üle {most} teksti; salvesta CSV-na või jaga osadeks",
        ru="файл слишком велик, чтобы его прочесть: в нём больше {most} текстов; сохраните как CSV или разделите",
    )
    most: int


class FileTooLargeUnpacked(FileTooLarge):
    """The workbook is too large when unpacked."""

    code = "file.too_large_unpacked"
    texts = Texts(
        en="the file is too large to be read: unpacked, it has more than {most_mib} MiB; save it as CSV, or split it",
        et="fail on lugemiseks liiga suur: lahtipakituna on seal üle {most_mib} MiB; salvesta CSV-na või jaga osadeks",
        ru="файл слишком велик, чтобы его прочесть: распакованный, он больше {most_mib} МиБ; сохраните как CSV или "
        "разделите",
    )
    most_mib: int


class FileWithoutRows(FileUnreadable):
    """The file has no rows."""

    code = "file.no_rows"
    texts = Texts(
        en="the file has no rows: bring the list itself",
        et="failis ei ole ridu: too loend ise",
        ru="в файле нет строк: пришлите сам список",
    )


class RowsHidden(FileUnreadable):
    """Only hidden sheets of the workbook have rows."""

    code = "file.rows_hidden"
    texts = Texts(
        en="rows are on hidden sheets only ({sheets}): show the sheet in a spreadsheet, and bring it again",
        et="read on ainult peidetud lehtedel ({sheets}): too leht tabeliprogrammis nähtavale ja too fail uuesti",
        ru="строки есть только на скрытых листах ({sheets}): покажите лист в табличной программе и пришлите снова",
    )
    sheets: str


class FileNoList(FileUnreadable):
    """No row of the file can be read."""

    code = "file.no_list"
    texts = Texts(
        en="the file is no list: row {row} is too long, not closed by its quotation mark, or no text",
        et="fail ei ole loend: rida {row} on liiga pikk, selle jutumärk on lõpetamata, või see ei ole tekst",
        ru="файл не список: строка {row} слишком длинная, её кавычка не закрыта, или это не текст",
    )
    row: int


class FileNoText(FileUnreadable):
    """The file is neither text nor a workbook."""

    code = "file.no_text"
    texts = Texts(
        en="this is no text, nor a workbook: it has NUL characters",
        et="see ei ole tekst ega töövihik: selles on NUL-märke",
        ru="это не текст и не книга: в нём есть знаки NUL",
    )


class WorkbookBroken(FileUnreadable):
    """The workbook is broken."""

    code = "file.workbook_broken"
    texts = Texts(
        en="this is a broken workbook: save it again in a spreadsheet, as XLSX or CSV",
        et="see töövihik on katki: salvesta see tabeliprogrammis uuesti, XLSX-i või CSV-na",
        ru="эта книга повреждена: сохраните её заново в табличной программе как XLSX или CSV",
    )


class WorkbookWithoutCells(FileUnreadable):
    """The workbook has no sheet with cells."""

    code = "file.no_sheet"
    texts = Texts(
        en="the workbook has no sheet with cells: bring one that has",
        et="töövihikus ei ole ühtegi lahtritega lehte: too töövihik, milles on",
        ru="в книге нет листа с ячейками: пришлите такую, где он есть",
    )


class SheetUnreadable(FileUnreadable):
    """A sheet of the workbook cannot be read."""

    code = "file.sheet_unreadable"
    texts = Texts(
        en="the sheet {sheet} cannot be read: save the workbook again in a spreadsheet",
        et="lehte {sheet} ei saa lugeda: salvesta töövihik tabeliprogrammis uuesti",
        ru="лист {sheet} не читается: сохраните книгу заново в табличной программе",
    )
    sheet: str


class OldWorkbook(FileUnreadable):
    """The file is an old Excel workbook."""

    code = "file.old_workbook"
    texts = Texts(
        en="this is an old Excel workbook (XLS): open it in a spreadsheet, save it as XLSX, or as CSV, and bring that",
        et="see on vana Exceli töövihik (XLS): ava tabeliprogrammis, salvesta XLSX-i või CSV-na ja too see",
        ru="это старая книга Excel (XLS): откройте в табличной программе, сохраните как XLSX или CSV и пришлите",
    )


class BinaryWorkbook(FileUnreadable):
    """The file is a binary workbook."""

    code = "file.binary_workbook"
    texts = Texts(
        en="this is a binary workbook (XLSB): open it in a spreadsheet, save it as XLSX, or as CSV, and bring that",
        et="see on kahendtöövihik (XLSB): ava tabeliprogrammis, salvesta XLSX-i või CSV-na ja too see",
        ru="это двоичная книга (XLSB): откройте в табличной программе, сохраните как XLSX или CSV и пришлите",
    )


class WorkbookLocked(FileUnreadable):
    """The workbook is protected by a password."""

    code = "file.locked"
    texts = Texts(
        en="this workbook has a password: save it as XLSX, or as CSV, and bring that without one",
        et="sellel töövihikul on parool: salvesta see ilma paroolita XLSX-i või CSV-na ja too see",
        ru="эта книга защищена паролем: сохраните её без пароля как XLSX или CSV и пришлите",
    )


class FileIsHtml(FileUnreadable):
    """The file is a web page."""

    code = "file.html"
    texts = Texts(
        en="this is a web page (HTML), whatever its name says: open it in a spreadsheet, save it as XLSX, or as CSV, "
        "and bring that",
        et="see on veebileht (HTML), mida nimi ka ei ütleks: ava tabeliprogrammis, salvesta XLSX-i või CSV-na ja too "
        "see",
        ru="это веб-страница (HTML), как бы файл ни назывался: откройте в табличной программе, сохраните как XLSX или "
        "CSV и пришлите",
    )


class FileIsXml(FileUnreadable):
    """The file is XML."""

    code = "file.xml"
    texts = Texts(
        en="this is XML: open it in a spreadsheet, save it as XLSX, or as CSV, and bring that",
        et="see on XML: ava tabeliprogrammis, salvesta XLSX-i või CSV-na ja too see",
        ru="это XML: откройте в табличной программе, сохраните как XLSX или CSV и пришлите",
    )


class FileIsPdf(FileUnreadable):
    """The file is a PDF."""

    code = "file.pdf"
    texts = Texts(
        en="this is a PDF, which has no rows: ask for the list as XLSX or CSV, and bring that",
        et="see on PDF, milles ridu ei ole: küsi loendit XLSX-i või CSV-na ja too see",
        ru="это PDF, в нём нет строк: попросите список в XLSX или CSV и пришлите его",
    )


class FileIsArchive(FileUnreadable):
    """The file is an archive."""

    code = "file.archive"
    texts = Texts(
        en="this is an archive (ZIP): take the list out of it, and bring that",
        et="see on arhiiv (ZIP): võta loend sealt välja ja too see",
        ru="это архив (ZIP): достаньте из него список и пришлите",
    )


class FileIsPacked(FileUnreadable):
    """The file is compressed."""

    code = "file.packed"
    texts = Texts(
        en="this is a packed file: take the list out of it, and bring that",
        et="see fail on pakitud: võta loend sealt välja ja too see",
        ru="это упакованный файл: достаньте из него список и пришлите",
    )


class ArchiveBroken(FileUnreadable):
    """The workbook or archive is broken."""

    code = "file.archive_broken"
    texts = Texts(
        en="this is a broken workbook or archive: bring it again",
        et="see töövihik või arhiiv on katki: too see uuesti",
        ru="эта книга или архив повреждены: пришлите снова",
    )


class FileIsPicture(FileUnreadable):
    """The file is a picture."""

    code = "file.picture"
    texts = Texts(
        en="this is a picture, which has no rows: bring the list itself, as XLSX or CSV",
        et="see on pilt, milles ridu ei ole: too loend ise, XLSX-i või CSV-na",
        ru="это картинка, в ней нет строк: пришлите сам список в XLSX или CSV",
    )


class FileIsRtf(FileUnreadable):
    """The file is formatted text (RTF)."""

    code = "file.rtf"
    texts = Texts(
        en="this is a text with formatting (RTF): put the list into a spreadsheet, save it as XLSX, or as CSV, and "
        "bring that",
        et="see on vormindatud tekst (RTF): pane loend tabeliprogrammi, salvesta XLSX-i või CSV-na ja too see",
        ru="это форматированный текст (RTF): перенесите список в табличную программу, сохраните как XLSX или CSV и "
        "пришлите",
    )


class FileIsDocument(FileUnreadable):
    """The file is a text document (DOCX)."""

    code = "file.document"
    texts = Texts(
        en="this is a text document (DOCX): put the list into a spreadsheet, save it as XLSX, or as CSV, and bring "
        "that",
        et="see on tekstidokument (DOCX): pane loend tabeliprogrammi, salvesta XLSX-i või CSV-na ja too see",
        ru="это текстовый документ (DOCX): перенесите список в табличную программу, сохраните как XLSX или CSV и "
        "пришлите",
    )


class FileIsPresentation(FileUnreadable):
    """The file is a presentation."""

    code = "file.presentation"
    texts = Texts(
        en="this is a presentation: bring the list itself, as XLSX or CSV",
        et="see on esitlus: too loend ise, XLSX-i või CSV-na",
        ru="это презентация: пришлите сам список в XLSX или CSV",
    )


class FileIsNumbers(FileUnreadable):
    """The file is a Numbers document."""

    code = "file.numbers"
    texts = Texts(
        en="this is a Numbers document: export it as XLSX or CSV, and bring that",
        et="see on Numbersi dokument: ekspordi see XLSX-i või CSV-na ja too see",
        ru="это документ Numbers: экспортируйте его в XLSX или CSV и пришлите",
    )


class FileIsDatabase(FileUnreadable):
    """The file is a database."""

    code = "file.database"
    texts = Texts(
        en="this is a database: bring a table of it as CSV",
        et="see on andmebaas: too selle tabel CSV-na",
        ru="это база данных: пришлите её таблицу в CSV",
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


UNREADABLE: tuple[type[FileUnreadable], ...] = (
    *(one for one in FileUnreadable.__subclasses__()),
    *(one for one in FileTooLarge.__subclasses__()),
)
"""The refusals of every file that is read."""
UPLOADS: tuple[type[Refusal], ...] = (UploadTooLarge, DiskFull, TooManyFiles, *UNREADABLE)
"""The refusals of every upload."""
UNFIT: tuple[type[ReadingUnfit], ...] = tuple(ReadingUnfit.__subclasses__())
"""The refusals of a chosen way to read a file."""
