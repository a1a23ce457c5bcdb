"""What is refused of attempts."""

from app.domain.errors import Refusal, Texts


class AttemptUnknown(Refusal):
    """There is no such attempt, or the user may not see it."""

    code = "attempt.unknown"
    status = 404
    texts = Texts(
        en="there is no call {attempt} of a campaign for you; choose one from the list of calls",
        et="kampaania kõnet {attempt} sinu jaoks ei ole; vali kõne loendist",
        ru="звонка кампании {attempt} для вас нет; выберите звонок из списка",
    )
    attempt: str


class CallbackUntimed(Refusal):
    """A callback lacks the time the customer asked for, or that time is past."""

    code = "attempt.callback_untimed"
    status = 422
    texts = Texts(
        en="a callback needs the time the customer asked for, later than now: say when",
        et="tagasihelistamiseks on vaja aega, mida klient soovis, hilisemat kui praegu: märgi see",
        ru="для обратного звонка нужно время, о котором просил клиент, позже текущего: укажите его",
    )
