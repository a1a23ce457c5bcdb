"""What the floor refuses: a request that does not fit it as it is. Each is raised before anything is changed."""

from app.domain.errors import NotPossible, Refusal, Texts


class NoWrapUp(Refusal, NotPossible):
    """A wrap-up is to end, and the operator is in none."""

    code = "operator.no_wrap_up"
    texts = Texts(
        en="there is no wrap-up to end",
        et="järeltööd, mida lõpetada, ei ole",
        ru="поствызывной обработки, которую можно завершить, нет",
    )


class DispositionOwed(Refusal, NotPossible):
    """A wrap-up is to end before the call's disposition is set."""

    code = "operator.disposition_owed"
    texts = Texts(
        en="say first what the call came to",
        et="öelge enne, millega kõne lõppes",
        ru="сначала укажите, чем закончился звонок",
    )


class EndpointTaken(Refusal, NotPossible):
    """The phone is another operator's."""

    code = "operator.endpoint_taken"
    texts = Texts(
        en="endpoint {endpoint} is another operator's",
        et="telefon {endpoint} on teise operaatori oma",
        ru="телефон {endpoint} принадлежит другому оператору",
    )
    endpoint: str


class EndpointInCall(Refusal, NotPossible):
    """The operator's phone is to be another, during a call."""

    code = "operator.endpoint_in_call"
    texts = Texts(
        en="the phone cannot be changed during a call",
        et="kõne ajal ei saa telefoni vahetada",
        ru="во время звонка телефон сменить нельзя",
    )


class OperatorInCall(Refusal, NotPossible):
    """The operator is in a call, and cannot leave before its end."""

    code = "operator.in_call"
    texts = Texts(
        en="the operator is in a call: wait for its end",
        et="operaator on kõnes: oodake kõne lõppu",
        ru="оператор разговаривает: дождитесь конца звонка",
    )


class OperatorNotOnFloor(Refusal, NotPossible):
    """There is no such operator among those who work."""

    code = "operator.not_on_floor"
    texts = Texts(
        en="there is no operator {operator} on the floor",
        et="operaatorit {operator} tööl ei ole",
        ru="оператора {operator} на линии нет",
    )
    operator: int


class QueueNotOnFloor(Refusal, NotPossible):
    """There is no such queue among those that are served."""

    code = "queue.not_on_floor"
    texts = Texts(
        en="there is no queue {queue} on the floor",
        et="järjekorda {queue} ei teenindata",
        ru="очередь {queue} не обслуживается",
    )
    queue: str


class CallersWait(Refusal, NotPossible):
    """Callers wait in a queue that is to go."""

    code = "queue.callers_wait"
    texts = Texts(
        en="callers wait in the queue {queue}: wait until they are served",
        et="järjekorras {queue} ootavad helistajad: oodake, kuni nad on teenindatud",
        ru="в очереди {queue} ждут звонящие: дождитесь, пока их обслужат",
    )
    queue: str


class CallOver(Refusal, NotPossible):
    """The call has ended."""

    code = "call.over"
    texts = Texts(
        en="the call is over",
        et="kõne on lõppenud",
        ru="звонок завершён",
    )
