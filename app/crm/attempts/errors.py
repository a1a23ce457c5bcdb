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


class CallbackOperatorUnknown(Refusal):
    """The user named to make a callback is not an operator."""

    code = "attempt.callback_operator_unknown"
    status = 422
    texts = Texts(
        en="there is no operator {operator} to call back: choose another, or let anybody call",
        et="operaatorit {operator}, kes tagasi helistaks, ei ole: vali teine või luba helistada kõigil",
        ru="оператора {operator}, который перезвонил бы, нет: выберите другого или разрешите звонить всем",
    )
    operator: int
