"""What is refused of dispositions."""

from app.domain.errors import Refusal, Texts


class DispositionUnknown(Refusal):
    """There is no such disposition."""

    code = "disposition.unknown"
    status = 404
    texts = Texts(
        en="there is no disposition {disposition}; choose one from the list of dispositions",
        et="kõne tulemust {disposition} ei ole; vali tulemus loendist",
        ru="результата звонка {disposition} нет; выберите результат из списка",
    )
    disposition: int


class DispositionTaken(Refusal):
    """The campaign, or the list common to all campaigns, already has a disposition with this code."""

    code = "disposition.taken"
    texts = Texts(
        en="there is a disposition with the code {disposition} already: give it another code",
        et="kõne tulemus koodiga {disposition} on juba olemas: anna teine kood",
        ru="результат звонка с кодом {disposition} уже есть: дайте другой код",
    )
    disposition: str


class DispositionNotOffered(Refusal):
    """The campaign offers no disposition with this code."""

    code = "disposition.not_offered"
    status = 422
    texts = Texts(
        en="the campaign has no disposition {disposition}; choose one of those it offers",
        et="kampaanias ei ole kõne tulemust {disposition}; vali mõni, mida kampaania pakub",
        ru="в кампании нет результата звонка {disposition}; выберите один из предложенных",
    )
    disposition: str
