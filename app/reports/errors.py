"""What is refused of reports."""

from app.domain.errors import Refusal, Texts


class PeriodUnfit(Refusal, ValueError):
    """The period ends before it begins, or is longer than one report takes."""

    code = "report.period_unfit"
    status = 422
    texts = Texts(
        en="the period must end after it begins, and have at most {days} days",
        et="ajavahemik peab lõppema pärast algust ja olema kuni {days} päeva pikk",
        ru="период должен кончаться после начала и длиться не больше {days} дней",
    )
    days: int


class DayUnfit(Refusal):
    """The day is over, or too far ahead."""

    code = "report.day_unfit"
    status = 422
    texts = Texts(
        en="the day must be today or later, at most {days} days ahead",
        et="päev peab olema täna või hiljem, kuni {days} päeva pärast",
        ru="день должен быть сегодня или позже, не более чем через {days} дней",
    )
    days: int


class ZoneUnknown(Refusal, ValueError):
    """There is no such time zone."""

    code = "report.zone_unknown"
    status = 422
    texts = Texts(
        en="{zone} is not a time zone: name one such as Europe/Tallinn",
        et="{zone} ei ole ajavöönd: nimeta mõni nagu Europe/Tallinn",
        ru="{zone} — не часовой пояс: укажите, например, Europe/Tallinn",
    )
    zone: str


class NotToldApart(Refusal, ValueError):
    """This report does not tell its rows apart by that."""

    code = "report.not_told_apart"
    status = 422
    texts = Texts(
        en="this report cannot be told apart by {by}: choose another grouping",
        et="seda aruannet ei saa jaotada tunnuse {by} järgi: vali muu jaotus",
        ru="этот отчёт нельзя разделить по {by}: выберите другое деление",
    )
    by: str


class FigureUnknown(Refusal):
    """This report has no such figure, or it is a quotient, which has no rows of its own."""

    code = "report.figure_unknown"
    status = 404
    texts = Texts(
        en="this report has no rows for the figure {figure}: choose one of its plain figures",
        et="sellel aruandel ei ole näitaja {figure} ridu: vali mõni lihtnäitaja",
        ru="в этом отчёте нет строк для показателя {figure}: выберите простой показатель",
    )
    figure: str


class ReportTooLarge(Refusal):
    """The report has more groups or parts than one answer holds."""

    code = "report.too_large"
    texts = Texts(
        en="the report would have more than {most} lines: choose a shorter period or longer parts",
        et="aruandes oleks üle {most} rea: vali lühem ajavahemik või pikemad osad",
        ru="в отчёте было бы больше {most} строк: выберите короче период или длиннее части",
    )
    most: int


class ReportsBusy(Refusal):
    """Others' reports are being made."""

    code = "report.busy"
    status = 429
    texts = Texts(
        en="{most} reports are being made now: try again in a moment",
        et="praegu koostatakse {most} aruannet: proovi hetke pärast uuesti",
        ru="сейчас составляются {most} отчёта: повторите чуть позже",
    )
    most: int
    retry_after_s: int
