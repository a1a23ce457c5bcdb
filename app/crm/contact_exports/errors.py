"""What is refused of exports of contacts."""

from app.domain.errors import Refusal, Texts


class ContactsTooMany(Refusal):
    """There are more contacts than a workbook is made of."""

    code = "contact_export.too_many"
    texts = Texts(
        en="more than {most} contacts are too many for a workbook: export them as CSV, or choose fewer",
        et="üle {most} kontakti on töövihiku jaoks liiga palju: ekspordi need CSV-na või vali vähem",
        ru="для книги больше {most} контактов слишком много: выгрузите их в CSV или выберите меньше",
    )
    most: int


class ContactExportsBusy(Refusal):
    """Others' exports are being made."""

    code = "contact_export.busy"
    status = 429
    texts = Texts(
        en="{most} exports of contacts are being made now: try again in a moment",
        et="praegu tehakse {most} kontaktide eksporti: proovi hetke pärast uuesti",
        ru="сейчас готовится {most} выгрузки контактов: повторите чуть позже",
    )
    most: int
    retry_after_s: int
