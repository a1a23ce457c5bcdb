"""What is refused about files that cannot be read as lists: too large, broken, locked, or of another kind."""

from app.domain.errors import Refusal, Texts


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


UNREADABLE: tuple[type[FileUnreadable], ...] = (
    *(one for one in FileUnreadable.__subclasses__()),
    *(one for one in FileTooLarge.__subclasses__()),
)
"""The refusals of every file that is read."""
